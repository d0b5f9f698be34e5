// The types of index.js, for TypeScript and for editors. Comments are beside
// the code, in lib/.

/// <reference types="node" />

export type Outcome = 'delivered' | 'refused' | 'timeout' | 'greeting' |
  'ehlo' | 'tls' | 'policy' | 'mail' | 'rcpt' | 'data' | 'lost' |
  'own_name' | 'requiretls'

export type RecordType = 'MX' | 'A' | 'AAAA' | 'CNAME' | 'TLSA'

export type End = 'complete' | 'nxdomain' | 'servfail' | 'refused' |
  'formerr' | 'notimp' | 'rcode' | 'timeout' | 'truncated' | 'malformed' |
  'network' | 'referral'

export type Security = 'indeterminate' | 'insecure' | 'secure' | 'bogus'

export type DnsRecord = string | Uint8Array |
  { preference: number, exchange: string, ttl?: number } |
  { priority: number, exchange: string, ttl?: number } |
  { address: string | Uint8Array, ttl?: number } |
  { target: string, ttl?: number } |
  { usage: number, selector: number, matching: number, data: Uint8Array,
    ttl?: number }

export type Answer = Uint8Array | DnsRecord[] | {
  records?: DnsRecord[]
  aliases?: { target: string, ttl?: number }[]
  ttl?: number
  negativeTtl?: number
  end?: End
  security?: Security
}

export type ResolveFunction =
  (name: string, type: RecordType) => Answer | Promise<Answer>

export type Resolver = Zone | Dns | ResolveFunction |
  { resolve: ResolveFunction }

export interface Settings {
  resolver?: Resolver
  cache?: Cache
  memory?: Memory
  seed?: number | bigint | string
  selfNames?: string | string[]
  selfAddresses?: string | string[]
  interfaces?: boolean
  allowNetworks?: string | string[]
  nat64?: string | string[]
  refuseExchanges?: { pattern: string, code?: number, status?: string,
    text?: string }[]
  idn?: boolean
  /** Every integer of mxsel_options_set(): maxHosts or max_hosts. */
  [option: string]: unknown
}

export interface SelectSettings extends Settings {
  tls?: 'by_policy' | 'required' | 'optional'
  sts?: StsPolicy
  /** Seconds, for sts. */
  now?: number
}

declare class Handle {
  readonly closed: boolean
  close(): void
}

export class Options extends Handle {
  constructor(settings?: Settings)
  static readonly names: string[]
  readonly resolver: Resolver | undefined
  get(option: string): number | string
}

export class Cache extends Handle {
  constructor(settings?: { bytes?: number, maxTtl?: number,
    maxNegativeTtl?: number, failureTtl?: number, stale?: number })
  statistic(name: 'hits' | 'misses' | 'stale_hits' | 'stored' | 'evicted' |
    'names' | 'bytes'): number
  forget(name: string): void
  forgetAll(): void
}

export interface MemoryEntry {
  kind: 'host' | 'address'
  name: string
  port: number
  /** Of failures, 0 to 4, now. */
  score: number
  /** Milliseconds since the last outcome. */
  age: number
  /** The newest first. */
  outcomes: Outcome[]
  code: number
  works: 0 | 4 | 6
  turn: 0 | 4 | 6
  doubt: (4 | 6)[]
  again: string
}

export class Memory extends Handle implements Iterable<MemoryEntry> {
  constructor(settings?: { bytes?: number, halfLife?: number,
    explore?: number, keep?: number, readOnly?: boolean })
  report(attempt: { host?: string, address?: string, port?: number,
    outcome: Outcome, code?: number, text?: string }): void
  get(name: string, port?: number): MemoryEntry | undefined
  entries(): Generator<MemoryEntry>
  [Symbol.iterator](): Iterator<MemoryEntry>
  forget(name: string): void
  forgetAll(): void
  save(path: string): void
  load(path: string): void
  statistic(name: 'entries' | 'bytes' | 'reports' | 'evicted' | 'behind' |
    'probes' | 'asked' | 'unanswered'): number
}

export class Zone extends Handle {
  constructor(source: string | string[] | { text: string })
}

export class Dns extends Handle {
  constructor(settings?: { servers?: string | string[], resolvConf?: string,
    queryTime?: number, inFlight?: number, mixCase?: boolean,
    trustAd?: boolean | number })
  readonly count: number
  statistic(name: 'sent_udp' | 'sent_tcp' | 'mismatched' | 'malformed' |
    'timeouts' | 'truncated' | 'coalesced' | 'sockets' | 'connected'): number
}

export class StsPolicy extends Handle {
  constructor(domain: string, body: string | Uint8Array, fetched?: number)
  readonly mode: 'none' | 'testing' | 'enforce'
  readonly maxAge: number
  matches(host: string): boolean
}

export class Attempt {
  readonly host: string
  readonly canonical: string
  readonly preference: number
  readonly rank: number
  readonly source: 'mx' | 'implicit' | 'literal' | 'static'
  readonly address: string
  readonly family: 0 | 4 | 6
  readonly port: number
  readonly secure: boolean
  readonly incomplete: boolean
  readonly posture: 'opportunistic' | 'encrypt' | 'pkix' | 'dane'
  readonly postureReason: string
  readonly tlsName: string
  readonly tlsIdentities: string[]
  readonly dane: 'none' | 'records' | 'unusable'
  readonly tlsa: { usage: number, selector: number, matching: number,
    data: Buffer }[]
  report(outcome: Outcome, code?: number, text?: string): void
}

export interface Verdict {
  action: 'try' | 'delivered' | 'defer' | 'bounce'
  reason: string
  code: number
  status: string
  text: string
  reply: string
  host: string
}

export class Selection extends Handle
  implements Iterable<Attempt>, AsyncIterable<Attempt> {
  constructor(destination: string | Uint8Array,
    options?: Options | SelectSettings)
  static resume(bytes: Uint8Array, options?: Options | SelectSettings):
    Selection
  readonly destination: string
  readonly attempt: Attempt | null
  nextNow(): Attempt | null
  next(): Promise<Attempt | null>
  [Symbol.iterator](): Iterator<Attempt>
  [Symbol.asyncIterator](): AsyncIterator<Attempt>
  rewind(): void
  report(outcome: Outcome, code?: number, text?: string | null): void
  reportTls(result: string): void
  setTls(tls: 'by_policy' | 'required' | 'optional'): void
  setSts(policy: StsPolicy | null, now?: number): void
  readonly verdict: Verdict
  readonly rejected: { reason: string, preference: number, subject: string,
    rule: string }[]
  readonly trace: { event: string, subject: string, detail: string,
    rule: string }[]
  readonly flags: string[]
  readonly source: 'none' | 'mx' | 'implicit' | 'literal' | 'static'
  readonly domain: string
  readonly originalDomain: string
  readonly secure: boolean
  readonly ttl: number
  readonly queryCount: number
  readonly seed: bigint
  save(): Buffer
}

export class MxselError extends Error {
  readonly code: string
  readonly number: number
  /** Of a file of a memory that fails, as Node has them. */
  readonly errno?: number
  readonly path?: string
  readonly cause?: Error & { code: string, errno: number, path: string }
}

export function select(destination: string | Uint8Array,
  options?: Options | SelectSettings): Selection

export const version: string
