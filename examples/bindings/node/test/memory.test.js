'use strict'

// How hosts behaved: what is reported changes the order of equals, and is
// kept.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { test } = require('node:test')
const { Cache, Memory, Zone, select } = require('..')

const zone = new Zone({ text: `
$ORIGIN mail.test.
$TTL 60
@ SOA ns hostmaster 1 2 3 4 60
@ NS ns
equal MX 10 h1
equal MX 10 h2
equal MX 10 h3
h1 A 192.0.2.1
h2 A 192.0.2.2
h3 A 192.0.2.3
` })

// Which hosts came last, with so many seeds.
function last(memory, seeds) {
  const hosts = new Set()
  for (let seed = 0; seed < seeds; seed++) {
    const selection = select('equal.mail.test',
      { resolver: zone, memory, seed })
    hosts.add([...selection].at(-1).host)
  }
  return [...hosts]
}

test('a host that was reported goes behind its equals', () => {
  const memory = new Memory({ bytes: 1 << 20, explore: 0, halfLife: 3600 })
  assert.equal(last(memory, 30).length, 3)
  const selection = select('equal.mail.test', { resolver: zone, memory })
  for (const attempt of selection) {
    if (attempt.host === 'h2.mail.test') attempt.report('refused')
    else attempt.report('rcpt', 450)
  }
  assert.deepEqual(last(memory, 9), ['h2.mail.test'])
  memory.forget('h2.mail.test')
  memory.forget('192.0.2.2')
  assert.equal(last(memory, 30).length, 3)
  memory.close()
})

test('what is known are values, and a file keeps them', (t) => {
  const memory = new Memory({ bytes: 1 << 20 })
  memory.report({ host: 'MX1.mail.test', outcome: 'refused' })
  memory.report({ host: 'mx1.mail.test', address: '192.0.2.1',
    outcome: 'rcpt', code: 550, text: '5.7.1 No.' })
  const { age, ...host } = memory.get('mx1.mail.test')
  assert.ok(age < 60000)
  assert.deepEqual(host, { kind: 'host', name: 'mx1.mail.test', port: 25,
    score: 0, outcomes: ['rcpt', 'refused'], code: 550, works: 0, turn: 6,
    doubt: [4], again: '' })
  assert.equal(memory.get('mx1.mail.test', 587), undefined)
  assert.equal(memory.statistic('reports'), 2)

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'memory-'))
  t.after(() => fs.rmSync(folder, { recursive: true }))
  memory.save(path.join(folder, 'file'))
  const again = new Memory()
  again.load(path.join(folder, 'file'))
  assert.deepEqual([...again].map((entry) => entry.name).sort(),
    ['192.0.2.1', 'mx1.mail.test'])
  again.forgetAll()
  assert.deepEqual([...again.entries()], [])
})

test('nothing is cleared by accident', () => {
  const memory = new Memory()
  memory.report({ host: 'mx1.mail.test', outcome: 'refused' })
  for (const wrong of [undefined, null, 5]) {
    assert.throws(() => memory.forget(wrong), TypeError)
    assert.throws(() => new Cache().forget(wrong), TypeError)
  }
  assert.throws(() => memory.forget(''), { code: 'MXSEL_ESYNTAX' })
  assert.equal([...memory].length, 1)
  memory.forgetAll()
  assert.equal([...memory].length, 0)
})

test('a file that fails says why', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'memory-'))
  t.after(() => fs.rmSync(folder, { recursive: true }))
  const missing = path.join(folder, 'missing')
  const memory = new Memory()
  assert.throws(() => memory.load(missing), (error) => {
    assert.equal(error.code, 'MXSEL_EFILE')
    assert.equal(error.path, missing)
    assert.equal(error.errno, -os.constants.errno.ENOENT)
    assert.equal(error.cause.code, 'ENOENT')
    assert.match(error.message, /missing: the file is .* \(ENOENT\)$/)
    return true
  })
  assert.throws(() => memory.save(folder),
    { errno: -os.constants.errno.EISDIR })
})

const program = path.join(process.env.MXSEL_BUILDDIR ?? '', 'mxsel')

test('a file is shown by the program', {
  skip: !process.env.MXSEL_BUILDDIR,
}, (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'memory-'))
  t.after(() => fs.rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'memory')
  const memory = new Memory()
  memory.report({ host: 'mx1.mail.test', outcome: 'refused' })
  memory.save(file)
  assert.match(execFileSync(program, ['memory', file], { encoding: 'utf8' }),
    /mx1\.mail\.test/)
})

test('what a memory does not take is said', () => {
  const memory = new Memory()
  assert.throws(() => new Memory({ bytes: 1 }), { code: 'MXSEL_ERANGE' })
  assert.throws(() => new Memory({ entries: 1 }), RangeError)
  assert.throws(() => memory.report({ outcome: 'refused' }),
    { code: 'MXSEL_EUSAGE' })
  assert.throws(() => memory.report({ host: '..', outcome: 'refused' }),
    { code: 'MXSEL_ESYNTAX' })
  assert.throws(() => memory.report({ host: 'a.test', outcome: 'lst' }),
    RangeError)
  assert.throws(() => memory.statistic('half_life'), RangeError)
})
