import { once } from 'node:events'
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type ScriptedBridge,
  type ScriptOptions,
  WebSocket,
  findClosedPort,
  startScriptedBridge,
} from '../../../../test/helpers/scripted-bridge.ts'
import { type Bridge, type BridgeState, type ConnectOptions, connect } from './bridge.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(options?: ScriptOptions): Promise<ScriptedBridge> {
  const scripted = await startScriptedBridge(options)
  cleanups.push(() => scripted.close())
  return scripted
}

function open(ports: readonly number[], options: ConnectOptions = {}): Bridge {
  const bridge = connect({ ports, webSocket: WebSocket, ...options })
  cleanups.push(() => bridge.close())
  return bridge
}

/** Resolves when the bridge enters a state, or is in it. */
function reach(bridge: Bridge, state: BridgeState): Promise<void> {
  if (bridge.state === state) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = bridge.onState((entered) => {
      if (entered !== state) return
      stop()
      resolve()
    })
  })
}

/** A plain TCP server that does what it is told with each connection. */
async function startTcp(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  }).listen(0, '127.0.0.1')
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const code = (expected: string, details?: Record<string, unknown>): unknown =>
  expect.objectContaining({ code: expected, ...(details && { details }) })

describe('tokens', () => {
  it('that come or go are told of, until the listener leaves', async () => {
    const scripted = await start()
    const bridge = open([scripted.port])
    await bridge.ready()
    const peer = await scripted.nextPeer()
    const heard = vi.fn()
    const first = new Promise<void>((resolve) => {
      const stop = bridge.onTokens(() => (stop(), heard(), resolve()))
    })
    peer.send({ method: 'tokens.changed', params: {} })
    await first
    const second = new Promise<void>((resolve) => bridge.onTokens(resolve))
    peer.send({ method: 'tokens.changed', params: {} })
    await second
    expect(heard).toHaveBeenCalledOnce()
    expect(bridge.state).toBe('ready')
  })

  it('may have come or gone while the bridge was away', async () => {
    const scripted = await start()
    const bridge = open([scripted.port])
    await bridge.ready()
    const told = new Promise<string>((resolve) => bridge.onTokens(() => resolve(bridge.state)))
    ;(await scripted.nextPeer()).drop()
    expect(await told).toBe('ready')
  })

  it('told of without end are a bridge gone wrong', async () => {
    const scripted = await start()
    const bridge = open([scripted.port])
    await bridge.ready()
    const peer = await scripted.nextPeer()
    const lost = reach(bridge, 'lost')
    for (let sent = 0; sent <= 1_000; sent++) peer.send({ method: 'tokens.changed', params: {} })
    await lost
    expect(bridge.problem).toEqual(code('BRIDGE_PROTOCOL', { problem: 'stray' }))
  })
})

