'use strict'

// Name servers, asked over sockets for any number of selections at once: one
// engine of the library in Node's own event loop.
//
// The engine has one descriptor, readable when there is something to do.
// koffi can watch it in libuv's loop (koffi.node.poll), so everything happens
// on the thread of JavaScript: nothing blocks, nothing is shared, nothing is
// called back from C. What selections begin in one turn of the loop is sent
// by one call at its end. koffi does not document its poll yet; its version
// is pinned for that reason. Where the engine has no descriptor (systems
// without epoll and kqueue) a timer looks after it.

const { isMainThread } = require('node:worker_threads')
const { Handle } = require('./handle')
const { C, MxselError, c_int, c_string, check, koffi, library, snake } =
  require('./native')

const ldns = library('libmxsel-ldns')

// Without a descriptor: how long an answer may lie there, milliseconds.
const LOOK = 5

// Those with selections under way; the loop holds them only weakly.
const busy = new Set()

// The watches that are open. At the end of a worker thread koffi is unloaded
// before the loop is done with a watch, so they must be closed before.
const watches = new Set()

if (!isMainThread) {
  process.on('exit', () => {
    for (const poll of watches) poll.close()
  })
}

function watch(dns, descriptor) {
  const weak = new WeakRef(dns)
  const poll = koffi.node.poll(descriptor, () => weak.deref()?.wake())
  poll.unref()
  watches.add(poll)
  return poll
}

function unwatch(poll) {
  watches.delete(poll)
  poll.close()
}

class Dns extends Handle {
  #waiting = new Map()
  #poll
  #timer
  #due = false

  /**
   * @param {object} [settings] servers: "192.0.2.53", "::1@5353", one or
   *   several (without any: those of resolvConf, /etc/resolv.conf);
   *   queryTime, inFlight, mixCase, trustAd as MXSEL_ENGINE_*
   */
  constructor({ servers, resolvConf, ...settings } = {}) {
    const out = [null]
    const file = resolvConf ?? (servers === undefined ? null : '')
    check(ldns.mxsel_engine_new(out, file), `DNS ${file ?? ''}`)
    const held = {}
    super(out[0], (pointer) => {
      if (held.poll) unwatch(held.poll)
      ldns.mxsel_engine_free(pointer)
    })
    try {
      this.#configure([servers ?? []].flat(), settings)
    } catch (error) {
      this.close()
      throw error
    }
    const descriptor = ldns.mxsel_engine_fd(this.pointer)
    if (descriptor >= 0) this.#poll = held.poll = watch(this, descriptor)
  }

  #configure(servers, settings) {
    for (const server of servers) {
      check(ldns.mxsel_engine_add_server(this.pointer,
        c_string(server, 'servers')), `server ${server}`)
    }
    const known = ldns.constants
    for (const [key, value] of Object.entries(settings)) {
      const number = known[`MXSEL_ENGINE_${snake(key).toUpperCase()}`]
      if (number === undefined) throw new TypeError(`no setting "${key}"`)
      check(ldns.mxsel_engine_set(this.pointer, number,
        c_int(value, key)),
        `${key} ${value}`)
    }
  }

  /** Nothing to attach: it asks from outside. */
  attach() {}

  /** A counter: 'sent_udp', 'sent_tcp', 'timeouts', 'coalesced', ... */
  statistic(name) {
    const number = ldns.constants[`MXSEL_LDNS_${name.toUpperCase()}`]
    if (number === undefined) throw new RangeError(`no statistic "${name}"`)
    return Number(ldns.mxsel_engine_statistic(this.pointer, number))
  }

  /** How many selections are under way. */
  get count() {
    return Number(ldns.mxsel_engine_count(this.pointer))
  }

  close() {
    if (this.closed) return
    clearTimeout(this.#timer)
    busy.delete(this)
    super.close()
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) {
      reject(new MxselError(C.MXSEL_ECANCELED, 'Dns is closed'))
    }
  }

  // What follows is for Selection.

  nextNow() {
    throw new MxselError(C.MXSEL_EUSAGE,
      'name servers answer later: iterate with "for await"')
  }

  async nextLater(selection) {
    for (;;) {
      const { pointer } = selection
      const rc = check(ldns.mxsel_engine_next(this.pointer, pointer),
        selection.destination)
      if (rc !== C.MXSEL_LOOKUP) return rc
      await new Promise((resolve, reject) => {
        this.#waiting.set(pointer, { resolve, reject })
        this.wake()
      })
    }
  }

  /** The selection ends now; nobody may wait for it. */
  abandon(selection) {
    const found = this.#waiting.get(selection.pointer)
    this.#waiting.delete(selection.pointer)
    if (!this.closed) {
      ldns.mxsel_engine_cancel(this.pointer, selection.pointer)
    }
    found?.reject(new MxselError(C.MXSEL_ECANCELED))
  }

  // Send, receive, let those go on who can.
  #turn() {
    if (this.closed) return
    const rc = ldns.mxsel_engine_process(this.pointer)
    for (;;) {
      const ready = ldns.mxsel_engine_ready(this.pointer)
      if (ready === null) break
      this.#waiting.get(ready)?.resolve()
      this.#waiting.delete(ready)
    }
    if (rc < 0) this.#fail(new MxselError(rc, 'Dns'))
    this.#arm()
  }

  #fail(error) {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) reject(error)
  }

  /**
   * At the end of this turn of the loop, once for all that begin in it. koffi
   * calls it from outside of Node's own callbacks, where no promise goes on:
   * one more reason to do nothing here.
   */
  wake() {
    if (this.#due || this.closed) return
    busy.add(this)
    this.#due = true
    setImmediate(() => {
      this.#due = false
      this.#turn()
    })
  }

  // What wakes it next; nothing keeps the process when nobody waits.
  #arm() {
    clearTimeout(this.#timer)
    if (this.#waiting.size === 0) {
      busy.delete(this)
      this.#poll?.unref()
      return
    }
    busy.add(this)
    this.#poll?.ref()
    const wait = ldns.mxsel_engine_timeout(this.pointer)
    if (wait === 0) {
      this.wake()
    } else if (!this.#poll || wait > 0) {
      const most = this.#poll ? wait : Math.min(LOOK, wait > 0 ? wait : LOOK)
      this.#timer = setTimeout(() => this.#turn(), most)
    }
  }
}

module.exports = { Dns }
