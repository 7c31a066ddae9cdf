import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import { type Bridge, type BridgeState, connect } from '@trien/sdk/bridge'
import { afterEach, describe, expect, it } from 'vitest'
import { type BridgeProcess, startBridge } from '../helpers/bridge-process.ts'
import { pageSocket } from '../helpers/page-socket.ts'
import { findClosedPort, startScriptedBridge } from '../helpers/scripted-bridge.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(port = 0): Promise<BridgeProcess> {
  const bridge = await startBridge({ args: ['--port', String(port)] })
  cleanups.push(() => bridge.stop('SIGKILL'))
  return bridge
}

function open(...ports: number[]): Bridge {
  const bridge = connect({ ports, webSocket: pageSocket() })
  cleanups.push(() => bridge.close())
  return bridge
}

function reach(bridge: Bridge, state: BridgeState): Promise<void> {
  if (bridge.state === state) return Promise.resolve()
  return new Promise((resolve) => {
    bridge.onState((entered) => {
      if (entered === state) resolve()
    })
  })
}

/** Somebody else's program on a port of ours. */
async function squat(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    onConnection(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

describe('a page and a real bridge', () => {
  it('agree', async () => {
    const { port } = await start()
    const bridge = await open(port).ready()
    expect(bridge.state).toBe('ready')
    expect(bridge.version).toMatch(/\d+\.\d+\.\d+/)
  })

  it('meet when the bridge is started after the page was told that it is not there', async () => {
    const port = await findClosedPort()
    const bridge = open(port)
    await expect(bridge.ready()).rejects.toMatchObject({ code: 'BRIDGE_NOT_RUNNING' })
    expect(bridge.state).toBe('not-installed')
    await start(port)
    await reach(bridge, 'ready')
  })

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'meet again after the bridge was ended by %s and restarted under an open page',
    async (signal) => {
      const first = await start()
      const bridge = await open(first.port).ready()
      const lost = reach(bridge, 'lost')
      await first.stop(signal)
      await lost
      expect(bridge.problem).toMatchObject({ code: 'BRIDGE_CLOSED' })
      await start(first.port)
      await reach(bridge, 'ready')
      expect(bridge.problem).toBeUndefined()
    },
  )

  it('meet although strangers sit on the ports before', async () => {
    const garbage = await squat((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    const forbidden = await squat((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'))
    })
    const future = await startScriptedBridge({ greets: false })
    cleanups.push(() => future.close())
    const { port } = await start()
    const bridge = open(garbage, forbidden, future.port, port)
    await (await future.nextPeer()).answerHello(2)
    await bridge.ready()
    expect(bridge.version).not.toContain('scripted')
  })

  it('meet although a stranger is silent', async () => {
    const silent = await squat(() => {})
    const { port } = await start()
    await open(silent, port).ready()
  })

  it('do not meet where the page comes from an insecure origin', async () => {
    const { port } = await start()
    const bridge = connect({ ports: [port], webSocket: pageSocket('http://portal.gov.test') })
    cleanups.push(() => bridge.close())
    await expect(bridge.ready()).rejects.toMatchObject({ code: 'BRIDGE_NOT_RUNNING' })
  })

  it('part for good when the page closes', async () => {
    const { port } = await start()
    const bridge = await open(port).ready()
    bridge.close()
    expect(bridge.state).toBe('lost')
    await expect(bridge.ready()).rejects.toMatchObject({ code: 'BRIDGE_CLOSED' })
    await expect(bridge.listCertificates()).rejects.toMatchObject({ code: 'BRIDGE_CLOSED' })
  })
})
