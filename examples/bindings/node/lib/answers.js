'use strict'

// A resolver written in JavaScript: a function (name, type) that returns an
// answer, or a promise of one. The library is asked for its open questions
// and told the answers (pull); it never calls back, so the function may do
// whatever it likes.

const { C, MxselError, c_string, check, constant_name, core, number_of,
  octets } = require('./native')

// The codes of node:dns, so that its promises can be used as they are.
const FAILURES = { __proto__: null, ESERVFAIL: 'servfail',
  EREFUSED: 'refused', EFORMERR: 'formerr', ENOTIMP: 'notimp',
  ETIMEOUT: 'timeout', EBADRESP: 'malformed', ECONNREFUSED: 'network' }
const DENIALS = { __proto__: null, ENOTFOUND: 'nxdomain',
  ENODATA: 'complete' }

// A denial may bounce mail, so it must be about this name, and from the DNS:
// getaddrinfo() has the same codes, for the host of a DNS server over HTTPS,
// say, and for failures of its own.
function end_of(error, name) {
  const denied = String(error?.syscall).startsWith('query') &&
    String(error.hostname).replace(/\.$/, '') === name
  return FAILURES[error?.code] ?? (denied ? DENIALS[error.code] : undefined)
}

// Whatever is no such number would be wrapped around unseen.
function number(value, most, what) {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new RangeError(`${what} ${value}`)
}

function ttl_of({ ttl }, otherwise) {
  return number(ttl ?? otherwise, 0xffffffff, 'ttl')
}

// A NUL is one of the octets that a master file writes as a number.
function name_text(name) {
  if (typeof name === 'string') return name.replaceAll('\0', '\\000')
  throw new TypeError(`no name: ${name}`)
}

const ADD = {
  MX(query, { preference, priority, exchange }, ttl) {
    return core.mxsel_answer_mx(query,
      number(preference ?? priority, 65535, 'preference'),
      name_text(exchange), ttl)
  },
  A(query, record, ttl) {
    const address = record.address ?? record
    if (address instanceof Uint8Array) {
      return core.mxsel_answer_address(query, octets(address),
        address.length, ttl)
    }
    return core.mxsel_answer_address_text(query,
      c_string(address, `address ${address}`), ttl)
  },
  TLSA(query, record, ttl) {
    const { usage, certUsage, selector, matching, match, data } = record
    if (typeof data === 'string') throw new TypeError('data is no octets')
    return core.mxsel_answer_tlsa(query, usage ?? certUsage, selector,
      matching ?? match, octets(data), Buffer.from(data).length, ttl)
  },
  CNAME(query, record, ttl) {
    return core.mxsel_answer_alias(query,
      name_text(record.target ?? record), ttl)
  },
}
ADD.AAAA = ADD.A

const KNOWN = ['records', 'aliases', 'ttl', 'negativeTtl', 'end', 'security']

// One of them must: a TTL, say, says nothing about records.
function says(key, value) {
  if (key === 'security') return value === 'bogus'
  return key !== 'ttl' && value !== undefined && value !== null
}

// What is no answer must not be taken for one that says: there is nothing.
function whole_of(answer) {
  if (Array.isArray(answer)) return { records: answer }
  const keys = Object.keys(Object(answer))
  if (!keys.every((key) => KNOWN.includes(key)) ||
      !keys.some((key) => says(key, answer[key])) ||
      ('records' in answer && !Array.isArray(answer.records))) {
    throw new TypeError(`no answer: ${String(answer)} with [${keys}]`)
  }
  return answer
}

function add(query, type, answer) {
  const { ttl = 0, records = [], aliases = [], negativeTtl } = answer
  for (const alias of aliases) {
    check(ADD.CNAME(query, alias, ttl_of(alias, ttl)), 'alias')
  }
  for (const record of records) {
    check(ADD[type](query, record, ttl_of(record, ttl)), `${type} record`)
  }
  if (negativeTtl !== undefined) {
    check(core.mxsel_answer_negative_ttl(query,
      number(negativeTtl, 0xffffffff, 'negativeTtl')), 'negativeTtl')
  }
}

function finish(query, end, security) {
  check(core.mxsel_answer_finish(query, number_of('DNS', end),
    number_of('SECURITY', security)), 'answer')
}

/**
 * Give an answer: a list of records, or { records, aliases, ttl, negativeTtl,
 * end, security }, or a DNS message. One that is not to be used answers the
 * question with a failure, which defers, before it is thrown.
 */
