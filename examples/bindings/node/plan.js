#!/usr/bin/env node
'use strict'

// Delivery plans, one line per step, for the destinations on standard input:
//
//   plan.js (--zone FILE... | --records FILE | --server ADDRESS@PORT)
//           [--seed N] [--outcome NAME] [--code N]
//
// The same program exists for each language; all print the same.

const fs = require('node:fs')
const { parseArgs } = require('node:util')
const { Dns, Options, Zone, select } = require('.')

const ENDS = new Set(['nxdomain', 'servfail', 'refused', 'timeout',
  'truncated'])
const REPLIES = new Set(['greeting', 'ehlo', 'mail', 'rcpt', 'data'])

/** A resolver that knows lines "NAME TYPE TTL DATA" and "NAME TYPE ! END". */
function resolver_of(text) {
  const names = new Map()
  for (const line of text.split('\n')) {
    const [name, type, ttl, ...data] = line.trim().split(/\s+/)
    if (!name || name.startsWith('#')) continue
    if (!names.has(name)) names.set(name, { ends: {}, records: [] })
    const known = names.get(name)
    if (ttl === '!') known.ends[type] = data[0]
    else known.records.push({ type, ttl: Number(ttl), data })
  }
  return (name, type) => {
    const known = names.get(name)
    if (!known) return { end: 'nxdomain', negativeTtl: 300 }
    const end = known.ends[type] ?? known.ends['*']
    if (end) {
      if (!ENDS.has(end)) throw new Error(`${name}: no such end: ${end}`)
      return end === 'nxdomain' ? { end, negativeTtl: 300 } : { end }
    }
    const alias = known.records.find((record) => record.type === 'CNAME')
    if (alias) return { aliases: [{ target: alias.data[0], ttl: alias.ttl }] }
    const records = known.records.filter((record) => record.type === type)
      .map(({ ttl, data }) => type === 'MX'
        ? { preference: Number(data[0]), exchange: data[1], ttl }
        : { address: data[0], ttl })
    return records.length ? records : { negativeTtl: 300 }
  }
}

async function plan(destination, options, { outcome, reply }) {
  const lines = [[]]
  const selection = select(destination, options)
  for await (const attempt of selection) {
    const { preference, host, address, port, posture } = attempt
    lines.push(['attempt', preference, host, address, port, posture])
    attempt.report(outcome, reply)
  }
  for (const { reason, preference, subject } of selection.rejected) {
    lines.push(['rejected', reason, preference, subject])
  }
  const { action, reason, code, status, text } = selection.verdict
  lines.push(['verdict', action, reason, code, status, text])
  selection.close()
  const steps = lines.map((line) => line.join('\t')).join('\n')
  return Buffer.concat([Buffer.from('destination\t'), destination,
    Buffer.from(`${steps}\n`)])
}

/** The lines of standard input as octets: they may be no text at all. */
function destinations() {
  const input = fs.readFileSync(0)
  const lines = []
  for (let at = 0; at < input.length;) {
    const end = input.indexOf(10, at)
    lines.push(input.subarray(at, end < 0 ? input.length : end))
    at = end < 0 ? input.length : end + 1
  }
  return lines
}

function usage() {
  process.stderr.write('usage: plan.js (--zone FILE... | --records FILE | ' +
    '--server ADDRESS@PORT)\n       [--seed N] [--outcome NAME] ' +
    '[--code N]\n')
  process.exit(64)
}

function read_arguments() {
  try {
    const { values } = parseArgs({ options: {
      zone: { type: 'string', multiple: true },
      records: { type: 'string' },
      server: { type: 'string' },
      seed: { type: 'string' },
      outcome: { type: 'string', default: 'refused' },
      code: { type: 'string' },
    } })
    const { zone, records, server } = values
    if ([zone, records, server].filter(Boolean).length !== 1) usage()
    return values
  } catch {
    return usage()
  }
}

function resolver_for({ zone, records, server }) {
  if (zone) return new Zone(zone)
  if (server) return new Dns({ servers: server })
  return resolver_of(fs.readFileSync(records, 'utf8'))
}

async function main() {
  const given = read_arguments()
  const resolver = resolver_for(given)
  const options = new Options({ resolver, seed: given.seed })
  const { outcome } = given
  const reply = Number(given.code ?? (REPLIES.has(outcome) ? 450 : 0))
  const plans = await Promise.all(destinations().map((destination) =>
    plan(destination, options, { outcome, reply })))
  for (const one of plans) process.stdout.write(one)
}

main().catch((error) => {
  process.stderr.write(`plan: ${error.message}\n`)
  process.exitCode = 1
})
