'use strict'

// How mail hosts behaved, for all selections that share it.

const { Handle } = require('./handle')
const { C, MxselError, c_int, c_string, check, check_file, core, forgotten,
  koffi, library, names, number_of, snake, structure } = require('./native')

const SETTINGS = ['half_life', 'explore', 'keep', 'refresh', 'budget',
  'read_only']
const COUNTERS = ['entries', 'bytes', 'reports', 'evicted', 'behind',
  'probes', 'asked', 'unanswered']

// The numbers of settings, counters and kinds overlap.
function number(name, known) {
  if (known.includes(snake(name))) return number_of('MEMORY', snake(name))
  throw new RangeError(`a memory has no "${name}"`)
}

function octets_of(bytes) {
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes
  throw new MxselError(C.MXSEL_ERANGE, `bytes ${bytes}`)
}

const outcomes = names(core.mxsel_outcome_name, 1)

// What C says of one, as a value of our own.
function entry_of(room) {
  const entry = koffi.decode(room, structure('mxsel_memory_entry'))
  return {
    kind: entry.kind === C.MXSEL_MEMORY_HOST ? 'host' : 'address',
    name: entry.name,
    port: entry.port,
    score: entry.score / 1000,
    age: entry.age,
    outcomes: Array.from(entry.outcomes).filter((one) => one !== 0)
      .map((one) => outcomes.get(one) ?? String(one)),
    code: entry.code,
    works: entry.works,
    turn: entry.turn,
    doubt: [4, 6].filter((family, bit) => entry.doubt & (1 << bit)),
    again: entry.again,
  }
}

function entry_room() {
  return Buffer.alloc(koffi.sizeof(structure('mxsel_memory_entry')))
}

function text_or_null(text, what) {
  return text === undefined || text === null ? null : c_string(text, what)
}

class Memory extends Handle {
  /**
   * @param {object} [settings] bytes (8 MiB), explore (of 1000), seconds:
   *   halfLife, keep; readOnly: for plans that nobody carries out
   */
  constructor({ bytes = 8 << 20, ...settings } = {}) {
    const out = [null]
    // C calls C: the clock is the library's own, the time of day, so that a
    // file has the right age in any process.
    const clock = library('libmxsel-ldns').loaded
      .symbol('mxsel_ldns_time_of_day')
    check(core.mxsel_memory_new(out, octets_of(bytes), clock, null),
      `memory ${bytes}`)
    super(out[0], core.mxsel_memory_free)
    for (const [key, value] of Object.entries(settings)) {
      check(core.mxsel_memory_set(this.pointer, number(key, SETTINGS),
        c_int(value, key)), `${key} ${value}`)
    }
  }

  /** An attempt that no selection made: { host, address, port, outcome,
   *  code, text }. */
  report({ host, address, port = 25, outcome, code = 0, text }) {
    check(core.mxsel_memory_report(this.pointer, text_or_null(host, 'host'),
      text_or_null(address, 'address'), c_int(port, 'port'),
      number_of('OUTCOME', outcome), c_int(code, 'code'),
      text_or_null(text, 'text')), `report ${host ?? address}`)
  }

  /** What is known of one host or address; undefined: nothing. */
  get(name, port = 25) {
    const room = entry_room()
    const known = check(core.mxsel_memory_get(this.pointer,
      c_string(name, 'name'), c_int(port, 'port'), room), name)
    return known ? entry_of(room) : undefined
  }

  /** All that is known, in no order. */
  * entries() {
    const place = [0n]
    const room = entry_room()
    while (check(core.mxsel_memory_next(this.pointer, place, room)) > 0) {
      yield entry_of(room)
    }
  }

  [Symbol.iterator]() {
    return this.entries()
  }

  /** Forget one host or address at every port. */
  forget(name) {
    check(core.mxsel_memory_forget(this.pointer, forgotten(name)),
      `forget ${name}`)
  }

  forgetAll() {
    check(core.mxsel_memory_forget(this.pointer, null), 'forget')
  }

  /** Write all that is known to a text file. */
  save(path) {
    check_file(core.mxsel_memory_save(this.pointer, c_string(path, 'path')),
      path)
  }

  /** Know what such a file says, besides what is known. */
  load(path) {
    check_file(core.mxsel_memory_load(this.pointer, c_string(path, 'path')),
      path)
  }

  /** A counter: 'entries', 'bytes', 'reports', 'behind', ... */
  statistic(name) {
    return Number(core.mxsel_memory_statistic(this.pointer,
      number(name, COUNTERS)))
  }
}

module.exports = { Memory }
