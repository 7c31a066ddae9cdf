import { describe, expect, it } from 'vitest'
import { type OriginLoad, type UpgradeFacts, decidePeer, decideUpgrade } from './gate.ts'
import { createLoadBook } from './load.ts'

const PORT = 27480
const OWN_UID = 1000
const ORIGIN = 'https://portal.gov.test'
const QUIET: OriginLoad = { open: 0, connectsInLastMinute: 0 }

type Header = readonly [name: string, value: string]
const HOST: Header = ['Host', `127.0.0.1:${PORT}`]
const SUBPROTOCOL: Header = ['Sec-WebSocket-Protocol', 'trien.v1']
const origin = (value: string): Header => ['Origin', value]

function facts(headers: readonly Header[], change: Partial<UpgradeFacts> = {}): UpgradeFacts {
  const rawHeaders = headers.flat()
  return { method: 'GET', target: '/v1', rawHeaders, port: PORT, ...change }
}
const good = [HOST, origin(ORIGIN), SUBPROTOCOL]
const withOrigin = (...values: string[]): readonly Header[] => [
  HOST,
  ...values.map(origin),
  SUBPROTOCOL,
]
const withHost = (...values: string[]): readonly Header[] => [
  ...values.map((value): Header => ['host', value]),
  origin(ORIGIN),
  SUBPROTOCOL,
]
const withSubprotocol = (...values: string[]): readonly Header[] => [
  HOST,
  origin(ORIGIN),
  ...values.map((value): Header => ['Sec-WebSocket-Protocol', value]),
]

describe('the gate admits', () => {
  it.each([
    ['an https page', good],
    ['an https page on a port', withOrigin('https://portal.gov.test:8443')],
    ['an https page on an address', withOrigin('https://10.9.8.7')],
    ['a name in punycode', withOrigin('https://xn--trin-nw5a.vn')],
    ['http on localhost', withOrigin('http://localhost:3000')],
    ['http on 127.0.0.1', withOrigin('http://127.0.0.1')],
    ['http on ::1', withOrigin('http://[::1]:8080')],
    ['a page that said localhost', withHost(`localhost:${PORT}`)],
    ['a page that said ::1', withHost(`[::1]:${PORT}`)],
    ['our subprotocol among others', withSubprotocol('trien.v2, trien.v1')],
    ['our subprotocol in a second header', withSubprotocol('chat', 'trien.v1')],
  ])('%s', (_, headers) => {
    expect(decideUpgrade(facts(headers), () => QUIET)).toMatchObject({ admitted: true })
  })

  it.each([
    ['the person’s own program', OWN_UID, OWN_UID],
    ['root’s program, where the bridge is root’s', 0, 0],
    ['anybody, where the system does not tell', 'unknown', OWN_UID],
    ['anybody on Windows', 'unknown', undefined],
  ] as const)('%s', (_, peerUid, ownUid) => {
    expect(decidePeer(peerUid, ownUid)).toBeUndefined()
  })

  it('and names the origin exactly as the page did', () => {
    expect(decideUpgrade(facts(good), () => QUIET)).toEqual({ admitted: true, origin: ORIGIN })
  })
})

