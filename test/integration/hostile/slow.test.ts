/**
 * Attacks by time: who connects and says nothing, drips, does not read, does not answer, does not go. The server is the
 * bridge's own, in this process, because its patience must be shorter here than a browser's prompt needs.
 */
import { once } from 'node:events'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { HANDSHAKE_PATIENCE_MS } from '@trien/sdk/wire'
import type { Method } from '../../../packages/bridge/src/server/call.ts'
import { PATIENCE, type Patience } from '../../../packages/bridge/src/server/patience.ts'
import { type Serving, startServer } from '../../../packages/bridge/src/server/serve.ts'
import { createTlsIdentity } from '../../../packages/bridge/src/tls/authority.ts'
import { PORTAL, pageSocket } from '../../helpers/page-socket.ts'
import { RawClient, honestHeaders, openPage, requestHead } from '../../helpers/raw-client.ts'

const HANDSHAKE_MS = 400
const LONG_MS = 600_000
const PATIENT: Patience = { handshakeMs: LONG_MS, pingMs: LONG_MS, closeMs: 300 }
const LARGE = 'x'.repeat(100_000)

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** What the pages asked, and how what they asked for ended. */
interface Lab extends Serving {
  readonly asked: string[]
  readonly aborted: Promise<unknown>
  readonly pageGone: Promise<void>
}

async function start(patience: Partial<Patience>): Promise<Lab> {
  const asked: string[] = []
  let abort: (reason: unknown) => void = () => {}
  let leave = (): void => {}
  const aborted = new Promise((resolve) => (abort = resolve))
  const pageGone = new Promise<void>((resolve) => (leave = resolve))
  const method = (name: string, answer: Method['answer']): Method => ({
    name,
    answer: (params, call) => (asked.push(name), answer(params, call)),
  })
  const { leaf, key } = createTlsIdentity(new Date())
  const server = await startServer({
    ports: [0],
    methods: [
      method('hello', async () => ({})),
      method('large', async () => LARGE),
      method('wait', (_, { signal }) => {
        signal.addEventListener('abort', () => abort(signal.reason))
        return new Promise(() => {})
      }),
    ],
    onPage: () => leave,
    secure: {
      ports: [0],
      credentials: {
        certificate: leaf.toString(),
        key: String(key.export({ type: 'pkcs8', format: 'pem' })),
      },
    },
    patience: { ...PATIENT, ...patience },
  })
  let isClosed = false
  const close = async (): Promise<void> => {
    if (!isClosed) await server.close()
    isClosed = true
  }
  cleanups.push(close)
  return { ...server, close, asked, aborted, pageGone }
}

function connectTo(port: number | undefined): RawClient {
  const client = new RawClient(port ?? 0)
  cleanups.push(() => client.destroy())
  return client
}

async function openOn({ port }: Serving): Promise<RawClient> {
  const page = await openPage(port)
  cleanups.push(() => page.destroy())
  return page
}

/** Says one more piece every few milliseconds, until it is cut off. */
function drip(client: RawClient, pieces: () => string | Uint8Array): void {
  const timer = setInterval(() => {
    if (client.closed) clearInterval(timer)
    else client.write(pieces())
  }, 20)
  onTestFinished(() => clearInterval(timer))
}

