'use strict'

// Settings as a plain object: the library's own names for the integers
// (max_hosts, or maxHosts), and the lists it takes one by one.

const { Cache } = require('./cache')
const { Handle, pointer_of } = require('./handle')
const { Memory } = require('./memory')
const { C, MxselError, c_int, c_string, check, constant_name, core, library,
  names, number_of, snake } = require('./native')

const numbers = new Map([...names(core.mxsel_option_name, 1)]
  .map(([number, name]) => [name, number]))

// Settings whose values have names.
const VALUES = { __proto__: null, family: 'FAMILY', shuffle: 'SHUFFLE',
  dane_insecure_mx: 'INSECURE_MX' }

function integer(name, value) {
  if (typeof value === 'string' && VALUES[name]) {
    return number_of(VALUES[name], value)
  }
  return c_int(value, name)
}

function each(values, add) {
  for (const value of typeof values === 'string' ? [values] : values ?? []) {
    add(value)
  }
}

// What an object may hold besides the integers.
const OTHERS = {
  __proto__: null,
  seed(pointer, value) {
    const seed = BigInt(value)
    if (seed !== BigInt.asUintN(64, seed)) {
      throw new MxselError(C.MXSEL_ERANGE, `seed ${value}`)
    }
    check(core.mxsel_options_set_seed(pointer, seed), 'seed')
  },
  resolver(pointer, value) {
    if (value?.attach) value.attach(pointer)
  },
  cache(pointer, value) {
    if (value === null) return
    check(core.mxsel_options_set_cache(pointer, pointer_of(value, Cache)))
  },
  memory(pointer, value) {
    if (value === null) return
    check(core.mxsel_options_set_memory(pointer, pointer_of(value, Memory)))
  },
  self_names(pointer, values) {
    each(values, (name) => check(core.mxsel_options_add_self_name(pointer,
      c_string(name, 'selfNames')), `selfNames ${name}`))
  },
  self_addresses(pointer, values) {
    each(values, (address) => check(core.mxsel_options_add_self_address(
      pointer, c_string(address, 'selfAddresses')),
    `selfAddresses ${address}`))
  },
  interfaces(pointer, value) {
    if (!value) return
    const ldns = library('libmxsel-ldns')
    check(ldns.mxsel_ldns_add_interfaces(pointer), 'interfaces')
  },
  allow_networks(pointer, values) {
    each(values, (network) => check(core.mxsel_options_allow_network(pointer,
      c_string(network, 'allowNetworks')), `allowNetworks ${network}`))
  },
  nat64(pointer, values) {
    each(values, (prefix) => check(core.mxsel_options_add_nat64(pointer,
      c_string(prefix, 'nat64')), `nat64 ${prefix}`))
  },
  refuse_exchanges(pointer, values) {
    for (const one of values ?? []) {
      check(core.mxsel_options_refuse_exchange(pointer,
        c_string(one.pattern, 'refuseExchanges'), one.code ?? 550,
        one.status ?? null, one.text ?? null),
      `refuseExchanges ${one.pattern}`)
    }
  },
  idn(pointer, value) {
    if (value) check(library('libmxsel-idn2').mxsel_idn2_use(pointer), 'idn')
  },
}

function set(pointer, key, value) {
  const name = snake(key)
  const number = numbers.get(name)
  if (OTHERS[name]) {
    OTHERS[name](pointer, value)
  } else if (number !== undefined) {
    check(core.mxsel_options_set(pointer, number, integer(name, value)),
      `${key} ${value}`)
  } else {
    throw new TypeError(`there is no option "${key}"`)
  }
}

/** Settings for any number of selections. They do not change. */
class Options extends Handle {
  /** Whoever answers the questions; undefined: the system's DNS servers. */
  resolver

  constructor(settings = {}) {
    const out = [null]
    check(core.mxsel_options_new(out))
    super(out[0], core.mxsel_options_free)
    try {
      for (const [key, value] of Object.entries(settings)) {
        if (value !== undefined) set(this.pointer, key, value)
      }
    } catch (error) {
      this.close()
      throw error
    }
    this.resolver = settings.resolver
  }

  /** An integer setting, or the name of its value: get('family'). */
  get(key) {
    const name = snake(key)
    const number = numbers.get(name)
    if (number === undefined) throw new TypeError(`no option "${key}"`)
    const value = core.mxsel_options_get(this.pointer, number)
    return VALUES[name]
      ? constant_name(VALUES[name], value).toLowerCase() : value
  }

  /** The names of all integer settings. */
  static get names() {
    return [...numbers.keys()]
  }
}

module.exports = { Options }
