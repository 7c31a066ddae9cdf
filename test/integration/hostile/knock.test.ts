/**
 * Attacks before the upgrade: pages and programs that should not get a socket. Where another program fell to one, its
 * name is beside it.
 */
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type HostileLab, createHostileLab } from '../../helpers/hostile-lab.ts'
import { type Header, type RawClient, requestHead, withHeader } from '../../helpers/raw-client.ts'

let lab: HostileLab
beforeAll(async () => {
  lab = await createHostileLab()
})
afterEach(() => lab.assertUnharmed())
afterAll(() => lab?.close())

type Refused = readonly [name: string, status: number, reason: string, headers: () => Header[]]
const withOrigin =
  (...values: string[]) =>
  (): Header[] =>
    withHeader(lab.honest(), 'Origin', ...values)
const withHost = (host: (port: number) => string) => (): Header[] =>
  withHeader(lab.honest(), 'Host', host(lab.bridge.port))
const withSubprotocol =
  (...values: string[]) =>
  (): Header[] =>
    withHeader(lab.honest(), 'Sec-WebSocket-Protocol', ...values)

async function expectRefused([, status, reason, headers]: Refused): Promise<void> {
  const seen = lab.bridge.stderr().length
  expect(await lab.knock(headers())).toBe(status)
  await lab.bridge.untilStderr(new RegExp(`^[^]{${seen}}[^]*refused ${reason}$`, 'm'))
}

describe('an Origin that is no portal’s', () => {
  it.each<Refused>([
    // CWE-1385; OpenClaw CVE-2026-25253, Logitech Options 2018, AutoFirma: a WebSocket without a look at the Origin.
    ['that is absent', 403, 'origin-missing', withOrigin()],
    ['that is empty', 403, 'origin-missing', withOrigin('')],
    ['null, of a sandboxed frame or a file', 403, 'origin-null', withOrigin('null')],
    ['of plain http', 403, 'origin-insecure', withOrigin('http://portal.gov.test')],
    // ASUS DriverHub CVE-2025-3462: compared by a part of it.
    ['that begins as localhost', 403, 'origin-insecure', withOrigin('http://localhost.evil.test')],
    ['that ends as localhost', 403, 'origin-insecure', withOrigin('http://evil-localhost')],
    ['of another loopback address', 403, 'origin-insecure', withOrigin('http://127.0.0.2')],
    ['with a user', 403, 'origin-malformed', withOrigin('https://portal.gov.test@evil.test')],
    ['with a port as user', 403, 'origin-malformed', withOrigin('http://localhost:80@evil.test')],
    ['with its default port', 403, 'origin-malformed', withOrigin('https://portal.gov.test:443')],
    ['with port 0', 403, 'origin-malformed', withOrigin('https://portal.gov.test:00')],
    ['in capitals', 403, 'origin-malformed', withOrigin('https://PORTAL.gov.test')],
    ['with its scheme in capitals', 403, 'origin-malformed', withOrigin('HTTPS://portal.gov.test')],
    ['with a path', 403, 'origin-malformed', withOrigin('https://portal.gov.test/')],
    ['of an address in decimal', 403, 'origin-malformed', withOrigin('http://2130706433')],
    ['of 2,000 letters', 403, 'origin-malformed', withOrigin(`https://${'a'.repeat(2000)}.test`)],
    ['of a file', 403, 'origin-scheme', withOrigin('file://')],
    ['of a Chrome extension', 403, 'origin-scheme', withOrigin('chrome-extension://abcdefgh')],
    ['of a Firefox extension', 403, 'origin-scheme', withOrigin('moz-extension://0b1c')],
    ['said twice', 403, 'origin-duplicate', withOrigin('https://a.gov.test', 'https://evil.test')],
    ['of two', 403, 'origin-malformed', withOrigin('https://a.gov.test, https://evil.test')],
  ])('%s', async (...refused) => {
    await expectRefused(refused)
  })
})

