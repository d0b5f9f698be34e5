'use strict'

// One destination: its attempts as an iterator, what became of them, the
// verdict. Works for any kind of resolver; those are in the files beside.

const { Answers } = require('./answers')
const { Dns } = require('./dns')
const { Handle, pointer_of } = require('./handle')
const { C, MxselError, c_string, check, core, koffi, names,
  number_of, octets, snake } =
  require('./native')
const { Options } = require('./options')

// Results of TLS reports (RFC 8460, 4.3) by name; the library has no name for
// the first.
const tls_results = new Map([['success', C.MXSEL_TLSRPT_SUCCESS],
  ...[...names(core.mxsel_tlsrpt_result_name, 1)]
    .map(([number, name]) => [snake(name), number])])

let system

// The servers of /etc/resolv.conf, one engine for all.
function system_dns() {
  system ??= new Dns()
  return system
}

function asker(resolver) {
  if (resolver === undefined || resolver === null) return system_dns()
  if (typeof resolver === 'function') return new Answers(resolver)
  if (typeof resolver.resolve === 'function') {
    return new Answers((name, type) => resolver.resolve(name, type))
  }
  if (typeof resolver.nextLater === 'function') return resolver
  throw new TypeError('a resolver is a Zone, a Dns, or a function')
}

function tlsa(pointer) {
  const all = []
  for (let i = 0; i < Number(core.mxsel_tlsa_count(pointer)); i++) {
    const [usage, selector, matching] = [[0], [0], [0]]
    const [data, length] = [[null], [0]]
    check(core.mxsel_tlsa(pointer, i, usage, selector, matching, data,
      length))
    const bytes = koffi.decode(data[0], 'uint8_t', Number(length[0]))
    all.push({ usage: usage[0], selector: selector[0],
      matching: matching[0], data: Buffer.from(bytes) })
  }
  return all
}

function identities(pointer) {
  const all = []
  for (let i = 0; ; i++) {
    const name = core.mxsel_tls_identity(pointer, i)
    if (name === null) return all
    all.push(name)
  }
}

/** An address to try, and how: all that is known of it, copied. */
class Attempt {
  #selection

  constructor(selection) {
    const { pointer } = selection
    this.#selection = selection
    this.host = core.mxsel_host_name(pointer)
    this.canonical = core.mxsel_host_canonical(pointer)
    this.preference = core.mxsel_host_preference(pointer)
    this.rank = core.mxsel_host_rank(pointer)
    this.source = core.mxsel_source_name(core.mxsel_host_source(pointer))
    this.address = core.mxsel_address(pointer)
    this.family = this.address.includes(':') ? 6 : this.address ? 4 : 0
    this.port = core.mxsel_port(pointer)
    this.secure = core.mxsel_address_is_secure(pointer) === 1
    this.incomplete = core.mxsel_host_is_incomplete(pointer) === 1
    this.posture = core.mxsel_posture_name(core.mxsel_posture(pointer))
    this.postureReason =
      core.mxsel_posture_reason_name(core.mxsel_posture_reason(pointer))
    this.tlsName = core.mxsel_tls_name(pointer)
    this.tlsIdentities = identities(pointer)
    this.dane = core.mxsel_dane_name(core.mxsel_dane(pointer))
    this.tlsa = tlsa(pointer)
  }

  /** Selection.report() of this attempt, while it is the one reached. */
  report(outcome, code, text) {
    if (this.#selection.attempt !== this) {
      throw new MxselError(C.MXSEL_EUSAGE, 'the selection has gone on')
    }
    this.#selection.report(outcome, code, text)
  }
}

class Selection extends Handle {
  #asker
  #stepping = false
  /** The Attempt reached; null before the first and after the last. */
  attempt = null
  /** The destination, as it was given. */
  destination