function give(query, type, answer) {
  try {
    if (answer instanceof Uint8Array) {
      check(core.mxsel_answer_packet(query, octets(answer), answer.length,
        C.MXSEL_SECURITY_INDETERMINATE), 'DNS message')
      return
    }
    const whole = whole_of(answer)
    add(query, type, whole)
    finish(query, whole.end ?? 'complete', whole.security ?? 'indeterminate')
  } catch (error) {
    core.mxsel_answer_finish(query, C.MXSEL_DNS_MALFORMED, 0)
    throw error
  }
}

/** What a function threw: an end of the question, or a mistake of its own. */
function fail(query, name, error) {
  const end = end_of(error, name)
  finish(query, end ?? 'network', 'indeterminate')
  if (end === undefined) throw error
}

function is_later(value) {
  return typeof value?.then === 'function'
}

// The time limit counts what was waited.
function spend(selection, begun) {
  if (selection.closed) return
  const spent = Math.round(performance.now() - begun)
  core.mxsel_time_spent(selection.pointer, spent)
}

class Answers {
  #resolve
  // Questions under way; those of one selection.
  #pending = new Set()
  // What the resolver did wrong while nobody waited for it.
  #mistake

  /** @param {function(string, string)} resolve */
  constructor(resolve) {
    this.#resolve = resolve
  }

  #ask(pointer) {
    const query = core.mxsel_query_take(pointer)
    if (query === null) return null
    const name = core.mxsel_query_name(query)
    const type = constant_name('TYPE', core.mxsel_query_type(query))
    return { query, name, type }
  }

  #next({ pointer }) {
    // When its time is used up, the library drops what is open.
    if (core.mxsel_time_left(pointer) === 0) this.abandon()
    return check(core.mxsel_next(pointer))
  }

  nextNow(selection) {
    for (;;) {
      const rc = this.#next(selection)
      if (rc !== C.MXSEL_LOOKUP) return rc
      const one = this.#ask(selection.pointer)
      if (!one) {
        throw new MxselError(C.MXSEL_EUSAGE,
          'answers are under way: iterate with "for await"')
      }
      const begun = performance.now()
      try {
        this.#answer_now(selection, one)
      } finally {
        spend(selection, begun)
      }
    }
  }

  #answer_now(selection, { query, name, type }) {
    let answer
    try {
      answer = this.#resolve(name, type)
      if (is_later(answer)) {
        answer.then(null, () => {})
        throw new TypeError('this resolver answers later: iterate with ' +
          '"for await"')
      }
    } catch (error) {
      if (selection.closed) throw error
      fail(query, name, error)
      return
    }
    // The resolver may have closed it: the question died then.
    if (!selection.closed) give(query, type, answer)
  }

  async nextLater(selection) {
    for (;;) {
      this.#complain()
      const rc = this.#next(selection)
      if (rc !== C.MXSEL_LOOKUP) return rc
      for (;;) {
        const one = this.#ask(selection.pointer)
        if (!one) break
        this.#answer_later(selection, one)
      }
      await this.#wait(selection)
    }
  }

  // The question may die before the answer comes: then it is not touched.
  // Until then it keeps its selection, which nobody else may hold any more.
  #answer_later(selection, { query, name, type }) {
    const asked = { selection }
    const told = async () => {
      try {
        let answer
        try {
          answer = await this.#resolve(name, type)
        } catch (error) {
          await null // what is thrown at once is waited for, too
          if (asked.selection) fail(query, name, error)
          return
        }
        if (asked.selection) give(query, type, answer)
      } catch (error) {
        this.#mistake ??= { error }
      } finally {
        this.#pending.delete(asked)
      }
    }
    this.#pending.add(asked)
    asked.told = told()
  }

  // Until one is answered or the time is used up.
  async #wait(selection) {
    const begun = performance.now()
    const left = core.mxsel_time_left(selection.pointer)
    let timer
    const ended = new Promise((resolve) => {
      this.ended = resolve
      if (left < 0x7fffffff) timer = setTimeout(resolve, left)
    })
    try {
      const all = [...this.#pending].map((asked) => asked.told)
      await Promise.race([...all, ended])
    } finally {
      clearTimeout(timer)
      spend(selection, begun)
    }
  }

  #complain() {
    const mistake = this.#mistake
    this.#mistake = undefined
    if (mistake !== undefined) throw mistake.error
  }

  /** Forget what is under way: the questions die now. */
  abandon() {
    for (const asked of this.#pending) asked.selection = null
    this.#pending.clear()
    this.ended?.()
  }
}

module.exports = { Answers }
