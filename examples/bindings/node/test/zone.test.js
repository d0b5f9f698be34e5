'use strict'

// Mail and its hosts from a zone: what a selection says, and what it follows
// from what it is told.

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { Cache, Memory, MxselError, Options, Selection, StsPolicy, Zone, select,
  version } = require('..')

const zone = new Zone({ text: `
$ORIGIN mail.test.
$TTL 60
@ SOA ns hostmaster 1 2 3 4 60
@ NS ns
two MX 10 h1
two MX 20 h2
equal MX 10 h1
equal MX 10 h2
equal MX 10 h3
both MX 10 both
nullmx MX 0 .
backup MX 10 h1
backup MX 20 mx.here.test.
backup MX 30 h2
loop MX 10 mx.here.test.
implicit A 192.0.2.9
h1 A 192.0.2.1
h2 A 192.0.2.2
h3 A 192.0.2.3
both A 192.0.2.4
both AAAA 2001:db8::4
` })

function of(domain, settings = {}) {
  return select(`${domain}.mail.test`, { resolver: zone, ...settings })
}

test('the version is that of the library', () => {
  assert.equal(version, require('../package.json').version)
})

test('hosts come in the order of their preferences', () => {
  const selection = of('two')
  const seen = [...selection].map((attempt) =>
    `${attempt.preference} ${attempt.host} [${attempt.address}]`)
  assert.deepEqual(seen,
    ['10 h1.mail.test [192.0.2.1]', '20 h2.mail.test [192.0.2.2]'])
  assert.equal(selection.source, 'mx')
  assert.equal(selection.ttl, 60)
  assert.equal(selection.domain, 'two.mail.test')
  assert.equal(selection.queryCount, 5)
})

test('the same with "for await"', async () => {
  const seen = []
  for await (const attempt of of('two')) seen.push(attempt.address)
  assert.deepEqual(seen, ['192.0.2.1', '192.0.2.2'])
})

test('one seed gives one order, others give others', () => {
  const order = (seed) => [...of('equal', { seed })]
    .map((attempt) => attempt.host[1]).join('')
  const seen = new Set()
  for (let seed = 0; seed < 60; seed++) {
    seen.add(order(seed))
    assert.equal(order(seed), order(seed))
  }
  assert.equal(seen.size, 6)
  const drawn = of('equal')
  const first = [...drawn].map((attempt) => attempt.host[1]).join('')
  assert.equal(order(drawn.seed), first)
})

test('a report decides where to go on', () => {
  const selection = of('two')
  for (const attempt of selection) {
    attempt.report(attempt.host.startsWith('h1') ? 'refused' : 'delivered')
  }
  assert.equal(selection.verdict.action, 'delivered')
  assert.equal(selection.verdict.host, 'h2.mail.test')

  const final = of('two')
  let attempts = 0
  for (const attempt of final) {
    attempts++
    attempt.report('rcpt', 550, '5.1.1 No such user')
  }
  assert.equal(attempts, 1)
  assert.deepEqual(final.verdict, { action: 'bounce', reason: 'reply',
    code: 550, status: '5.1.1', host: 'h1.mail.test',
    text: final.verdict.text, reply: '5.1.1 No such user' })
})

test('null MX bounces with 556 5.1.10', () => {
  const selection = of('nullmx')
  assert.deepEqual([...selection], [])
  const { action, reason, code, status } = selection.verdict
  assert.deepEqual([action, reason, code, status],
    ['bounce', 'null_mx', 556, '5.1.10'])
})

test('our own name cuts off what is not better', () => {
  const settings = { selfNames: ['mx.here.test'] }
  const selection = of('backup', settings)
  assert.deepEqual([...selection].map((one) => one.address), ['192.0.2.1'])
  assert.deepEqual(selection.rejected.map((one) => one.reason),
    ['self', 'behind_self'])
  assert.equal(selection.rejected[0].rule, 'RFC 5321 5.1')
  assert.deepEqual(selection.flags, ['self'])
  const loop = of('loop', { selfNames: 'mx.here.test' })
  assert.deepEqual([...loop], [])
  assert.equal(loop.verdict.status, '5.4.6')
})

test('settings have the names of the library, or JavaScript\'s', () => {
  const options = new Options({ resolver: zone, max_hosts: 1, maxQueries: 9,
    family: 'v4-only', dane: true, port: 2525 })
  assert.equal(options.get('maxHosts'), 1)
  assert.equal(options.get('max_queries'), 9)
  assert.equal(options.get('family'), 'v4_only')
  assert.equal(options.get('dane'), 1)
  assert.ok(Options.names.includes('trace'))
  const selection = select('both.mail.test', options)
  const [attempt] = selection
  assert.deepEqual([attempt.family, attempt.port], [4, 2525])
  options.close()
  assert.throws(() => options.get('port'), { code: 'MXSEL_EUSAGE' })
})

