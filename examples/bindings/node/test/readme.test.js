'use strict'

// What the README shows is run as it stands.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, test } = require('node:test')
const libmxsel = require('..')
const { serve } = require('./server')

const text = fs.readFileSync(path.join(__dirname, '../README.md'), 'utf8')
const blocks = [...text.matchAll(/^```js\n([^]*?)^```$/gm)]
  .map((match) => match[1])

const AsyncFunction = (async () => {}).constructor

let server
let said

before(async () => {
  server = await serve((name, type) => type === 'MX'
    ? [[10, 'h1.test'], [20, 'h2.test']]
    : type === 'A' ? [`192.0.2.${name[1]}`] : [])
})
after(() => server.close())

// Its names, and in place of /etc/resolv.conf, node:dns and 127.0.0.1 the
// server of this test.
function run(block, names) {
  const [address, port] = server.address.split('@')
  const resolver = new libmxsel.Dns({ servers: server.address })
  const dns = new (require('node:dns').promises.Resolver)()
  dns.setServers([`${address}:${port}`])
  const ours = {
    ...libmxsel,
    select: (destination, options = {}) =>
      libmxsel.select(destination, options instanceof libmxsel.Options ||
        options.resolver ? options : { ...options, resolver }),
    Dns: class extends libmxsel.Dns {
      constructor(settings) {
        super({ ...settings, servers: server.address })
      }
    },
  }
  const found = { libmxsel: ours, 'node:dns/promises': dns }
  said = []
  const given = { require: (name) => found[name],
    console: { log: (...words) => said.push(words.join(' ')) }, ...names }
  return new AsyncFunction(...Object.keys(given), block)(
    ...Object.values(given))
}

test('there are three programs', () => assert.equal(blocks.length, 3))

test('the loop of a mail server', async () => {
  await run(blocks[0], { deliver: async (address, port, host) => {
    assert.equal(port, 25)
    return host === 'h1.test' ? 'refused' : 'delivered'
  } })
  assert.match(said[0], /^delivered: 250 2\.0\.0 /)
})

test('node:dns as a resolver', async () => {
  await run(blocks[1])
  assert.deepEqual(said, ['10 h1.test 192.0.2.1', '20 h2.test 192.0.2.2'])
})

test('settings, and many at once', async () => {
  const destinations = Array.from({ length: 50 }, (_, i) => `d${i}.test`)
  let attempts = 0
  await run(blocks[2], { destinations, plan: async (selection) => {
    for await (const attempt of selection) attempts += attempt.family === 4
  } })
  assert.equal(attempts, 100)
})