describe('the gate refuses', () => {
  it.each([
    ['no Host', 403, 'host-missing', withHost()],
    ['two Hosts', 403, 'host-duplicate', withHost(`127.0.0.1:${PORT}`, `127.0.0.1:${PORT}`)],
    ['a rebound name', 403, 'host-wrong', withHost(`rebind.test:${PORT}`)],
    ['another port', 403, 'host-wrong', withHost('127.0.0.1:80')],
    ['no port', 403, 'host-wrong', withHost('127.0.0.1')],
    ['localhost in capitals', 403, 'host-wrong', withHost(`LOCALHOST:${PORT}`)],
    ['a Host with a tail', 403, 'host-wrong', withHost(`127.0.0.1:${PORT}.evil.test`)],
    ['all interfaces', 403, 'host-wrong', withHost(`0.0.0.0:${PORT}`)],
    ['no Origin', 403, 'origin-missing', withOrigin()],
    ['an empty Origin', 403, 'origin-missing', withOrigin('')],
    ['null', 403, 'origin-null', withOrigin('null')],
    ['two Origins', 403, 'origin-duplicate', withOrigin(ORIGIN, 'https://evil.test')],
    ['the same Origin twice', 403, 'origin-duplicate', withOrigin(ORIGIN, ORIGIN)],
    ['two Origins in one', 403, 'origin-malformed', withOrigin(`${ORIGIN}, https://evil.test`)],
    ['a file', 403, 'origin-scheme', withOrigin('file://')],
    ['an extension', 403, 'origin-scheme', withOrigin('chrome-extension://abcdefghijklmnop')],
    ['a Firefox extension', 403, 'origin-scheme', withOrigin('moz-extension://0b1c')],
    ['a ws origin', 403, 'origin-scheme', withOrigin('wss://portal.gov.test')],
    ['javascript', 403, 'origin-scheme', withOrigin('javascript:alert(1)')],
    ['http elsewhere', 403, 'origin-insecure', withOrigin('http://portal.gov.test')],
    ['a localhost suffix', 403, 'origin-insecure', withOrigin('http://localhost.evil.test')],
    ['a localhost prefix', 403, 'origin-insecure', withOrigin('http://evil-localhost')],
    ['an address suffix', 403, 'origin-insecure', withOrigin('http://127.0.0.1.evil.test')],
    ['another loopback address', 403, 'origin-insecure', withOrigin('http://127.0.0.2')],
    ['a user name', 403, 'origin-malformed', withOrigin('https://portal.gov.test@evil.test')],
    ['localhost as user', 403, 'origin-malformed', withOrigin('http://localhost:1@evil.test')],
    ['a path', 403, 'origin-malformed', withOrigin(`${ORIGIN}/`)],
    ['a query', 403, 'origin-malformed', withOrigin(`${ORIGIN}?x`)],
    ['a fragment', 403, 'origin-malformed', withOrigin(`${ORIGIN}#x`)],
    ['a default port', 403, 'origin-malformed', withOrigin(`${ORIGIN}:443`)],
    ['capitals', 403, 'origin-malformed', withOrigin('https://PORTAL.gov.test')],
    ['spaces', 403, 'origin-malformed', withOrigin(` ${ORIGIN}`)],
    ['a decimal address', 403, 'origin-malformed', withOrigin('http://2130706433')],
    ['a host not in punycode', 403, 'origin-malformed', withOrigin('https://triện.vn')],
    ['no host', 403, 'origin-malformed', withOrigin('https://')],
    ['words', 403, 'origin-malformed', withOrigin('portal')],
    ['an endless Origin', 403, 'origin-malformed', withOrigin(`https://${'a'.repeat(300)}`)],
    ['no subprotocol', 400, 'subprotocol-wrong', withSubprotocol()],
    ['another subprotocol', 400, 'subprotocol-wrong', withSubprotocol('trien.v10')],
  ])('%s', (_, status, reason, headers) => {
    expect(decideUpgrade(facts(headers), () => QUIET)).toEqual({ admitted: false, status, reason })
  })

  it.each([
    ['another path', 404, 'path-wrong', { target: '/' }],
    ['a path with a tail', 404, 'path-wrong', { target: '/v1/' }],
    ['a path with a query', 404, 'path-wrong', { target: '/v1?x' }],
    ['an absolute target', 404, 'path-wrong', { target: `http://127.0.0.1:${PORT}/v1` }],
    ['another method', 405, 'method-wrong', { method: 'POST' }],
  ])('%s', (_, status, reason, change) => {
    const decision = decideUpgrade(facts(good, change), () => QUIET)
    expect(decision).toEqual({ admitted: false, status, reason })
  })

  it.each([
    ['another person', 'peer-other-user', 1001, OWN_UID],
    ['root', 'peer-other-user', 0, OWN_UID],
    ['a person, where the bridge is root’s', 'peer-other-user', OWN_UID, 0],
    ['a number where the bridge has none', 'peer-other-user', OWN_UID, undefined],
    ['whom the system should name and does not', 'peer-unlisted', 'unlisted', OWN_UID],
  ] as const)('%s', (_, reason, peerUid, ownUid) => {
    expect(decidePeer(peerUid, ownUid)).toBe(reason)
  })

  it.each([
    ['a seventeenth socket', 'origin-connections', { open: 16, connectsInLastMinute: 16 }],
    ['too many connects', 'origin-rate', { open: 0, connectsInLastMinute: 60 }],
  ])('%s of one origin', (_, reason, load) => {
    const decision = decideUpgrade(facts(good), (name) => (name === ORIGIN ? load : QUIET))
    expect(decision).toEqual({ admitted: false, status: 429, reason })
    const other = facts(withOrigin('https://other.test'))
    expect(decideUpgrade(other, (name) => (name === ORIGIN ? load : QUIET)).admitted).toBe(true)
  })
})

describe('the book of loads', () => {
  it('counts sockets while they are open and attempts for a minute', () => {
    let now = 0
    const book = createLoadBook(() => now)
    const leave = book.enter(ORIGIN)
    book.enter(ORIGIN)
    expect(book.loadOf(ORIGIN)).toEqual({ open: 2, connectsInLastMinute: 2 })
    leave()
    expect(book.loadOf(ORIGIN)).toEqual({ open: 1, connectsInLastMinute: 2 })
    now = 60_000
    expect(book.loadOf(ORIGIN)).toEqual({ open: 1, connectsInLastMinute: 0 })
  })

  it('forgets quiet origins before it grows without end', () => {
    const book = createLoadBook(() => 0)
    book.enter('https://open.test')
    for (let index = 0; index < 5000; index++) book.enter(`https://a${index}.test`)()
    expect(book.loadOf('https://a0.test').connectsInLastMinute).toBe(0)
    expect(book.loadOf('https://open.test').open).toBe(1)
  })
})
