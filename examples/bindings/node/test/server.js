'use strict'

// A name server on loopback for the tests: UDP, answers after a while.

const dgram = require('node:dgram')

const NUMBERS = { 1: 'A', 15: 'MX', 28: 'AAAA' }

function wire(name) {
  return Buffer.concat([...name.split('.').flatMap((label) =>
    [Buffer.from([label.length]), Buffer.from(label)]), Buffer.alloc(1)])
}

function data_of(type, record) {
  if (type === 'A') return Buffer.from(record.split('.').map(Number))
  if (type === 'AAAA') return Buffer.from(record, 'hex')
  const preference = Buffer.alloc(2)
  preference.writeUInt16BE(record[0])
  return Buffer.concat([preference, wire(record[1])])
}

function read(question) {
  const labels = []
  let at = 12
  while (question[at]) {
    labels.push(question.toString('latin1', at + 1, at + 1 + question[at]))
    at += 1 + question[at]
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5,
    number: question.readUInt16BE(at + 1) }
}

function reply(question, { name, end, number }, answer) {
  const records = answer.map((record) => {
    const data = data_of(NUMBERS[number], record)
    const head = Buffer.from([192, 12, 0, number, 0, 1, 0, 0, 0, 60, 0,
      data.length])
    return Buffer.concat([head, data])
  })
  const head = Buffer.from([question[0], question[1], 0x81, 0x80, 0, 1, 0,
    records.length, 0, 0, 0, 0])
  return Buffer.concat([head, question.subarray(12, end), ...records])
}

/**
 * answer(name, type) gives records, or null for silence; delay in
 * milliseconds. Resolves to { address, asked, close }.
 */
async function serve(answer, delay = 0) {
  const socket = dgram.createSocket('udp4')
  const asked = []
  socket.on('message', (question, client) => {
    const read_question = read(question)
    const type = NUMBERS[read_question.number]
    asked.push(`${read_question.name} ${type}`)
    const found = answer(read_question.name, type)
    if (found === null) return
    const message = reply(question, read_question, found)
    setTimeout(() => socket.send(message, client.port, client.address),
      delay)
  })
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return { asked, address: `127.0.0.1@${socket.address().port}`,
    close: () => socket.close() }
}

module.exports = { serve }
