'use strict'

// Haraka's outbound with libmxsel: hook get_mx gives the addresses to try in
// the library's order, or its verdict; hook bounce writes the verdict's codes
// and sentence into the bounce. README.md says what to configure.

const net = require('node:net')
const { Cache, Dns, Options, select } = require('libmxsel')

// What was decided of a mail that has nowhere to go, until it is bounced.
const verdicts = new WeakMap()

exports.register = function () {
  this.load_libmxsel_ini()
}

exports.load_libmxsel_ini = function () {
  const ini = this.config.get('libmxsel.ini', {
    booleans: ['-main.interfaces'],
  }, () => this.reload_libmxsel_ini())
  this.settings = settings_of(ini, this.config.get('me'))
}

// A mistake in a changed file must not stop mail: the old settings stay.
exports.reload_libmxsel_ini = function () {
  try {
    this.load_libmxsel_ini()
  } catch (error) {
    this.logerror(`libmxsel.ini is not used: ${error.message}`)
  }
}

function list(value) {
  return value === undefined ? undefined
    : String(value).split(/[\s,]+/).filter((one) => one !== '')
}

const WORDS = { true: true, false: false }

function values(section = {}) {
  return Object.fromEntries(Object.entries(section)
    .map(([key, value]) => [key, WORDS[value] ?? value]))
}

function settings_of(ini, me) {
  const { main } = ini
  const { bytes = 8 << 20, ...kept } = values(ini.cache)
  return new Options({
    time_limit: 25000,
    prefetch: 128, // the whole list is wanted: ask for all hosts at once
    ...values(ini.options),
    resolver: new Dns({ servers: list(main.servers), ...values(ini.dns) }),
    cache: bytes > 0 ? new Cache({ bytes, ...kept }) : undefined,
    self_names: [me, ...list(main.self_names) ?? []].filter(Boolean),
    self_addresses: list(main.self_addresses),
    interfaces: main.interfaces,
    allow_networks: list(main.allow_networks),
  })
}

// Haraka leaves the order of a plugin's list alone, and asks for no address
// of a host that is one already. from_dns is the name it then uses for TLS,
// its lists and its log.
function mx_of(attempt, priority) {
  const { address, host, port } = attempt
  const mx = { priority, exchange: address, port }
  if (!net.isIP(host)) mx.from_dns = host
  return mx
}

async function mx_list(selection) {
  const mxs = []
  for await (const attempt of selection) {
    // An .onion has none, and Haraka no proxy.
    if (attempt.address) mxs.push(mx_of(attempt, mxs.length))
  }
  return mxs
}

exports.hook_get_mx = async function (next, hmail, domain) {
  let answer
  try {
    answer = await this.choose(hmail, domain)
  } catch (error) {
    // Never Haraka's own look-up instead: it would bounce where we defer.
    this.logerror(`${domain}: ${error.stack}`)
    answer = [DENYSOFT, error.message]
  }
  next(...answer)
}

// What to answer to hook get_mx.
exports.choose = async function (hmail, domain) {
  const selection = select(domain, this.settings)
  const mxs = await mx_list(selection)
  const { verdict } = selection
  selection.close()
  verdicts.delete(hmail)
  if (mxs.length > 0) return [OK, mxs]
  verdicts.set(hmail, verdict)
  const { action, reason, code, status, text } = verdict
  const said = `${code} ${status} ${text}`
  this.lognotice(`${domain}: ${action} (${reason}): ${said}`)
  return [action === 'bounce' ? DENY : DENYSOFT, said]
}

// Haraka's words for what get_mx denied are "No MX" and 5.1.2; the verdict
// knows better. hmail.bounce_error is what the bounce quotes.
exports.hook_bounce = function (next, hmail, error) {
  const verdict = verdicts.get(hmail)
  verdicts.delete(hmail)
  if (verdict) {
    const { action, code, status, text } = verdict
    const [cls, sub, det] = status.split('.').map(Number)
    for (const rcpt of hmail.todo.rcpt_to) {
      hmail.extend_rcpt_with_dsn(rcpt, { code, msg: text, cls, sub, det })
      // It was deferred as often as it may be: failed for good.
      rcpt.dsn_action = 'failed'
      rcpt.dsn_status = `5.${sub}.${det}`
    }
    error.message = action === 'bounce' ? text : `Too many failures: ${text}`
  }
  next()
}

exports.shutdown = function () {
  this.settings?.resolver.close()
}
