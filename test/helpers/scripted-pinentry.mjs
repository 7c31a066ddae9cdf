#!/usr/bin/env node
// A pinentry without a face: speaks Assuan on stdin and stdout like the real ones (greeting, GETINFO, OPTION, SET…,
// GETPIN, CONFIRM, BYE) and answers as a script file says. The bridge starts it with `--pinentry` and cannot tell.
//
// TRIEN_SCRIPTED_PINENTRY names a JSON file, read anew at every start:
//   getpin   "pin" (default) | "cancel" | "timeout" | "hang" | "no-ui" | "exit" | "inquire"
//   pin      what GETPIN answers, default "123456"
//   pins     what GETPIN answers to a label (SETPROMPT), before `pin`
//   confirm  "ok" (default) | "cancel" | "deny" | "timeout" | "hang" | "no-ui" | "exit"
//   record   a file; every question and every end is appended to it as one line of JSON
import { appendFileSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const script = {
  getpin: 'pin',
  pin: '123456',
  confirm: 'ok',
  ...JSON.parse(readFileSync(process.env.TRIEN_SCRIPTED_PINENTRY, 'utf8')),
}
const shown = {}

const ERRORS = {
  cancel: 'ERR 83886179 Operation cancelled <Pinentry>',
  deny: 'ERR 83886194 Not confirmed <Pinentry>',
  timeout: 'ERR 83886142 Timeout <Pinentry>',
  'no-ui': 'ERR 83918950 Inappropriate ioctl for device <Pinentry>',
}
const FIELDS = {
  SETTITLE: 'title',
  SETDESC: 'description',
  SETPROMPT: 'prompt',
  SETERROR: 'error',
  SETOK: 'ok',
  SETCANCEL: 'cancel',
  SETNOTOK: 'notOk',
  SETTIMEOUT: 'timeout',
}

const say = (line) => process.stdout.write(`${line}\n`)
const record = (entry) => {
  if (script.record !== undefined) appendFileSync(script.record, `${JSON.stringify(entry)}\n`)
}
const decode = (text) => decodeURIComponent(text.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'))
const escape = (text) => text.replace(/[%\r\n]/g, (c) => encodeURIComponent(c))

function ask(command, behaviour) {
  record({ event: 'asked', command, pid: process.pid, ...shown })
  if (behaviour === 'hang') return
  if (behaviour === 'exit') process.exit(1)
  if (behaviour === 'inquire') return say(`INQUIRE CHECKPIN ${escape(script.pin)}`)
  if (behaviour in ERRORS) return say(ERRORS[behaviour])
  const pin = script.pins?.[shown.prompt] ?? script.pin
  if (command === 'GETPIN' && pin !== '') say(`D ${escape(pin)}`)
  say('OK')
}

function hear(line) {
  const [command, rest] = /^(\S+)\s?(.*)$/.exec(line)?.slice(1) ?? ['', '']
  if (Buffer.byteLength(line) + 1 > 1000) {
    // The real ones exit at a line over Assuan's limit.
    record({ event: 'line-too-long', command, bytes: Buffer.byteLength(line) })
    process.exit(2)
  }
  if (command in FIELDS) {
    shown[FIELDS[command]] = decode(rest)
    say('OK')
  } else if (command === 'GETINFO') {
    say(rest === 'flavor' ? 'D scripted' : `D ${process.pid}`)
    say('OK')
  } else if (command === 'GETPIN') ask('GETPIN', script.getpin)
  else if (command === 'CONFIRM') ask('CONFIRM', script.confirm)
  else if (command === 'CAN') say(ERRORS.cancel)
  else if (command === 'BYE') {
    say('OK closing connection')
    process.exit(0)
  } else if (command === 'OPTION' && rest.startsWith('no-such')) say('ERR 83886254 Unknown option')
  else say('OK')
}

process.on('exit', () => record({ event: 'ended', pid: process.pid }))
process.on('SIGTERM', () => process.exit(143))
say('OK Pleased to meet you')
createInterface({ input: process.stdin })
  .on('line', hear)
  .on('close', () => process.exit(0))
