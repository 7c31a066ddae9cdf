/**
 * The bridge in its running form: ear, gate and sessions put together.
 * @module
 */
import { type IncomingMessage, STATUS_CODES, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { MAX_FRAME_BYTES, type NotificationType, SUBPROTOCOL } from '@trien/sdk/wire'
import { type WebSocket, WebSocketServer } from 'ws'
import { log, logUnexpected } from '../log.ts'
import type { Method } from './call.ts'
import { type Refusal, type RequestFacts, decideCaller, decideUpgrade } from './gate.ts'
import { type Credentials, type Listeners, type Listening, listenOnLoopback } from './listen.ts'
import { createLoadBook } from './load.ts'
import { readPeerUid } from './peer-uid.ts'
import { Session } from './session.ts'

/** A browser splits no message of ours; more fragments or chunks than these are an attack on memory. */
const MAX_FRAGMENTS = 64
const MAX_BUFFERED_CHUNKS = 4096
const LOGGED_REFUSALS_PER_MINUTE = 60

/** Answers plain HTTP on a path of its own; false where the path is not its own. */
export type PageServer = (
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
) => boolean

/** What a running bridge is made of. */
export interface ServeOptions {
  /** Tried in order; 0 stands for any free port. */
  readonly ports: readonly number[]
  readonly methods: readonly Method[]
  readonly servePage?: PageServer | undefined
  /** Told of each page that was let in. @returns what to call when it is gone */
  readonly onPage?: ((page: OpenPage) => () => void) | undefined
  /** A second ear, for pages that may open only wss. */
  readonly secure?: SecureEar | undefined
}

/** A page with an open socket. */
export interface OpenPage {
  readonly origin: string
  /** Sends what belongs to no request. */
  notify<Params>(type: NotificationType<Params>, params: Params): void
}

/** Where and as whom the second ear listens. */
export interface SecureEar {
  readonly ports: readonly number[]
  readonly credentials: Credentials
}

/** A bridge that runs. */
export interface Serving extends Listening {
  /** Of the second ear. */
  readonly securePort: number | undefined
}

/**
 * Starts to listen and to serve.
 * @throws {PortTakenError}
 */
export async function startServer(options: ServeOptions): Promise<Serving> {
  const sessions = new Set<Session>()
  const load = createLoadBook()
  const logRefusal = createRefusalLog()
  const acceptor = createAcceptor()

  const open = (socket: WebSocket, origin: string, port: number): void => {
    const leave = load.enter(origin)
    const session = new Session(socket, { origin, port, methods: options.methods })
    sessions.add(session)
    const forget = options.onPage?.(session)
    socket.once('close', () => {
      leave()
      forget?.()
      sessions.delete(session)
    })
  }

  async function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const facts = await findFacts(request)
    // Nothing is awaited from here to the count in `open`: two that arrive together cannot both be the last.
    const decision = decideUpgrade(
      { ...facts, method: request.method ?? '', target: request.url ?? '' },
      (origin) => load.loadOf(origin),
    )
    if (!decision.admitted) {
      logRefusal(decision.reason)
      refuse(socket, decision.status)
      return
    }
    const { origin } = decision
    const { port } = facts
    acceptor.handleUpgrade(request, socket, head, (webSocket) => open(webSocket, origin, port))
  }

  async function onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = decideCaller(await findFacts(request))
    if (refusal !== undefined) logRefusal(refusal)
    else if (options.servePage?.(request, response, portOf(request)) === true) return
    // The same empty answer to everything: a probe learns nothing.
    response.writeHead(refusal === undefined ? 404 : 403, { Connection: 'close' }).end()
  }

  const ears = await openEars(options, guarded(onUpgrade, onRequest))

  return {
    ...ears,
    async close() {
      for (const session of sessions) session.close()
      acceptor.close()
      await ears.close()
    },
  }
}

/** Lets nothing that goes wrong with one peer reach another. */
function guarded(
  onUpgrade: (...upgrade: Parameters<Listeners['onUpgrade']>) => Promise<void>,
  onRequest: (...asked: Parameters<Listeners['onRequest']>) => Promise<void>,
): Listeners {
  return {
    onUpgrade(request, socket, head) {
      socket.on('error', () => socket.destroy())
      onUpgrade(request, socket, head).catch((error: unknown) => {
        logUnexpected('opening a socket', error)
        socket.destroy()
      })
    },
    onRequest(request, response) {
      onRequest(request, response).catch((error: unknown) => {
        logUnexpected('answering a request', error)
        response.destroy()
      })
    },
  }
}

async function openEars({ ports, secure }: ServeOptions, listeners: Listeners): Promise<Serving> {
  const plain = await listenOnLoopback(ports, listeners)
  if (secure === undefined) return { ...plain, securePort: undefined }
  try {
    const second = await listenOnLoopback(secure.ports, listeners, secure.credentials)
    return {
      port: plain.port,
      securePort: second.port,
      close: async () => {
        await Promise.all([plain.close(), second.close()])
      },
    }
  } catch (error) {
    await plain.close()
    throw error
  }
}

async function findFacts(request: IncomingMessage): Promise<RequestFacts> {
  const peerUid = await readPeerUid(request.socket)
  const { rawHeaders } = request
  return { rawHeaders, port: portOf(request), peerUid, ownUid: process.getuid?.() }
}

/** The port of the ear that heard it: no Host header may name the other one. */
function portOf(request: IncomingMessage): number {
  return request.socket.localPort ?? 0
}

function createAcceptor(): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    handleProtocols: () => SUBPROTOCOL,
  })
}

function refuse(socket: Duplex, status: number): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Length: 0',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n`, () => socket.destroy())
}

/** Names refusals in the log, but lets nobody flood it. */
function createRefusalLog(): (reason: Refusal) => void {
  let minute = 0
  let count = 0
  return (reason) => {
    const now = Math.floor(performance.now() / 60_000)
    if (now !== minute) count = 0
    minute = now
    count += 1
    if (count <= LOGGED_REFUSALS_PER_MINUTE) log(`refused ${reason}`)
    if (count === LOGGED_REFUSALS_PER_MINUTE) log('more refusals this minute are not listed')
  }
}