  /**
   * @param {string|Uint8Array} destination domain, mailbox or next hop
   * @param {Options|object} [options] settings; an object may also have
   *   tls and sts, as setTls() and setSts() take them
   * @param {Uint8Array} [resumed] see resume()
   */
  constructor(destination, options = {}, resumed = null) {
    const own = !(options instanceof Options)
    const { tls, sts, now, ...settings } = own ? options : {}
    if (!resumed && typeof destination !== 'string' &&
        !(destination instanceof Uint8Array)) {
      throw new TypeError(`no destination: ${destination}`)
    }
    const set = own ? new Options(settings) : options
    const out = [null]
    try {
      if (resumed) {
        check(core.mxsel_resume(out, octets(resumed), resumed.length,
          set.pointer), 'resume')
      } else {
        check(core.mxsel_new_bytes(out, octets(destination),
          Buffer.byteLength(destination), set.pointer), 'select')
      }
      super(out[0], core.mxsel_free)
    } finally {
      // The selection keeps the library's part of them.
      if (own) set.close()
    }
    this.#asker = asker(set.resolver)
    this.destination = resumed
      ? core.mxsel_destination(this.pointer) : String(destination)
    if (tls !== undefined) this.setTls(tls)
    if (sts !== undefined) this.setSts(sts, now)
    if (resumed && core.mxsel_host_name(this.pointer) !== null) {
      this.attempt = new Attempt(this)
    }
  }

  /** Go on with what save() gave, after a restart, say. */
  static resume(bytes, options) {
    // Nothing is no selection, least of all one that bounces.
    if (!(bytes instanceof Uint8Array)) {
      throw new TypeError('resume() wants what save() gave')
    }
    return new Selection('', options, bytes)
  }

  // ------------------------------------------------------------- iteration

