'use strict'

// Reads the *.cdef files that come with libmxsel (its headers as plain C
// declarations) into constants and koffi types, so that no prototype is
// written down a second time here. Knows the C that stands there, no more.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const OURS = path.join(__dirname, '..')

// Where the files may be: said, in the source tree, where pkg-config says,
// where a package puts them.
function* folders() {
  if (process.env.MXSEL_DECLARATIONS) yield process.env.MXSEL_DECLARATIONS
  if (OURS.endsWith(path.join('examples', 'bindings', 'node'))) {
    yield path.join(OURS, '../../../include/declarations')
  }
  try {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }
    const said = execFileSync('pkg-config',
      ['--variable=declarations', 'libmxsel'], options)
    if (said.trim()) yield said.trim()
  } catch {
    // no pkg-config, or it does not know libmxsel
  }
  yield '/usr/local/share/libmxsel'
  yield '/usr/share/libmxsel'
}

let folder

function text(library) {
  if (!folder) {
    for (const one of folders()) {
      if (!fs.existsSync(path.join(one, 'libmxsel.cdef'))) continue
      folder = one
      break
    }
  }
  if (!folder) {
    throw new Error('libmxsel.cdef is nowhere: is libmxsel installed? ' +
      'MXSEL_DECLARATIONS may name its folder')
  }
  return fs.readFileSync(path.join(folder, `${library}.cdef`), 'utf8')
}

// Cut at a separator that is in no bracket.
function split(source, separator) {
  const parts = ['']
  let depth = 0
  for (const letter of source) {
    if ('({['.includes(letter)) depth++
    if (')}]'.includes(letter)) depth--
    if (letter === separator && depth === 0) parts.push('')
    else parts[parts.length - 1] += letter
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function enumeration(body, constants) {
  let value = -1
  for (const one of split(body, ',')) {
    const [, name, number] = /^(\w+)(?:\s*=\s*(-?\w+))?$/.exec(one)
    value = number === undefined ? value + 1 : Number(number)
    constants[name] = value
  }
}

// "const char *const *x" as { base: 'char', stars: 2, fixed: true }: fixed
// when what it points to is const, inside as well.
function taken(declaration) {
  const words = declaration.match(/\w+|\*|[([]/g)
  const stars = words.filter((word) => word === '*').length
  const fixed = stars > 1 ? words.lastIndexOf('const') > words.indexOf('*')
    : words[0] === 'const'
  const base = words.find((word) => word !== 'const' && word !== 'struct')
  const opaque = words.includes('(') || words.includes('[')
  return { base, stars, fixed, opaque }
}

// "char name[256]; int kind;" as koffi wants it. An array of char is a text.
function fields(koffi, body) {
  const types = {}
  for (const one of split(body, ';')) {
    const [, base, name, count] = /^(\w+) (\w+)(?:\[(\d+)\])?$/.exec(one)
    types[name] = count === undefined ? base
      : koffi.array(base, Number(count), base === 'char' ? 'String' : 'Array')
  }
  return types
}

const NUMBERS = new Set(['int', 'size_t', 'uint16_t', 'uint32_t', 'uint64_t'])

// What koffi is told of a parameter. A number that is pointed to is an array
// of one in JavaScript, taken there and back; bytes are Buffers; a handle is
// an address, and one that comes out is in an array of one, too.
function parameter(koffi, declaration) {
  const { base, stars, fixed, opaque } = taken(declaration)
  if (opaque) return 'void *'
  // Without a star and no number it is the type of a function.
  if (stars === 0) return NUMBERS.has(base) ? base : 'void *'
  if (stars === 2 && fixed) return koffi.pointer('str')
  if (stars === 2) {
    return koffi.out(koffi.pointer(base === 'char' ? 'str' : 'void *'))
  }
  if (base === 'char' && fixed) return 'str'
  if (!NUMBERS.has(base)) return 'void *'
  return fixed ? koffi.pointer(base) : koffi.inout(koffi.pointer(base))
}

function result(declaration) {
  const { base, stars } = taken(declaration)
  if (stars === 0) return base
  return base === 'char' ? 'str' : 'void *'
}

/**
 * What a library declares.
 * @returns {{constants: object, functions: Map<string, function>, structures:
 *   Map<string, function>}} each of the functions takes koffi and a loaded
 *   library, and binds; each of the structures takes koffi, and is its type.
 */
function read(library) {
  const constants = {}
  const functions = new Map()
  const structures = new Map()
  const source = text(library).replace(/\/\*[^]*?\*\//g, ' ')
  for (const one of split(source, ';')) {
    const numbers = /^enum\s*\{([^]*)\}$/.exec(one)
    if (numbers) {
      enumeration(numbers[1], constants)
      continue
    }
    const members = /^struct (\w+)\s*\{([^]*)\}$/.exec(one)
    if (members) {
      structures.set(members[1],
        (koffi) => koffi.struct(fields(koffi, members[2])))
      continue
    }
    const match = /^(?!typedef)([^(]*?)(\w+)\s*\(([^]*)\)$/.exec(one)
    if (!match) continue
    const [, type, name, rest] = match
    const list = split(rest, ',').filter((each) => each !== 'void')
    functions.set(name, (koffi, loaded) => loaded.func(name, result(type),
      list.map((each) => parameter(koffi, each))))
  }
  return { constants, functions, structures }
}

module.exports = { read }
