/**
 * A WebSocket server that a test plays frame by frame: a bridge that keeps the rules or breaks them as the test likes.
 */
import { once } from 'node:events'
import { type IncomingMessage, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'

export { WebSocket } from 'ws'

/** A message of the page, as it came. */
export interface Received {
  readonly id: number
  readonly method: string
  readonly params: Record<string, unknown>
}

/** One socket, seen from the bridge's end. */
export class Peer {
  readonly request: IncomingMessage
  readonly #socket: WebSocket
  readonly #received: Received[] = []
  readonly #waiting: ((message: Received) => void)[] = []
  readonly closed: Promise<void>

  constructor(socket: WebSocket, request: IncomingMessage) {
    this.#socket = socket
    this.request = request
    this.closed = once(socket, 'close').then(() => {})
    socket.on('error', () => {})
    socket.on('message', (data: RawData) => {
      const message = JSON.parse(String(data)) as Received
      const waiting = this.#waiting.shift()
      if (waiting === undefined) this.#received.push(message)
      else waiting(message)
    })
  }

  /** The next message of the page, now or when it comes. */
  next(): Promise<Received> {
    const message = this.#received.shift()
    return message === undefined
      ? new Promise((resolve) => this.#waiting.push(resolve))
      : Promise.resolve(message)
  }

  /** Sends a frame: text as it is, bytes as a binary frame, anything else as JSON-RPC. */
  send(frame: string | Uint8Array | object): void {
    const isRaw = typeof frame === 'string' || frame instanceof Uint8Array
    this.#socket.send(isRaw ? frame : JSON.stringify({ jsonrpc: '2.0', ...frame }))
  }

  async answer(result: unknown): Promise<Received> {
    const message = await this.next()
    this.send({ id: message.id, result })
    return message
  }

  /** Answers the greeting; with an identity where there is one to make of the challenge. */
  async answerHello(
    version = 1,
    identify: (challengeBase64url: string) => object | undefined = () => undefined,
  ): Promise<this> {
    const { id, params } = await this.next()
    const identity = identify(String(params['challenge']))
    this.send({ id, result: { version, bridge: 'scripted 1', ...(identity && { identity }) } })
    return this
  }

  /** Drops the connection without a farewell, as a killed process does. */
  drop(): void {
    this.#socket.terminate()
  }
}

/** A server of scripted sockets. */
export interface ScriptedBridge {
  readonly port: number
  /** The next socket, now or when it comes; greeted already unless `greets` is false. */
  nextPeer(): Promise<Peer>
  /** How many sockets asked to be opened. */
  readonly upgrades: number
  close(): Promise<void>
}

export interface ScriptOptions {
  /** Default: any that is free. */
  readonly port?: number
  /** Answers `hello` with version 1 by itself; default true. */
  readonly greets?: boolean
  /** Who it is, as `BridgeKey.answer`; default nobody. The origin is that of the page, where it tells one. */
  readonly identify?: (challengeBase64url: string, origin: string, port: number) => object
  /** Answers the upgrade with 403; default false. */
  readonly refuses?: boolean
  /** Chooses no subprotocol; default false. */
  readonly ignoresSubprotocol?: boolean
}

export async function startScriptedBridge(options: ScriptOptions = {}): Promise<ScriptedBridge> {
  const http: Server = createServer()
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: () => (options.ignoresSubprotocol === true ? false : 'trien.v1'),
  })
  const peers: Peer[] = []
  const waiting: ((peer: Peer) => void)[] = []
  let upgrades = 0
  http.on('upgrade', (request, socket, head) => {
    upgrades++
    if (options.refuses === true) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, async (webSocket) => {
      const peer = new Peer(webSocket, request)
      const origin = request.headers.origin ?? ''
      if (options.greets !== false) {
        await peer.answerHello(1, (challenge) =>
          options.identify?.(challenge, origin, portOf(http)),
        )
      }
      const next = waiting.shift()
      if (next === undefined) peers.push(peer)
      else next(peer)
    })
  })
  http.listen(options.port ?? 0, '127.0.0.1')
  await once(http, 'listening')
  return {
    port: portOf(http),
    get upgrades() {
      return upgrades
    },
    nextPeer() {
      const peer = peers.shift()
      return peer === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(peer)
    },
    async close() {
      for (const client of sockets.clients) client.terminate()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/** A port of this machine where nobody listens now. */
export async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