  // Each step throws when another one is not over yet.
  #begin() {
    if (this.#stepping) {
      throw new MxselError(C.MXSEL_EUSAGE, 'two loops at a time')
    }
    void this.pointer
    this.#stepping = true
    this.attempt = null
  }

  #end(rc) {
    if (rc === C.MXSEL_ATTEMPT) this.attempt = new Attempt(this)
    return this.attempt
  }

  /** The next attempt, or null at the end; for resolvers that answer now. */
  nextNow() {
    this.#begin()
    try {
      return this.#end(this.#asker.nextNow(this))
    } finally {
      this.#stepping = false
    }
  }

  /** A promise of the next attempt, or of null at the end. */
  async next() {
    this.#begin()
    try {
      return this.#end(await this.#asker.nextLater(this))
    } catch (error) {
      if (!this.closed) throw error
      throw new MxselError(C.MXSEL_ECANCELED, 'Selection is closed')
    } finally {
      this.#stepping = false
    }
  }

  // A loop that was left can be gone on with by another.

  * [Symbol.iterator]() {
    for (;;) {
      const attempt = this.nextNow()
      if (!attempt) return
      yield attempt
    }
  }

  async * [Symbol.asyncIterator]() {
    for (;;) {
      const attempt = await this.next()
      if (!attempt) return
      yield attempt
    }
  }

  /** Back to before the first attempt: same order, reports forgotten. */
  rewind() {
    check(core.mxsel_rewind(this.pointer), 'rewind')
    this.attempt = null
  }

  // --------------------------------------------------------------- reports

  /**
   * What became of the attempt reached.
   * @param {string} outcome 'delivered', 'refused', 'timeout', 'greeting',
   *   'ehlo', 'tls', 'policy', 'mail', 'rcpt', 'data', 'lost', 'own_name',
   *   'requiretls'
   * @param {number} [code] of the reply
   * @param {string} [text] of the reply
   */
  report(outcome, code = 0, text = null) {
    check(core.mxsel_report(this.pointer, number_of('OUTCOME', outcome), code,
      text), `report ${outcome} ${code}`)
  }

  /** What TLS came to there: 'success', 'starttls_not_supported', ... */
  reportTls(result) {
    const number = tls_results.get(snake(result))
    if (number === undefined) throw new RangeError(`no result "${result}"`)
    check(core.mxsel_report_tls(this.pointer, number), `reportTls ${result}`)
  }

  /** What the message asks of TLS: 'by_policy', 'required', 'optional'. */
  setTls(tls) {
    check(core.mxsel_set_tls(this.pointer, number_of('TLS', tls)), 'setTls')
  }

  /** Let an StsPolicy rule; now in seconds, as when it was fetched. */
  setSts(policy, now = Math.floor(Date.now() / 1000)) {
    const pointer = policy === null ? null : pointer_of(policy, StsPolicy)
    check(core.mxsel_set_sts(this.pointer, pointer, now), 'setSts')
  }

  // ----------------------------------------------------------- what is known

  /** What to do with the mail, and with which words. */
  get verdict() {
    const { pointer } = this
    return {
      action: core.mxsel_action_name(core.mxsel_verdict_action(pointer)),
      reason: core.mxsel_reason_name(core.mxsel_verdict_reason(pointer)),
      code: core.mxsel_verdict_code(pointer),
      status: core.mxsel_verdict_status(pointer),
      text: core.mxsel_verdict_text(pointer),
      reply: core.mxsel_verdict_reply(pointer),
      host: core.mxsel_verdict_host(pointer),
    }
  }

  /** Hosts and addresses that are not used, and why. */
  get rejected() {
    const count = Number(core.mxsel_rejected_count(this.pointer))
    return Array.from({ length: count }, (_, index) => {
      const [reason, preference, subject] = [[0], [0], [null]]
      check(core.mxsel_rejected(this.pointer, index, reason, preference,
        subject))
      return { reason: core.mxsel_reject_name(reason[0]),
        preference: preference[0], subject: subject[0],
        rule: core.mxsel_reject_rule(reason[0]) }
    })
  }

  /** Every decision, with the option `trace`. */
  get trace() {
    const count = Number(core.mxsel_trace_count(this.pointer))
    return Array.from({ length: count }, (_, index) => {
      const [code, subject, detail, rule] = [[0], [null], [null], [null]]
      check(core.mxsel_trace_event(this.pointer, index, code, subject,
        detail, rule))
      return { event: core.mxsel_trace_name(code[0]), subject: subject[0],
        detail: detail[0], rule: rule[0] }
    })
  }

  /** What was unusual: ['self', 'limited']. */
  get flags() {
    const bits = core.mxsel_flags(this.pointer)
    return Array.from({ length: 32 }, (_, bit) => 2 ** bit)
      .filter((bit) => (bits & bit) !== 0)
      .map((bit) => core.mxsel_flag_name(bit))
  }

  /** Where the hosts come from: 'mx', 'implicit', 'literal', 'static'. */
  get source() {
    return core.mxsel_source_name(core.mxsel_source(this.pointer))
  }

  get domain() {
    return core.mxsel_domain(this.pointer)
  }

  get originalDomain() {
    return core.mxsel_original_domain(this.pointer)
  }

  /** Did a DNSSEC-secure answer name the hosts? */
  get secure() {
    return core.mxsel_is_secure(this.pointer) === 1
  }

  /** Seconds for which all this may be kept. */
  get ttl() {
    return core.mxsel_ttl(this.pointer)
  }

  get queryCount() {
    return Number(core.mxsel_query_count(this.pointer))
  }

  /** To get the same order again: a BigInt, for the option `seed`. */
  get seed() {
    const out = [0]
    check(core.mxsel_seed(this.pointer, out), 'seed')
    return BigInt(out[0])
  }

  // ---------------------------------------------------------- save, and end

  /** @returns {Buffer} for Selection.resume() */
  save() {
    const size = [0]
    let rc = core.mxsel_save(this.pointer, null, size)
    if (rc !== C.MXSEL_ESPACE) check(rc, 'save')
    const bytes = Buffer.alloc(Number(size[0]))
    rc = core.mxsel_save(this.pointer, bytes, size)
    check(rc, 'save')
    return bytes
  }

  close() {
    if (this.closed) return
    this.#asker.abandon?.(this)
    this.attempt = null
    super.close()
  }
}

/** Begin a selection: iterate it, and read its verdict. */
function select(destination, options) {
  return new Selection(destination, options)
}

/** An MTA-STS policy, as it was fetched (RFC 8461). */
class StsPolicy extends Handle {
  /** @param {number} [fetched] when, in seconds */
  constructor(domain, body, fetched = Math.floor(Date.now() / 1000)) {
    const out = [null]
    check(core.mxsel_sts_new(out, c_string(domain, 'domain'), octets(body),
      Buffer.byteLength(body), fetched), `MTA-STS policy of ${domain}`)
    super(out[0], core.mxsel_sts_free)
  }

  get mode() {
    return core.mxsel_sts_mode_name(core.mxsel_sts_mode(this.pointer))
  }

  get maxAge() {
    return core.mxsel_sts_max_age(this.pointer)
  }

  matches(host) {
    return core.mxsel_sts_matches(this.pointer, c_string(host, 'host')) === 1
  }
}

module.exports = { Attempt, Selection, StsPolicy, select }
