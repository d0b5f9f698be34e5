'use strict'

// libmxsel for Node: which hosts to try, in which order, to deliver mail
// (RFC 5321, 5.1). README.md shows how.

const { Cache } = require('./lib/cache')
const { Dns } = require('./lib/dns')
const { Memory } = require('./lib/memory')
const { MxselError, core } = require('./lib/native')
const { Options } = require('./lib/options')
const { Attempt, Selection, StsPolicy, select } = require('./lib/selection')
const { Zone } = require('./lib/zone')

/** The version of the library that runs. */
const version = core.mxsel_version()

module.exports = { Attempt, Cache, Dns, Memory, MxselError, Options,
  Selection, StsPolicy, Zone, select, version }