test('an object of another kind is a mistake, never read by C', () => {
  const [cache, memory] = [new Cache(), new Memory()]
  for (const wrong of [5, true, {}, 'x']) {
    assert.throws(() => new Options({ cache: wrong }), TypeError)
    assert.throws(() => new Options({ memory: wrong }), TypeError)
    assert.throws(() => select('a.test', { sts: wrong }), TypeError)
  }
  assert.throws(() => new Options({ cache: memory }), TypeError)
  assert.throws(() => new Options({ memory: cache }), TypeError)
  assert.throws(() => select('a.test', { sts: cache }), TypeError)
  new Options({ cache: null, memory: null }).close()
  for (const wrong of [undefined, null, 5, ['a.test']]) {
    assert.throws(() => select(wrong, {}), TypeError)
  }
  // What was never saved is no mail to an empty destination, which bounces.
  for (const wrong of [undefined, null, 'text']) {
    assert.throws(() => Selection.resume(wrong, {}), TypeError)
  }
})

test('mistakes are exceptions with the library\'s number', () => {
  assert.throws(() => new Options({ maxHost: 1 }), TypeError)
  assert.throws(() => new Options({ constructor: 1 }), TypeError)
  assert.throws(() => new Options({ family: 'v5' }), RangeError)
  assert.throws(() => new Options({ port: 70000 }),
    { name: 'MxselError', code: 'MXSEL_ERANGE', number: -3 })
  assert.throws(() => new Options({ maxHosts: 1.5 }), MxselError)
  assert.throws(() => new Options({ seed: -1 }), { code: 'MXSEL_ERANGE' })
  assert.throws(() => new Options({ selfNames: ['a b'] }),
    { code: 'MXSEL_ESYNTAX', message: /^selfNames a b: / })
  for (const wrong of ['a\0b', undefined, null, 5]) {
    assert.throws(() => new Options({ selfNames: [wrong] }),
      { code: 'MXSEL_ESYNTAX' })
  }
  assert.throws(() => new Cache({ misses: 5 }), RangeError)
  assert.throws(() => new Cache().statistic('max_ttl'), RangeError)
  assert.throws(() => new Zone('no-such-file.zone'),
    { code: 'MXSEL_EFILE', message: /^no-such-file.zone: / })
  const selection = of('two')
  assert.throws(() => selection.report('refused'), { code: 'MXSEL_EUSAGE' })
  assert.throws(() => selection.report('eaten'), RangeError)
  const first = selection.nextNow()
  selection.nextNow()
  assert.throws(() => first.report('refused'), { code: 'MXSEL_EUSAGE' })
  assert.throws(() => select('a.test', { resolver: 'dns' }), TypeError)
})

test('a destination that is none is a verdict, not an exception', () => {
  for (const destination of ['', 'a b', 'x@', Buffer.from([255, 0, 254])]) {
    const selection = select(destination, { resolver: zone })
    assert.deepEqual([...selection], [])
    assert.equal(selection.verdict.reason, 'bad_destination')
  }
})

test('a loop that was left is gone on with', () => {
  const selection = of('equal', { seed: 3 })
  for (const attempt of selection) {
    attempt.report('timeout')
    break
  }
  assert.equal([...selection].length, 2)
  selection.rewind()
  assert.equal([...selection].length, 3)
})

test('a selection goes on after a restart', () => {
  const selection = of('equal', { seed: 5 })
  const first = selection.nextNow()
  const saved = selection.save()
  const rest = [...selection].map((attempt) => attempt.host)
  const again = Selection.resume(saved, { resolver: zone })
  assert.equal(again.attempt.host, first.host)
  assert.equal(again.destination, 'equal.mail.test')
  again.attempt.report('lost')
  assert.deepEqual([...again].map((attempt) => attempt.host), rest)
  assert.throws(() => Selection.resume(Buffer.from('no'), {}),
    { code: 'MXSEL_ESYNTAX' })
})

test('every decision can be read', () => {
  const selection = of('nullmx', { trace: true })
  for (const attempt of selection) assert.fail(attempt.host)
  const events = selection.trace.map((one) => one.event)
  assert.deepEqual([events[0], events.at(-1)], ['destination', 'verdict'])
  assert.ok(selection.trace.some((one) => one.event === 'null_mx' &&
    one.rule.startsWith('RFC 7505')))
})

test('an MTA-STS policy and the message decide what TLS must be', () => {
  const body = 'version: STSv1\nmode: enforce\nmx: h2.mail.test\n' +
    'max_age: 86400\n'
  const sts = new StsPolicy('two.mail.test', body)
  assert.equal(sts.mode, 'enforce')
  assert.equal(sts.maxAge, 86400)
  assert.ok(sts.matches('H2.mail.test') && !sts.matches('h1.mail.test'))
  const selection = of('two', { sts })
  const attempts = [...selection]
  assert.deepEqual(attempts.map((one) => [one.host, one.posture,
    one.postureReason]), [['h2.mail.test', 'pkix', 'sts']])
  assert.deepEqual(selection.rejected.map((one) => one.reason),
    ['sts_mismatch'])
  const required = of('two', { tls: 'required' })
  assert.deepEqual([...required], [])
  assert.equal(required.verdict.status, '5.7.30')
  const reported = of('two')
  reported.nextNow()
  assert.throws(() => reported.reportTls('sts'), RangeError)
  reported.reportTls('starttls-not-supported')
  assert.throws(() => reported.reportTls('success'), { code: 'MXSEL_EUSAGE' })
  assert.throws(() => new StsPolicy('two.mail.test', 'hello'),
    { code: 'MXSEL_ESYNTAX' })
})
