'use strict'

// An object of the library and its end: close(), `using`, or, for those who
// forget, the garbage collector. The library counts who uses what (options
// keep a resolver, selections keep options), so the order does not matter.

const { C, MxselError } = require('./native')

const registry = new FinalizationRegistry((release) => release())

// Made outside of the constructor, so that it cannot hold the object itself.
function releaser(free, pointer) {
  return () => free(pointer)
}

class Handle {
  #pointer
  #release

  /**
   * @param {bigint} pointer
   * @param {function(bigint): void} free must not hold this object, or it
   *   would never be collected
   */
  constructor(pointer, free) {
    this.#pointer = pointer
    this.#release = releaser(free, pointer)
    registry.register(this, this.#release, this)
  }

  /** The address for the library's functions; throws when it is closed. */
  get pointer() {
    if (this.#pointer === null) {
      throw new MxselError(C.MXSEL_EUSAGE, `${this.constructor.name} is closed`)
    }
    return this.#pointer
  }

  get closed() {
    return this.#pointer === null
  }

  /** Give it back now. Closing twice is nothing. */
  close() {
    if (this.#pointer === null) return
    this.#pointer = null
    registry.unregister(this)
    this.#release()
  }
}

/** The pointer of an object that must be of a class: C believes it. */
function pointer_of(object, kind) {
  if (object instanceof kind) return object.pointer
  throw new TypeError(`no ${kind.name}: ${object}`)
}

// `using zone = new Zone(...)`, where the language has it.
if (Symbol.dispose) {
  Object.defineProperty(Handle.prototype, Symbol.dispose, {
    value() {
      this.close()
    },
  })
}

module.exports = { Handle, pointer_of }
