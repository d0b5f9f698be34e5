'use strict'

// Master files as a resolver. It answers at once, so selections with it can
// be iterated with `for` as well as with `for await`.

const { Handle } = require('./handle')
const { c_string, check, core, library } = require('./native')

class Zone extends Handle {
  /**
   * @param {string|string[]|{text: string}} source a file, several (one zone
   *   each), or a zone's text
   */
  constructor(source) {
    const ldns = library('libmxsel-ldns')
    const out = [null]
    if (source?.text !== undefined) {
      check(ldns.mxsel_ldns_zone_text_new(out, c_string(source.text, 'zone')),
        'zone')
    } else {
      const files = [source].flat().map((file) => c_string(file, 'zone'))
      check(ldns.mxsel_ldns_zone_new(out, files, files.length),
        files.join(', '))
    }
    super(out[0], core.mxsel_resolver_free)
  }

  attach(options) {
    check(core.mxsel_options_set_resolver(options, this.pointer))
  }

  // What follows is for Selection: its next step, now or later.

  nextNow(selection) {
    return check(core.mxsel_next(selection.pointer), selection.destination)
  }

  async nextLater(selection) {
    return this.nextNow(selection)
  }
}

module.exports = { Zone }
