'use strict'

// A resolver written in JavaScript, at once or later, right or wrong.

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { select } = require('..')

const records = {
  'one.test MX': [{ preference: 10, exchange: 'h.one.test', ttl: 30 }],
  'h.one.test A': ['192.0.2.1', { address: '192.0.2.2', ttl: 20 }],
  'h.one.test AAAA': [{ address: '2001:db8::1' }],
}

const known = (name, type) => records[`${name} ${type}`] ?? []
const later = (value) => new Promise((resolve) => setTimeout(resolve, 2,
  value))

async function attempts(selection) {
  const all = []
  for await (const attempt of selection) all.push(attempt.address)
  return all
}

test('a function answers', async () => {
  const asked = []
  const resolver = (name, type) => {
    asked.push(`${name} ${type}`)
    return known(name, type)
  }
  const settings = { resolver, family: 'v4-first' }
  const now = [...select('one.test', settings)]
  assert.deepEqual(now.map((one) => one.address).sort(),
    ['192.0.2.1', '192.0.2.2', '2001:db8::1'])
  assert.deepEqual(asked.sort(), Object.keys(records).sort())
  const awaited = await attempts(select('one.test', settings))
  assert.equal(awaited.length, 3)
  assert.equal(awaited[2], '2001:db8::1')
})

test('an asynchronous function answers, an object too', async () => {
  const resolver = async (name, type) => later(known(name, type))
  for (const one of [resolver, { resolve: resolver }]) {
    const selection = select('one.test', { resolver: one })
    assert.equal((await attempts(selection)).length, 3)
  }
  const late = select('one.test', { resolver })
  assert.throws(() => [...late], /for await/)
})

test('1000 selections with it are under way at once', async () => {
  let most = 0
  let now = 0
  const resolver = async (name, type) => {
    most = Math.max(most, ++now)
    await later()
    now--
    return type === 'MX' ? [{ preference: 1, exchange: `h.${name}` }]
      : type === 'A' ? ['192.0.2.7'] : []
  }
  const all = await Promise.all(Array.from({ length: 1000 }, (_, i) =>
    attempts(select(`d${i}.test`, { resolver }))))
  assert.ok(all.every((one) => one.length === 1))
  assert.ok(most >= 1000, `${most} at once`)
})

test('how an answer may end', async () => {
  const ends = [
    [{ end: 'nxdomain', negativeTtl: 7 }, 'bounce 5.1.2'],
    [{ end: 'servfail' }, 'defer 4.4.3'],
    [{ records: [], negativeTtl: 9 }, 'bounce 5.4.4'],
    [{ records: [{ preference: 0, exchange: '.' }] }, 'bounce 5.1.10'],
    [{ security: 'bogus' }, 'defer 4.4.3'],
  ]
  for (const [answer, wanted] of ends) {
    const selection = select('x.test', { resolver: () => answer })
    assert.deepEqual([...selection], [])
    const { action, status } = selection.verdict
    assert.equal(`${action} ${status}`, wanted)
  }
})

test('errors of node:dns are ends, too', async () => {
  const codes = [['ENOTFOUND', '5.1.2'], ['ENODATA', '5.4.4'],
    ['ESERVFAIL', '4.4.3'], ['ETIMEOUT', '4.4.3'], ['EREFUSED', '4.4.3'],
    ['ECONNREFUSED', '4.4.3']]
  for (const [code, status] of codes) {
    const resolver = async () => {
      throw Object.assign(new Error(code),
        { code, syscall: 'queryMx', hostname: 'x.test' })
    }
    const selection = select('x.test', { resolver })
    assert.deepEqual(await attempts(selection), [])
    assert.equal(selection.verdict.status, status, code)
  }
  // Those of other names, and of getaddrinfo(), deny nothing.
  for (const about of [{ syscall: 'queryA', hostname: 'dns.test' },
    { syscall: 'getaddrinfo', hostname: 'x.test' }, {}, { end: 0 },
    { end: 99 }]) {
    const error = Object.assign(new Error('no'), { code: 'ENOTFOUND' }, about)
    const selection = select('x.test', { resolver: () => { throw error } })
    assert.throws(() => [...selection], error)
    assert.deepEqual([...selection], [])
    assert.equal(selection.verdict.action, 'defer')
  }
  // What dns.resolve() gives for MX has "priority".
  const shaped = select('x.test', { resolver: async (name, type) =>
    type === 'MX' ? [{ priority: 5, exchange: 'h.test' }]
      : type === 'A' ? ['192.0.2.5'] : [] })
  const [attempt] = [await shaped.next()]
  assert.equal(attempt.preference, 5)
})