describe('a Host that is not ours', () => {
  it.each<Refused>([
    // DNS rebinding: MCP SDK CVE-2025-66414, rmcp CVE-2026-42559, Vite CVE-2025-24010, Transmission CVE-2018-5702.
    ['of a rebound name', 403, 'host-wrong', withHost((port) => `rebind.test:${port}`)],
    // MCP Inspector CVE-2025-49596, the day of 0.0.0.0.
    ['of all interfaces', 403, 'host-wrong', withHost((port) => `0.0.0.0:${port}`)],
    ['that begins as ours', 403, 'host-wrong', withHost((port) => `127.0.0.1:${port}.evil.test`)],
    ['with a user', 403, 'host-wrong', withHost((port) => `evil.test@127.0.0.1:${port}`)],
    ['without the port', 403, 'host-wrong', withHost(() => '127.0.0.1')],
    ['of another port', 403, 'host-wrong', withHost((port) => `127.0.0.1:${port + 1}`)],
    ['in capitals', 403, 'host-wrong', withHost((port) => `LOCALHOST:${port}`)],
  ])('%s', async (...refused) => {
    await expectRefused(refused)
  })

  it('said twice, or not at all', async () => {
    const own = `127.0.0.1:${lab.bridge.port}`
    expect([400, 403]).toContain(await lab.knock(withHeader(lab.honest(), 'Host', own, own)))
    expect([400, 403]).toContain(await lab.knock(withHeader(lab.honest(), 'Host')))
    const old = withHeader(lab.honest(), 'Host')
    expect(await lab.knock(old, 'GET /v1 HTTP/1.0')).not.toBe(101)
  })

  it('reached by an address of the network, at which nothing listens', async () => {
    const outer = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of [...outer, { address: '127.0.0.2' }]) {
      const code = await new Promise((resolve) => {
        const socket = connect({ host: address, port: lab.bridge.port, timeout: 5000 })
        socket.once('connect', () => resolve('connected'))
        socket.once('timeout', () => resolve('silence'))
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
        socket.once('close', () => socket.destroy())
      })
      expect(code, address).not.toBe('connected')
    }
  })
})

describe('a request that is no page’s', () => {
  it.each<Refused>([
    ['without our subprotocol', 400, 'subprotocol-wrong', withSubprotocol()],
    ['with another subprotocol', 400, 'subprotocol-wrong', withSubprotocol('chat')],
    ['with ours as part of another', 400, 'subprotocol-wrong', withSubprotocol('xtrien.v1')],
  ])('%s', async (...refused) => {
    await expectRefused(refused)
  })

  it.each([
    ['to another path', 404, 'GET / HTTP/1.1'],
    ['to a path with a tail', 404, 'GET /v1/x HTTP/1.1'],
    ['to a path with a token in it', 404, 'GET /v1?token=1 HTTP/1.1'],
    ['to a path by another name of it', 404, 'GET /%761 HTTP/1.1'],
    ['to a whole address, as to a proxy', 404, 'GET http://127.0.0.1/v1 HTTP/1.1'],
    ['by POST', 405, 'POST /v1 HTTP/1.1'],
  ])('%s', async (_, status, line) => {
    expect(await lab.knock(lab.honest(), line)).toBe(status)
  })

  it('with headers over 8 KiB', async () => {
    expect(await lab.knock([...lab.honest(), ['X-Long', 'x'.repeat(9000)]])).toBe(431)
  })

  it.each<[string, () => Header[]]>([
    ['of no version of WebSocket', () => withHeader(lab.honest(), 'Sec-WebSocket-Version', '99')],
    ['without a key', () => withHeader(lab.honest(), 'Sec-WebSocket-Key')],
    ['with a key of another length', () => withHeader(lab.honest(), 'Sec-WebSocket-Key', 'AAAA')],
    ['to another protocol', () => withHeader(lab.honest(), 'Upgrade', 'h2c')],
    [
      'with a body of two lengths (request smuggling)',
      () => [...lab.honest(), ['Content-Length', '3'], ['Transfer-Encoding', 'chunked']],
    ],
  ])('%s', async (_, headers) => {
    expect([400, 426]).toContain(await lab.knock(headers()))
  })

  it.each([
    ['of TLS', Uint8Array.of(22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3)],
    ['of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['to open a tunnel', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n'],
    ['of zeros', new Uint8Array(10_000)],
    ['with a header in two lines', 'GET /v1 HTTP/1.1\r\nHost: a\r\n b\r\n\r\n'],
  ])('%s is closed', async (_, bytes) => {
    const client = lab.client()
    client.write(bytes)
    await client.untilClosed()
  })
})

