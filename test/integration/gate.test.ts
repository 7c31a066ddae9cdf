import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import {
  type Header,
  RawClient,
  honestHeaders,
  openPage,
  requestHead,
  withHeader,
} from '../helpers/raw-client.ts'

let bridge: BridgeProcess
const clients: RawClient[] = []

beforeAll(async () => {
  bridge = await startBridge()
})
afterAll(async () => {
  expect(await bridge.stop()).toBe(0)
})
afterEach(async () => {
  for (const client of clients.splice(0)) {
    client.destroy()
    await client.untilClosed()
  }
})

function newClient(host?: string): RawClient {
  const client = new RawClient(bridge.port, host)
  clients.push(client)
  return client
}
async function knock(headers: readonly Header[], line?: string): Promise<number> {
  const client = newClient()
  const status = await client.upgrade(requestHead(headers, line))
  if (status !== 101) await client.untilClosed()
  return status
}
async function page(origin?: string): Promise<RawClient> {
  const client = await openPage(bridge.port, origin)
  clients.push(client)
  return client
}
const honest = (): Header[] => honestHeaders(bridge.port)

describe('an honest page', () => {
  it('is let in with our subprotocol and without compression', async () => {
    const client = newClient()
    expect(await client.upgrade(requestHead(honest()))).toBe(101)
    expect(client.answerHead).toMatch(/^sec-websocket-protocol: trien\.v1$/im)
    expect(client.answerHead).not.toMatch(/extensions/i)
  })

  it('is let in on ::1 too, where the machine has it', async (context) => {
    const probe = connect({ port: bridge.port, host: '::1' })
    const reached = await new Promise<boolean>((resolve) => {
      probe.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    probe.destroy()
    if (!reached) context.skip('this machine has no ::1')
    const client = newClient('::1')
    const headers = withHeader(honest(), 'Host', `[::1]:${bridge.port}`)
    expect(await client.upgrade(requestHead(headers))).toBe(101)
  })

  it('learns the protocol and the version, nothing else', async () => {
    const client = newClient()
    await client.upgrade(requestHead(honest()))
    client.sendJson({ jsonrpc: '2.0', id: 1, method: 'hello', params: { versions: [1], sdk: 'x' } })
    const { result } = await client.json()
    expect(Object.keys(result as object).sort()).toEqual(['bridge', 'version'])
  })

  it('of another protocol learns which one we speak', async () => {
    const client = newClient()
    await client.upgrade(requestHead(honest()))
    client.sendJson({ jsonrpc: '2.0', id: 1, method: 'hello', params: { versions: [9], sdk: 'x' } })
    expect(await client.json()).toMatchObject({
      error: { data: { code: 'BRIDGE_VERSION', details: { supported: 1 } } },
    })
  })

  it('that stays silent for ten seconds while its browser asks is still served', async () => {
    const client = newClient()
    await client.connected()
    // The length of the silence is the very thing under test.
    await sleep(10_500)
    expect(await client.upgrade(requestHead(honest()))).toBe(101)
  })
})

describe('the gate refuses, and names in its log', () => {
  const origin =
    (...values: string[]) =>
    (): Header[] =>
      withHeader(honest(), 'Origin', ...values)
  const host =
    (...values: string[]) =>
    (): Header[] =>
      withHeader(honest(), 'Host', ...values)

  it.each<[string, number, string, () => Header[]]>([
    ['a rebound Host', 403, 'host-wrong', () => host(`rebind.test:${bridge.port}`)()],
    ['a Host without the port', 403, 'host-wrong', host('127.0.0.1')],
    ['a missing Origin', 403, 'origin-missing', origin()],
    ['a null Origin', 403, 'origin-null', origin('null')],
    ['an http Origin', 403, 'origin-insecure', origin('http://portal.gov.test')],
    ['a localhost suffix', 403, 'origin-insecure', origin('http://localhost.evil.test')],
    ['a user name', 403, 'origin-malformed', origin('https://portal.gov.test@evil.test')],
    ['trailing junk', 403, 'origin-malformed', origin('https://portal.gov.test/')],
    ['a file', 403, 'origin-scheme', origin('file://')],
    ['an extension', 403, 'origin-scheme', origin('chrome-extension://abcdefgh')],
    [
      'a duplicate Origin',
      403,
      'origin-duplicate',
      origin('https://portal.gov.test', 'https://evil.test'),
    ],
    [
      'a wrong subprotocol',
      400,
      'subprotocol-wrong',
      () => withHeader(honest(), 'Sec-WebSocket-Protocol', 'chat'),
    ],
    [
      'a missing subprotocol',
      400,
      'subprotocol-wrong',
      () => withHeader(honest(), 'Sec-WebSocket-Protocol'),
    ],
  ])('%s', async (_, status, reason, headers) => {
    const seen = bridge.stderr().length
    expect(await knock(headers())).toBe(status)
    await bridge.untilStderr(new RegExp(`^[^]{${seen}}[^]*refused ${reason}$`, 'm'))
  })

  it.each([
    ['a wrong path', 404, 'GET / HTTP/1.1'],
    ['a path with a tail', 404, 'GET /v1/x HTTP/1.1'],
    ['a path with a query', 404, 'GET /v1?token=1 HTTP/1.1'],
    ['another method', 405, 'POST /v1 HTTP/1.1'],
  ])('%s', async (_, status, line) => {
    expect(await knock(honest(), line)).toBe(status)
  })

  it('two Hosts, before it is even asked', async () => {
    const twice = [`127.0.0.1:${bridge.port}`, `127.0.0.1:${bridge.port}`]
    expect([400, 403]).toContain(await knock(withHeader(honest(), 'Host', ...twice)))
  })

  it('headers over 8 KiB', async () => {
    expect(await knock([...honest(), ['X-Long', 'x'.repeat(9000)]])).toBe(431)
  })

  it('a plain HTTP request, with nothing in the answer', async () => {
    const plain: Header[] = [['Host', `127.0.0.1:${bridge.port}`]]
    const client = newClient()
    expect(await client.upgrade(requestHead(plain, 'GET /v1 HTTP/1.1'))).toBe(404)
    expect(client.answerHead).not.toMatch(/access-control|server|trien/i)
  })

  it('a seventeenth socket of one origin, and lets another origin in', async () => {
    for (let index = 0; index < 16; index++) expect(await knock(honest())).toBe(101)
    expect(await knock(honest())).toBe(429)
    expect(await knock(honestHeaders(bridge.port, 'https://other.gov.test'))).toBe(101)
  })

  it('a flood of sockets, and serves again when it is over', async () => {
    const flood = Array.from({ length: 400 }, () => newClient())
    await Promise.race([
      Promise.all(flood.map((client) => client.connected())),
      Promise.any(flood.map((client) => client.untilClosed())),
    ])
    await Promise.any(flood.map((client) => client.untilClosed()))
    for (const client of flood) client.destroy()
    await Promise.all(flood.map((client) => client.untilClosed()))
    await expect.poll(() => knock(honest()), { timeout: 10_000 }).toBe(101)
  })
})

describe('a page that was let in', () => {
  const problem = (name: string, id: number | null) => ({
    id,
    error: { data: { code: 'BRIDGE_PROTOCOL', details: { problem: name } } },
  })

  it('must say hello first', async () => {
    const client = newClient()
    await client.upgrade(requestHead(honest()))
    client.sendJson({ jsonrpc: '2.0', id: 5, method: 'certificates.list', params: {} })
    expect(await client.json()).toMatchObject(problem('hello-first', 5))
  })

  it('is told that a method is unknown', async () => {
    const client = await page()
    client.sendJson({ jsonrpc: '2.0', id: 2, method: 'token.setModule', params: {} })
    expect(await client.json()).toMatchObject({ ...problem('method', 2), error: { code: -32601 } })
  })

  it('is told where params have not the promised shape', async () => {
    const client = await page()
    client.sendJson({ jsonrpc: '2.0', id: 2, method: 'hello', params: { versions: 'x' } })
    expect(await client.json()).toMatchObject({
      id: 2,
      error: { code: -32602, data: { details: { problem: 'params.versions' } } },
    })
  })

  it('is answered without an id to what is not JSON, and closed at the third time', async () => {
    const client = await page()
    client.send('text', '{')
    expect(await client.json()).toMatchObject({
      ...problem('parse', null),
      error: { code: -32700 },
    })
    client.send('text', '[]')
    expect(await client.json()).toMatchObject({
      ...problem('envelope', null),
      error: { code: -32600 },
    })
    client.send('text', '{"jsonrpc":"2.0","id":1,"result":1}')
    expect(await client.closeCode()).toBe(1008)
  })

  it.each([
    ['a binary frame', 1003, (client: RawClient) => client.send('binary', Uint8Array.of(1, 2, 3))],
    ['an oversize frame', 1009, (client: RawClient) => client.send('text', 'x'.repeat(262_145))],
    [
      'a message oversize in its fragments',
      1009,
      (client: RawClient) => {
        client.send('text', 'x'.repeat(200_000), false)
        client.send('continuation', 'x'.repeat(200_000))
      },
    ],
    [
      'a message in a thousand fragments',
      1008,
      (client: RawClient) => {
        client.send('text', 'x', false)
        for (let index = 0; index < 1000; index++) client.send('continuation', 'x', false)
      },
    ],
    [
      'text that is not UTF-8',
      1007,
      (client: RawClient) => client.send('text', Uint8Array.of(0xc3, 0x28)),
    ],
  ])('is closed for %s', async (_, code, send) => {
    const client = await page()
    send(client)
    expect(await client.closeCode()).toBe(code)
  })

  it('may send 256 KiB', async () => {
    const client = await page()
    const params = { versions: [1], sdk: 'x', future: 'y'.repeat(262_000) }
    client.sendJson({ jsonrpc: '2.0', id: 2, method: 'hello', params })
    expect(await client.json()).toMatchObject({ id: 2, result: { version: 1 } })
  })
})