test('an alias leads on', async () => {
  const resolver = (name, type) => {
    if (name === 'alias.test') {
      return { aliases: [{ target: 'one.test', ttl: 3 }] }
    }
    return known(name, type)
  }
  const selection = select('alias.test', { resolver })
  assert.equal([...selection].length, 3)
  assert.deepEqual(selection.flags, ['domain_is_alias'])
  assert.equal(selection.domain, 'one.test')
})

test('a DNS message answers', () => {
  const resolver = (name, type) => {
    const labels = name.split('.').flatMap((label) =>
      [Buffer.from([label.length]), Buffer.from(label)])
    const number = { MX: 15, A: 1, AAAA: 28 }[type]
    const data = type === 'MX' ? [0, 10, 1, 104, 192, 12]
      : type === 'A' ? [192, 0, 2, 8] : null
    const record = data ? [192, 12, 0, number, 0, 1, 0, 0, 0, 60, 0,
      data.length, ...data] : []
    return Buffer.concat([
      Buffer.from([0, 0, 0x81, 0x80, 0, 1, 0, data ? 1 : 0, 0, 0, 0, 0]),
      ...labels, Buffer.from([0, 0, number, 0, 1]), Buffer.from(record)])
  }
  const [attempt] = select('wire.test', { resolver })
  assert.equal(attempt.host, 'h.wire.test')
  assert.equal(attempt.address, '192.0.2.8')
})

test('a mistake of the resolver is thrown, and defers', async () => {
  const wrong = [
    () => { throw new SyntaxError('mine') },
    () => undefined,
    () => 'x',
    () => ({ end: 'maybe' }),
    () => [{ preference: 70000, exchange: 'h.test' }],
    () => [{ preference: -1, exchange: 'h.test' }],
    () => [{ preference: NaN, exchange: 'h.test' }],
    () => [{ preference: 1, host: 'h.test' }, null],
    () => [{ preference: 1, exchange: 'h.test', ttl: 2 ** 33 }],
    () => ({ preference: 1, exchange: 'h.test' }),
    () => ({ records: undefined, negativeTtl: 5 }),
    () => ({}),
    () => ({ end: undefined }),
    () => ({ ttl: 60, security: 'insecure' }),
    () => Symbol('x'),
    () => new Set(['192.0.2.1']),
    () => Buffer.from('no message'),
    (name, type) => type === 'MX' ? [] : ['300.1.1.1'],
  ]
  for (const resolver of wrong) {
    const now = select('x.test', { resolver })
    assert.throws(() => [...now])
    const awaited = select('x.test', { resolver: async (...of) =>
      resolver(...of) })
    await assert.rejects(attempts(awaited))
    for (const selection of [now, awaited]) {
      // Whoever goes on all the same never bounces the mail.
      for (;;) {
        try {
          if (!await selection.next()) break
        } catch {
          continue
        }
      }
      assert.equal(selection.verdict.action, 'defer')
    }
  }
})

test('whatever is thrown comes out of the loop', async () => {
  for (const thrown of [undefined, null, 'text', 5]) {
    const fail = () => { throw thrown }
    for (const resolver of [fail, async () => fail()]) {
      const begun = performance.now()
      const selection = select('x.test', { resolver })
      const said = await selection.next().then(() => 'nothing', (error) =>
        ({ error }))
      assert.deepEqual(said, { error: thrown })
      assert.deepEqual(await attempts(selection), [])
      assert.equal(selection.verdict.action, 'defer')
      assert.ok(performance.now() - begun < 20000, 'nobody waits for it')
    }
  }
})

test('a NUL in a name does not shorten it', () => {
  const resolver = (name, type) => type === 'MX'
    ? [{ preference: 1, exchange: 'good.test\0.evil.test' }] : ['192.0.2.1']
  const selection = select('x.test', { resolver })
  assert.deepEqual([...selection], [])
  assert.deepEqual(selection.rejected.map((one) => one.reason), ['bad_name'])
})