describe('plain HTTP', () => {
  const plain = (...more: Header[]): Header[] => [
    ['Host', `127.0.0.1:${lab.bridge.port}`],
    ['Origin', 'https://evil.test'],
    ...more,
  ]
  async function ask(line: string, ...more: Header[]): Promise<RawClient> {
    const client = lab.client()
    expect(await client.upgrade(requestHead(plain(...more), line))).toBe(404)
    return client
  }

  it.each([
    ['a probe of the socket’s path', 'GET /v1 HTTP/1.1'],
    // NexU: a script that pages load from a local port.
    ['a script', 'GET /trien.js HTTP/1.1'],
    ['an icon, by which a site would see who has a bridge', 'GET /favicon.ico HTTP/1.1'],
    ['a form', 'POST /v1 HTTP/1.1'],
    ['a preflight', 'OPTIONS /v1 HTTP/1.1'],
  ])('gets the same empty answer: %s', async (_, line) => {
    const client = await ask(line)
    await client.untilClosed()
    // No name, no version, and no word of CORS that would let a page read it (summarize-daemon: the Origin reflected).
    const names = client.answerHead.split('\r\n').map((header) => header.split(':')[0])
    expect(names.slice(1).sort()).toEqual(['Connection', 'Date', 'Transfer-Encoding'])
  })

  it('is not let in by a preflight of Private Network Access', async () => {
    const client = await ask(
      'OPTIONS /v1 HTTP/1.1',
      ['Access-Control-Request-Method', 'POST'],
      ['Access-Control-Request-Private-Network', 'true'],
    )
    expect(client.answerHead).not.toMatch(/access-control/i)
  })

  it('is refused to a rebound name', async () => {
    const headers: Header[] = [['Host', `rebind.test:${lab.bridge.port}`]]
    expect(await lab.knock(headers, 'GET / HTTP/1.1')).toBe(403)
  })

  it('answers once on a connection, however much is sent at once', async () => {
    const client = lab.client()
    client.write(requestHead(plain(), 'GET / HTTP/1.1').repeat(2000))
    await client.untilClosed()
  })

  it('opens no socket for what follows in its wake', async () => {
    const client = lab.client()
    const wake = requestHead(lab.honest())
    expect(await client.upgrade(requestHead(plain(), 'GET / HTTP/1.1') + wake)).toBe(404)
    await client.untilClosed()
  })
})

describe('what a browser sends along', () => {
  it('is not heard: cookies, credentials, the page’s own idea of who it is', async () => {
    const client = lab.client()
    const headers: Header[] = [
      ...lab.honest(),
      ['Cookie', 'consent=yes'],
      ['Authorization', 'Basic dHJpZW46dHJpZW4='],
      ['X-Forwarded-For', '10.0.0.1'],
      ['Forwarded', 'host=portal.gov.test'],
    ]
    expect(await client.upgrade(requestHead(headers))).toBe(101)
    expect(client.answerHead).not.toMatch(/cookie|authenticate/i)
    client.sendJson({ jsonrpc: '2.0', id: 1, method: 'certificates.list', params: {} })
    expect(await client.json()).toMatchObject({ error: { data: { code: 'BRIDGE_PROTOCOL' } } })
  })

  it.each([
    ['compression', 'permessage-deflate'],
    ['compression with a window of its choice', 'permessage-deflate; server_max_window_bits=15'],
    ['extensions without number', Array(200).fill('permessage-deflate').join(', ')],
    ['extensions that are none', 'a;b="c'],
  ])('offers that are not taken: %s', async (_, offer) => {
    const client = lab.client()
    const headers = withHeader(lab.honest(), 'Sec-WebSocket-Extensions', offer)
    expect(await client.upgrade(requestHead(headers))).toBe(101)
    expect(client.answerHead).not.toMatch(/extensions/i)
  })

  it('frames before the upgrade ends, which count for nothing where it is refused', async () => {
    const client = lab.client()
    const head = requestHead(withHeader(lab.honest(), 'Origin', 'http://evil.test'))
    client.write(head)
    client.sendJson({ jsonrpc: '2.0', id: 1, method: 'hello', params: { versions: [1], sdk: 'x' } })
    expect(await client.upgrade('')).toBe(403)
    await client.untilClosed()
  })
})
