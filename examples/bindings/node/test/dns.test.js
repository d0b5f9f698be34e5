'use strict'

// Name servers over sockets: in Node's event loop, many at once.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const path = require('node:path')
const { after, before, test } = require('node:test')
const { Worker } = require('node:worker_threads')
const { Cache, Dns, Options, select } = require('..')
const { serve } = require('./server')

function answer(name, type) {
  if (name.startsWith('silent')) return null
  if (type === 'MX') return [[10, `h1.${name}`], [20, 'h2.shared.test']]
  if (type === 'A') return [name.startsWith('h1') ? '192.0.2.1' : '192.0.2.2']
  return []
}

let server
let dns

before(async () => {
  server = await serve(answer, 30)
  dns = new Dns({ servers: server.address })
})

after(() => {
  dns.close()
  server.close()
})

async function attempts(selection) {
  const all = []
  for await (const attempt of selection) all.push(attempt.host)
  return all
}

test('answers come while the event loop goes on', async () => {
  let ticks = 0
  const timer = setInterval(() => ticks++, 1)
  const selection = select('a.test', { resolver: dns })
  assert.deepEqual(await attempts(selection), ['h1.a.test', 'h2.shared.test'])
  clearInterval(timer)
  assert.ok(ticks >= 5, `${ticks} ticks`)
  assert.equal(dns.count, 0)
})

test('1000 selections at once', async () => {
  const options = new Options({ resolver: dns })
  const sent = dns.statistic('sent_udp')
  const begun = performance.now()
  const all = await Promise.all(Array.from({ length: 1000 }, (_, i) =>
    attempts(select(`d${i}.test`, options))))
  const took = performance.now() - begun
  all.forEach((one, i) =>
    assert.deepEqual(one, [`h1.d${i}.test`, 'h2.shared.test']))
  // One after the other they would wait 1000 times 60 ms.
  assert.ok(took < 20000, `${took} ms`)
  const questions = dns.statistic('sent_udp') - sent
  assert.ok(questions >= 3000 && questions < 6000, `${questions} sent`)
  assert.equal(dns.count, 0)
})

test('a cache answers the second time', async () => {
  const cache = new Cache({ bytes: 1 << 20, maxTtl: 50 })
  // Nothing there, without an SOA, is never kept (RFC 2308, 5).
  const options = new Options({ resolver: dns, cache, family: 'v4_only' })
  await attempts(select('cached.test', options))
  const asked = server.asked.length
  await attempts(select('cached.test', options))
  assert.equal(server.asked.length, asked)
  assert.ok(cache.statistic('hits') === 3)
  cache.forgetAll()
  await attempts(select('cached.test', options))
  assert.ok(server.asked.length > asked)
})

test('nobody answers: the mail waits', async () => {
  const hasty = new Dns({ servers: [server.address], queryTime: 60 })
  const selection = select('silent.test', { resolver: hasty })
  assert.deepEqual(await attempts(selection), [])
  assert.equal(selection.verdict.status, '4.4.3')
  hasty.close()
})

test('the time limit of the selection holds', async () => {
  const selection = select('silent2.test', { resolver: dns, timeLimit: 50 })
  assert.deepEqual(await attempts(selection), [])
  assert.equal(selection.verdict.action, 'defer')
})

test('closed while it waits', async () => {
  const selection = select('silent3.test', { resolver: dns })
  const waiting = selection.next()
  selection.close()
  selection.close()
  await assert.rejects(waiting, { code: 'MXSEL_ECANCELED' })
  assert.equal(dns.count, 0)

  const other = new Dns({ servers: server.address })
  const kept = select('silent4.test', { resolver: other })
  const left = kept.next()
  setTimeout(() => other.close(), 5)
  await assert.rejects(left, { code: 'MXSEL_ECANCELED' })
  await assert.rejects(kept.next(), { code: 'MXSEL_EUSAGE' })
  assert.equal(kept.verdict.action, 'try')
})

test('mistakes', () => {
  assert.throws(() => new Dns({ servers: 'nowhere' }),
    { code: 'MXSEL_ESYNTAX', message: /^server nowhere: / })
  assert.throws(() => new Dns({ resolvConf: 'no-such-file' }),
    { code: 'MXSEL_EFILE' })
  assert.throws(() => new Dns({ servers: '::1', inFlight: 0 }),
    { code: 'MXSEL_ERANGE' })
  assert.throws(() => new Dns({ server: '::1' }), TypeError)
  for (const wrong of [NaN, 2 ** 32 + 1, 1.5, '50', null]) {
    const refused = { code: 'MXSEL_ERANGE' }
    assert.throws(() => new Dns({ servers: '::1', queryTime: wrong }), refused)
    assert.throws(() => new Cache({ maxTtl: wrong }), refused)
    assert.throws(() => new Cache({ bytes: wrong === 2 ** 32 + 1 ? -1
      : wrong }), refused)
  }
  const now = select('a.test', { resolver: dns })
  assert.throws(() => [...now], { code: 'MXSEL_EUSAGE', message: /await/ })
})

test('worker threads have a Dns each', async () => {
  const program = `
    const { workerData } = require('node:worker_threads')
    const { Dns, select } = require(workerData.path)
    const resolver = new Dns({ servers: workerData.server })
    const all = Array.from({ length: 50 }, async (_, i) => {
      const selection = select('w' + i + '.test', { resolver })
      for await (const attempt of selection) attempt.report('delivered')
      if (selection.verdict.action !== 'delivered') process.exit(1)
    })`
  const run = () => new Promise((resolve, reject) => {
    const worker = new Worker(program, { eval: true, workerData: {
      path: path.join(__dirname, '..'), server: server.address } })
    worker.on('error', reject)
    worker.on('exit', resolve)
  })
  assert.deepEqual(await Promise.all([run(), run()]), [0, 0])
})

test('a worker may end before its Dns', () => {
  // Alone in its process, so that nobody else holds the libraries.
  const inner = `const { Dns } = require(${JSON.stringify(path.join(__dirname,
    '..'))})
    globalThis.kept = new Dns({ servers: '127.0.0.1@9' })`
  const program = `new (require('node:worker_threads').Worker)(
    ${JSON.stringify(inner)}, { eval: true })`
  const done = spawnSync(process.execPath, ['-e', program],
    { encoding: 'utf8', timeout: 20000 })
  assert.equal(done.status, 0, `${done.signal} ${done.stderr}`)
})

test('an idle Dns does not keep the process; a busy one does', () => {
  const program = `
    const { Dns, select } = require(${JSON.stringify(path.join(__dirname,
    '..'))})
    const dns = new Dns({ servers: '127.0.0.1@9', queryTime: 80 })
    const selection = select('a.test', { resolver: dns })
    selection.next().then(() => console.log(selection.verdict.action))`
  const done = spawnSync(process.execPath, ['-e', program],
    { encoding: 'utf8', timeout: 20000 })
  assert.equal(done.stdout, 'defer\n', done.stderr)
  assert.equal(done.status, 0)
})
