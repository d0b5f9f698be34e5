'use strict'

// Objects of the library end: when they are closed, or collected.

const assert = require('node:assert/strict')
const { test } = require('node:test')
const { Dns, Options, Zone, select } = require('..')
const { Handle } = require('../lib/handle')

const TEXT = '$TTL 5\na.test. SOA n h 1 2 3 4 5\na.test. A 192.0.2.1\n'

test('close() gives back once', () => {
  const freed = []
  const handle = new Handle(5n, (pointer) => freed.push(pointer))
  assert.equal(handle.pointer, 5n)
  handle.close()
  handle.close()
  assert.deepEqual(freed, [5n])
  assert.ok(handle.closed)
  assert.throws(() => handle.pointer, { code: 'MXSEL_EUSAGE' })
})

test('"using" closes', { skip: !Symbol.dispose }, () => {
  const freed = []
  new Handle(7n, (pointer) => freed.push(pointer))[Symbol.dispose]()
  assert.deepEqual(freed, [7n])
})

test('what is forgotten is collected', { skip: !global.gc }, async () => {
  let freed = 0
  const make = () => {
    for (let i = 0; i < 100; i++) new Handle(BigInt(i), () => freed++)
  }
  make()
  for (let turn = 0; turn < 50 && freed < 100; turn++) {
    global.gc()
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.equal(freed, 100)
})

test('selections outlive options, zone and variables', async () => {
  const begin = () => {
    const zone = new Zone({ text: TEXT })
    const options = new Options({ resolver: zone })
    const selection = select('a.test', options)
    options.close()
    zone.close()
    return selection
  }
  const all = Array.from({ length: 200 }, begin)
  for (let turn = 0; turn < 5; turn++) {
    global.gc?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (const selection of all) {
    const [attempt] = selection
    assert.equal(attempt.address, '192.0.2.1')
  }
})

test('thousands that nobody closes', async () => {
  const zone = new Zone({ text: TEXT })
  const before = process.memoryUsage().rss
  for (let i = 0; i < 30000; i++) {
    const [attempt] = select('a.test', { resolver: zone })
    assert.equal(attempt.port, 25)
    if (i % 1000 === 0) await new Promise((resolve) => setImmediate(resolve))
    if (i % 1000 === 0) global.gc?.()
  }
  const grown = (process.memoryUsage().rss - before) / 2 ** 20
  assert.ok(grown < 50, `${grown} MiB more`)
})

test('a Dns that nobody closes gives its descriptor back',
  { skip: !global.gc }, async () => {
    const fs = require('node:fs')
    const count = () => fs.readdirSync('/proc/self/fd').length
    if (!fs.existsSync('/proc/self/fd')) return
    const before = count()
    const make = () => {
      for (let i = 0; i < 20; i++) new Dns({ servers: '127.0.0.1@9' })
    }
    make()
    assert.ok(count() >= before + 20)
    for (let turn = 0; turn < 50 && count() > before; turn++) {
      global.gc()
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.ok(count() <= before, `${count()} open, ${before} before`)
  })
