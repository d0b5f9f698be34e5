'use strict'

// The shared libraries, loaded when first needed; their functions, bound when
// first called; their constants; and their errors as exceptions.

const path = require('node:path')
const util = require('node:util')
const koffi = require('koffi')
const { read } = require('./declarations')

// The name that a program is linked with.
function soname(library) {
  return process.platform === 'darwin' ? `${library}.0.dylib`
    : `${library}.so.0`
}

// By soname, so that the dynamic linker decides; MXSEL_LIBDIR overrides it.
function load(library) {
  const folder = process.env.MXSEL_LIBDIR ?? ''
  // The others need libmxsel, and find the one that is there already.
  if (library !== 'libmxsel') void core.loaded
  return koffi.load(path.join(folder, soname(library)))
}

/** A library: each of its functions is a property. */
function open(library) {
  const { constants, functions, structures } = read(library)
  const api = Object.create(null)
  for (const [name, bind] of functions) {
    Object.defineProperty(api, name, {
      configurable: true,
      get() {
        const value = bind(koffi, api.loaded)
        Object.defineProperty(api, name, { value })
        return value
      },
    })
  }
  Object.defineProperty(api, 'loaded', {
    configurable: true,
    get() {
      const value = load(library)
      Object.defineProperty(api, 'loaded', { value })
      return value
    },
  })
  Object.defineProperty(api, 'constants', { value: constants })
  Object.defineProperty(api, 'structures', { value: structures })
  return api
}

const opened = new Map()

function library(name) {
  if (!opened.has(name)) opened.set(name, open(name))
  return opened.get(name)
}

const core = library('libmxsel')
const C = core.constants

const made = new Map()

/** The type of one of the library's structs. */
function structure(name) {
  if (!made.has(name)) made.set(name, core.structures.get(name)(koffi))
  return made.get(name)
}

const ERRORS = ['ENOMEM', 'EUSAGE', 'ERANGE', 'ESYNTAX', 'ELIMIT',
  'EMISMATCH', 'EMALFORMED', 'ESPACE', 'EENTROPY', 'ESYSTEM', 'EFILE',
  'ECANCELED'].map((name) => `MXSEL_${name}`)

/** What the library says went wrong with a call; never the fate of a mail. */
class MxselError extends Error {
  /**
   * @param {number} number negative, MXSEL_E*
   * @param {string} [what] what it was about
   */
  constructor(number, what) {
    const sentence = core.mxsel_strerror(number)
    super(what ? `${what}: ${sentence}` : sentence)
    this.name = 'MxselError'
    this.number = number
    this.code = ERRORS.find((name) => C[name] === number) ?? 'MXSEL_ERROR'
  }
}

/** Throw when it is an error's number; else hand it on. */
function check(number, what) {
  if (number < 0) throw new MxselError(number, what)
  return number
}

// What Node itself would have thrown for errno.
function system_error(errno, file) {
  const code = util.getSystemErrorName(-errno)
  return Object.assign(new Error(`${code}: ${file}`),
    { code, errno: -errno, path: file })
}

/** The same for a call that says in errno what is wrong with a file. */
function check_file(number, file) {
  const errno = koffi.errno()
  if (number !== C.MXSEL_EFILE || errno <= 0) return check(number, file)
  const cause = system_error(errno, file)
  const failure = new MxselError(number, file)
  failure.message += ` (${cause.code})`
  throw Object.assign(failure, { errno: cause.errno, path: file, cause })
}

/** Every name that one of the mxsel_*_name() functions knows, by number. */
function names(name_of, first) {
  const all = new Map()
  for (let number = first; ; number++) {
    const name = name_of(number)
    if (name === null) return all
    all.set(number, name)
  }
}

/**
 * The number of a name: as the library writes it ("own_name"), or with '-',
 * or the number itself. prefix: of the constants, "OUTCOME".
 */
function number_of(prefix, name) {
  if (Number.isInteger(name)) return name
  const constant = `MXSEL_${prefix}_` +
    String(name).toUpperCase().replace(/-/g, '_')
  if (C[constant] === undefined) {
    throw new RangeError(`there is no ${prefix.toLowerCase()} "${name}"`)
  }
  return C[constant]
}

/** The name of a constant's number: ("TYPE", 15) is "MX". */
function constant_name(prefix, number) {
  const begin = `MXSEL_${prefix}_`
  const found = Object.keys(C).find((name) => name.startsWith(begin) &&
    C[name] === number)
  return found ? found.slice(begin.length) : String(number)
}

/** "maxHosts" and "max-hosts" as the library writes it: "max_hosts". */
function snake(name) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/-/g, '_')
}

/** A text for C: it would end at a NUL, and undefined is no name of a host. */
function c_string(text, what) {
  if (typeof text === 'string' && !text.includes('\0')) return text
  throw new MxselError(C.MXSEL_ESYNTAX, what)
}

/** Octets for C, which takes an empty Buffer for NULL: one more than length. */
function octets(bytes) {
  return Buffer.concat([Buffer.from(bytes), Buffer.alloc(1)])
}

/** The name that is to be forgotten: nothing is never everything. */
function forgotten(name) {
  if (typeof name === 'string') return c_string(name, 'forget')
  throw new TypeError('forget() wants a name; forgetAll() forgets all')
}

/** A number that is an int in C, where others would be cut to one. */
function c_int(value, what) {
  if (typeof value === 'boolean') return Number(value)
  if (!Number.isInteger(value) || Math.abs(value) > 0x7fffffff) {
    throw new MxselError(C.MXSEL_ERANGE, `${what} ${value}`)
  }
  return value
}

module.exports = { C, MxselError, c_int, c_string, check, check_file,
  constant_name, core, forgotten, koffi, library, names, number_of, octets,
  snake, structure }