describe('connecting', () => {
  it('starts at once, greets, and says what it found', async () => {
    const scripted = await start({ greets: false })
    const bridge = open([scripted.port])
    expect(bridge.state).toBe('connecting')
    expect(bridge.problem).toBeUndefined()
    const ready = bridge.ready()
    const peer = await scripted.nextPeer()
    expect(peer.request.url).toBe('/v1')
    expect(peer.request.headers['sec-websocket-protocol']).toBe('trien.v1')
    const hello = await peer.answer({ version: 1, bridge: 'scripted 1' })
    expect(hello).toMatchObject({ method: 'hello', params: { versions: [1] } })
    expect(await ready).toBe(bridge)
    expect(bridge).toMatchObject({ state: 'ready', version: 'scripted 1', problem: undefined })
  })

  it('tells of states in order until the listener leaves', async () => {
    const scripted = await start()
    const bridge = open([scripted.port])
    const states: BridgeState[] = []
    const stop = bridge.onState((state) => states.push(state))
    await bridge.ready()
    ;(await scripted.nextPeer()).drop()
    await reach(bridge, 'lost')
    stop()
    await bridge.ready()
    expect(states).toEqual(['ready', 'lost'])
  })

  it('says that nothing runs where all ports are closed', async () => {
    const bridge = open([await findClosedPort(), await findClosedPort()])
    await expect(bridge.ready()).rejects.toThrowError(code('BRIDGE_NOT_RUNNING'))
    expect(bridge.state).toBe('not-installed')
    expect(bridge.problem).toMatchObject({ code: 'BRIDGE_NOT_RUNNING' })
  })

  it('notices by itself a bridge that starts later, and shows nothing until then', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    cleanups.push(() => vi.useRealTimers())
    const port = await findClosedPort()
    const bridge = open([port])
    await expect(bridge.ready()).rejects.toThrowError(code('BRIDGE_NOT_RUNNING'))
    const states: BridgeState[] = []
    bridge.onState((state) => states.push(state))
    await start({ port })
    vi.advanceTimersByTime(4_000)
    await reach(bridge, 'ready')
    expect(states).toEqual(['ready'])
  })

  it.each([
    ['refuses with 403, as the bridge of another user does', () => start({ refuses: true })],
    ['knows no subprotocol', () => start({ ignoresSubprotocol: true })],
    [
      'answers with garbage',
      async () => ({ port: await startTcp((socket) => socket.end('220 ESMTP ready\r\n')) }),
    ],
    ['hangs up', async () => ({ port: await startTcp((socket) => socket.destroy()) })],
  ])('passes over a port that %s', async (_, squat) => {
    const squatter = await squat()
    const scripted = await start()
    const bridge = open([squatter.port, scripted.port])
    await bridge.ready()
    expect(bridge.state).toBe('ready')
  })

  it('passes over a port that is silent, and one that opens but does not greet', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    cleanups.push(() => vi.useRealTimers())
    let noteReached = (): void => {}
    const reached = new Promise<void>((resolve) => (noteReached = resolve))
    const silent = await startTcp(() => noteReached())
    const mute = await start({ greets: false })
    const scripted = await start()
    const bridge = open([silent, mute.port, scripted.port])
    await reached
    vi.advanceTimersByTime(6_000)
    await (await mute.nextPeer()).next()
    vi.advanceTimersByTime(6_000)
    await bridge.ready()
    expect(mute.upgrades).toBe(1)
  })

  it('passes over another version, and says so where no port has a better one', async () => {
    const future = await start({ greets: false })
    const lonely = open([future.port, await findClosedPort()])
    await (await future.nextPeer()).answerHello(2)
    await expect(lonely.ready()).rejects.toThrowError(code('BRIDGE_VERSION', { supported: 1 }))
    expect(lonely.state).toBe('not-installed')
    lonely.close()

    const scripted = await start()
    const bridge = open([future.port, scripted.port])
    const refused = (await future.nextPeer()).answerHello(2)
    await bridge.ready()
    await refused
  })

  it('reports the code with which a bridge refuses the greeting', async () => {
    const scripted = await start({ greets: false })
    const bridge = open([scripted.port])
    const peer = await scripted.nextPeer()
    const { id } = await peer.next()
    peer.send({
      id,
      error: {
        code: -32000,
        message: 'x',
        data: { code: 'BRIDGE_VERSION', details: { supported: '2' } },
      },
    })
    await expect(bridge.ready()).rejects.toThrowError(code('BRIDGE_VERSION', { supported: '2' }))
  })

  it('finds a bridge again that restarted, and one that moved to another port', async () => {
    const first = await start()
    const otherPort = await findClosedPort()
    const bridge = open([first.port, otherPort])
    await bridge.ready()
    await first.close()
    await reach(bridge, 'lost')
    expect(bridge.problem).toMatchObject({ code: 'BRIDGE_CLOSED' })

    const again = await start({ port: first.port })
    await reach(bridge, 'ready')
    await again.close()
    await reach(bridge, 'lost')

    await start({ port: otherPort })
    await bridge.ready()
    expect(bridge.state).toBe('ready')
  })

  it('stays closed', async () => {
    const scripted = await start()
    const bridge = open([scripted.port])
    await bridge.ready()
    const peer = await scripted.nextPeer()
    const listed = bridge.listCertificates()
    await peer.next()
    bridge.close()
    await expect(listed).rejects.toThrowError(code('BRIDGE_CLOSED'))
    await peer.closed
    await expect(bridge.ready()).rejects.toThrowError(code('BRIDGE_CLOSED'))
    expect(bridge.state).toBe('lost')
    expect(scripted.upgrades).toBe(1)
  })

  it('can be closed while it looks', async () => {
    const silent = await startTcp(() => {})
    const bridge = open([silent, await findClosedPort()])
    const ready = bridge.ready()
    bridge.close()
    await expect(ready).rejects.toThrowError(code('BRIDGE_CLOSED'))
    expect(bridge).toMatchObject({ state: 'lost', problem: { code: 'BRIDGE_CLOSED' } })
  })

  it('can be closed while it greets, and while it looks at the last port', async () => {
    const mute = await start({ greets: false })
    const greeting = open([mute.port])
    const greeted = greeting.ready()
    const peer = await mute.nextPeer()
    const { id } = await peer.next()
    greeting.close()
    peer.send({ id, result: { version: 1, bridge: 'scripted 1' } })
    await expect(greeted).rejects.toThrowError(code('BRIDGE_CLOSED'))

    const dialling = open([await startTcp(() => {})])
    const dialled = dialling.ready()
    dialling.close()
    await expect(dialled).rejects.toThrowError(code('BRIDGE_CLOSED'))
    for (const bridge of [greeting, dialling]) {
      expect(bridge).toMatchObject({ state: 'lost', problem: { code: 'BRIDGE_CLOSED' } })
    }
  })

  it('does not look for a bridge longer than the signal lets it', async () => {
    const silent = await startTcp(() => {})
    const bridge = open([silent])
    const cancelled = code('USER_CANCELLED')
    const run = new AbortController()
    const listing = bridge.listCertificates({}, { signal: run.signal })
    run.abort()
    await expect(listing).rejects.toThrowError(cancelled)
    await expect(bridge.listCertificates({}, { signal: run.signal })).rejects.toThrowError(
      cancelled,
    )
  })

  it('notices the end of a socket that reports an error first and closes late', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    cleanups.push(() => vi.useRealTimers())
    const scripted = await start()
    let late: { onerror: () => void; onclose: () => void } | undefined
    class Late extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol)
        late ??= this as never
      }
    }
    const bridge = open([scripted.port], { webSocket: Late as never })
    await bridge.ready()
    late!.onerror()
    vi.advanceTimersByTime(2_000)
    ;(await scripted.nextPeer()).drop()
    await reach(bridge, 'lost')
  })

  it.each([
    ['no socket to be had', { webSocket: 5 as never }, 'webSocket'],
    ['no ports', { ports: [] }, 'ports'],
    ['no such port', { ports: [70_000] }, 'ports'],
  ])('refuses %s', (_, options: ConnectOptions, argument) => {
    expect(() => connect({ webSocket: WebSocket, ...options })).toThrowError(
      expect.objectContaining({
        code: 'USAGE_ARGUMENT',
        details: expect.objectContaining({ argument }),
      }),
    )
  })
})
