'use strict'

// Answers kept until their TTL ends, for any number of options.

const { Handle } = require('./handle')
const { C, MxselError, check, c_int, core, forgotten, library, number_of,
  snake } = require('./native')

const SETTINGS = ['max_ttl', 'max_negative_ttl', 'failure_ttl', 'stale']

// The numbers of settings and counters overlap.
function number(name, is_setting) {
  if (SETTINGS.includes(snake(name)) === is_setting) {
    return number_of('CACHE', snake(name))
  }
  throw new RangeError(`there is no cache "${name}"`)
}

function octets_of(bytes) {
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes
  throw new MxselError(C.MXSEL_ERANGE, `bytes ${bytes}`)
}

class Cache extends Handle {
  /**
   * @param {object} [settings] bytes (8 MiB), and seconds: maxTtl,
   *   maxNegativeTtl, failureTtl, stale
   */
  constructor({ bytes = 8 << 20, ...settings } = {}) {
    const out = [null]
    // C calls C: the clock is the library's own.
    const clock = library('libmxsel-ldns').loaded.symbol('mxsel_ldns_clock')
    check(core.mxsel_cache_new(out, octets_of(bytes), clock, null),
      `cache ${bytes}`)
    super(out[0], core.mxsel_cache_free)
    for (const [key, value] of Object.entries(settings)) {
      check(core.mxsel_cache_set(this.pointer, number(key, true),
        c_int(value, key)), `${key} ${value}`)
    }
  }

  /** A counter: 'hits', 'misses', 'stored', 'names', 'bytes', ... */
  statistic(name) {
    return Number(core.mxsel_cache_statistic(this.pointer,
      number(name, false)))
  }

  /** Forget one name. */
  forget(name) {
    check(core.mxsel_cache_forget(this.pointer, forgotten(name)),
      `forget ${name}`)
  }

  forgetAll() {
    check(core.mxsel_cache_forget(this.pointer, null), 'forget')
  }
}

module.exports = { Cache }