describe('before the handshake', () => {
  it('the bridge waits as long as Chromium’s permission prompt may stay, by default', () => {
    expect(PATIENCE.handshakeMs).toBe(HANDSHAKE_PATIENCE_MS)
    expect(HANDSHAKE_PATIENCE_MS).toBeGreaterThanOrEqual(60_000)
  })

  it.each<[string, 'port' | 'securePort', (client: RawClient) => void]>([
    ['silence', 'port', () => {}],
    ['silence on wss', 'securePort', () => {}],
    [
      'slowloris: a head that never ends',
      'port',
      (client) => {
        client.write('GET /v1 HTTP/1.1\r\n')
        drip(client, () => 'X-A: b\r\n')
      },
    ],
    ['slowloris, octet by octet', 'port', (client) => drip(client, () => '\n')],
    [
      'slowloris: a TLS hello that never ends',
      'securePort',
      (client) => {
        // A record of 512 octets of handshake (RFC 8446 §5.1), of which a few come.
        client.write(Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 252))
        drip(client, () => Uint8Array.of(3))
      },
    ],
  ])('%s is heard as long as the patience lasts, and then closed', async (_, ear, attack) => {
    const server = await start({ handshakeMs: HANDSHAKE_MS })
    const begun = performance.now()
    const client = connectTo(server[ear])
    attack(client)
    await client.untilClosed()
    expect(performance.now() - begun).toBeGreaterThanOrEqual(HANDSHAKE_MS * 0.9)
  })

  it('a body that never comes is not waited for', async () => {
    const server = await start({})
    const client = connectTo(server.port)
    const headers = [
      ['Host', `127.0.0.1:${server.port}`],
      ['Content-Length', '100000'],
    ] as const
    expect(await client.upgrade(requestHead(headers, 'POST /v1 HTTP/1.1'))).toBe(404)
    await client.untilClosed()
  })

  it('nobody who is in the middle of it keeps the bridge from stopping', async () => {
    const server = await start({})
    const clients = [server.port, server.securePort].map(connectTo)
    clients[1]!.write(Uint8Array.of(22, 3, 1))
    await Promise.all(clients.map((client) => client.connected()))
    await openOn(server)
    await server.close()
    await Promise.all(clients.map((client) => client.untilClosed()))
  })
})

describe('on an open socket', () => {
  it('a page that answers pings stays, one that does not is cut off', async () => {
    const server = await start({ pingMs: 400 })
    const Page = pageSocket()
    const good = new Page(`ws://127.0.0.1:${server.port}/v1`, 'trien.v1')
    const bad = new WebSocket(`ws://127.0.0.1:${server.port}/v1`, 'trien.v1', {
      origin: PORTAL,
      autoPong: false,
    })
    cleanups.push(() => [good, bad].forEach((socket) => socket.terminate()))
    await once(bad, 'close')
    for (let pings = 0; pings < 3; pings++) await once(good, 'ping')
    expect(good.readyState).toBe(good.OPEN)
  })

  it('a frame that never ends is cut off by the ping that it leaves no room to answer', async () => {
    const server = await start({ pingMs: 200 })
    const client = connectTo(server.port)
    await client.upgrade(requestHead(honestHeaders(server.port)))
    // A text frame of 200,000 octets, masked.
    client.write(Uint8Array.of(0x81, 0xff, 0, 0, 0, 0, 0, 3, 13, 64, 1, 2, 3, 4))
    drip(client, () => 'x')
    await client.untilClosed()
  })

  it('a page that does not read what it asked for is cut off', async () => {
    const server = await start({})
    const page = await openOn(server)
    page.socket.pause()
    let id = 2
    const timer = setInterval(() => {
      page.sendJson({ jsonrpc: '2.0', id: id++, method: 'large', params: {} })
    }, 1)
    onTestFinished(() => clearInterval(timer))
    await server.pageGone
    // What the kernel keeps on both sides (tcp_wmem and tcp_rmem, some MiB), and one of ours.
    expect(server.asked.length * LARGE.length).toBeLessThan(64 << 20)
  })

  it('who pings without reading the pongs is cut off', async () => {
    const server = await start({})
    const page = await openOn(server)
    page.socket.pause()
    const timer = setInterval(() => {
      for (let count = 0; count < 200; count++) page.send('ping', 'x'.repeat(125))
    }, 1)
    onTestFinished(() => clearInterval(timer))
    await server.pageGone
  })

  it('who was told to go is not served while it stays, and is made to go', async () => {
    const server = await start({})
    const page = await openOn(server)
    page.sendJson({ jsonrpc: '2.0', id: 2, method: 'wait', params: {} })
    page.send('binary', Uint8Array.of(1))
    page.sendJson({ jsonrpc: '2.0', id: 3, method: 'large', params: {} })
    expect(await page.closeCode()).toBe(1003)
    // What it had asked for ends at once: a dialog goes with its page.
    expect(await server.aborted).toMatchObject({ code: 'BRIDGE_CLOSED' })
    await page.untilClosed()
    expect(server.asked).toEqual(['hello', 'wait'])
  })

  it('what was asked ends where a frame breaks the protocol', async () => {
    const server = await start({})
    const page = await openOn(server)
    page.sendJson({ jsonrpc: '2.0', id: 2, method: 'wait', params: {} })
    page.send('text', Uint8Array.of(0xc3, 0x28))
    expect(await server.aborted).toMatchObject({ code: 'BRIDGE_CLOSED' })
  })
})