test('time ends, and late answers change nothing', async () => {
  const open = []
  const resolver = () => new Promise((resolve) => open.push(resolve))
  const selection = select('x.test', { resolver, timeLimit: 20 })
  assert.deepEqual(await attempts(selection), [])
  assert.equal(selection.verdict.status, '4.4.3')
  for (const resolve of open) resolve([{ preference: 1, exchange: 'h.test' }])
  await later()
  assert.equal(selection.verdict.status, '4.4.3')
})

test('time that a plain function takes counts', () => {
  const asked = []
  const resolver = (name, type) => {
    asked.push(type)
    for (const begun = performance.now(); performance.now() < begun + 30;);
    return []
  }
  const selection = select('x.test', { timeLimit: 20, resolver })
  assert.deepEqual([...selection], [])
  assert.deepEqual(asked, ['MX'])
  assert.equal(selection.verdict.action, 'defer')
})

test('closed while it waits', async () => {
  const open = []
  const resolver = () => new Promise((resolve) => open.push(resolve))
  const selection = select('x.test', { resolver })
  const waiting = selection.next()
  await later()
  await assert.rejects(selection.next(), { code: 'MXSEL_EUSAGE' })
  selection.close()
  await assert.rejects(waiting, { code: 'MXSEL_ECANCELED' })
  for (const resolve of open) resolve([])
  await later()
  assert.throws(() => selection.verdict, { code: 'MXSEL_EUSAGE' })
})

test('closed by its resolver', async () => {
  for (const end of [() => [], () => { throw new Error('mine') }]) {
    const now = select('x.test', { resolver: () => (now.close(), end()) })
    assert.throws(() => [...now], /mine|is closed/)
    const later = select('x.test', { resolver: () => (later.close(), end()) })
    await assert.rejects(attempts(later), { code: 'MXSEL_ECANCELED' })
  }
})

test('an open question keeps its selection', { skip: !global.gc }, async () => {
  let answer
  let collected = false
  const registry = new FinalizationRegistry(() => { collected = true })
  const leave = async () => {
    const selection = select('x.test', { resolver: (name, type) =>
      type === 'MX' ? [] : type === 'A' ? Promise.reject(new Error('mine'))
        : new Promise((resolve) => { answer = resolve }) })
    registry.register(selection)
    await assert.rejects(attempts(selection), /mine/)
  }
  await leave()
  for (let turn = 0; turn < 10; turn++) {
    global.gc()
    await later()
  }
  assert.equal(collected, false)
  answer(['2001:db8::1'])
  answer = undefined
  for (let turn = 0; turn < 500 && !collected; turn++) {
    global.gc()
    await later()
  }
  assert.equal(collected, true)
})

test('a plain loop does not wait for answers under way', async () => {
  const selection = select('x.test', { resolver: async () => {
    await later()
    return []
  } })
  const waiting = selection.next()
  assert.throws(() => selection.nextNow(), { code: 'MXSEL_EUSAGE' })
  assert.equal(await waiting, null)
})

test('answers may come while an attempt runs', async () => {
  const mx = [1, 2, 3, 4].map((n) => ({ preference: n,
    exchange: `h${n}.test` }))
  const asked = []
  const resolver = async (name, type) => {
    asked.push(name)
    await later()
    return type === 'MX' ? mx : type === 'A' ? ['192.0.2.9'] : []
  }
  const selection = select('x.test', { resolver, prefetch: 128,
    keepDuplicates: true })
  await selection.next()
  await later()
  await later()
  assert.equal(asked.filter((name) => name === 'h4.test').length, 2)
  assert.equal((await attempts(selection)).length, 3)
})

test('addresses as text and as octets', async () => {
  const resolver = (name, type) => type === 'MX' ? [{ preference: 1,
    exchange: 'h.test' }] : type === 'A' ? [Buffer.from([192, 0, 2, 9])]
    : ['2001:DB8:0::1', '64:ff9b::192.0.2.33']
  const found = await attempts(select('x.test', { resolver }))
  assert.deepEqual(found.sort(),
    ['192.0.2.9', '2001:db8::1', '64:ff9b::c000:221'])
  for (const wrong of ['192.0.2', '::1', '192.0.2.1\0']) {
    const garbled = select('x.test', { resolver: (name, type) =>
      type === 'A' ? [wrong] : [] })
    await assert.rejects(attempts(garbled), { code: 'MXSEL_ESYNTAX' })
    await attempts(garbled)
    assert.equal(garbled.verdict.action, 'defer')
  }
})
