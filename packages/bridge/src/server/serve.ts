/**
 * The bridge in its running form: ear, gate and sessions put together.
 * @module
 */
import { type IncomingMessage, STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { MAX_FRAME_BYTES, type NotificationType, SUBPROTOCOL } from '@trien/sdk/wire'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { log, logUnexpected } from '../log.ts'
import type { Method } from './call.ts'
import type { Credentials, Listeners } from './ear.ts'
import { type Refusal, decideHost, decidePeer, decideUpgrade } from './gate.ts'
import { type Listening, listenOnLoopback } from './listen.ts'
import { createLoadBook } from './load.ts'
import { PATIENCE, type Patience } from './patience.ts'
import { createPeerReader } from './peer-uid.ts'
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
  /** How long peers are waited for, where not as long as `PATIENCE` says. */
  readonly patience?: Patience
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
  const { methods, patience = PATIENCE } = options
  const sessions = new Set<Session>()
  const load = createLoadBook()
  const logRefusal = createRefusalLog()
  const readPeer = createPeerReader()
  const acceptor = createAcceptor(patience)

  const open = (socket: WebSocket, origin: string, port: number): void => {
    const leave = load.enter(origin)
    const session = new Session(socket, { origin, port, methods, patience })
    sessions.add(session)
    const forget = options.onPage?.(session)
    socket.once('close', () => {
      leave()
      forget?.()
      sessions.delete(session)
    })
  }

  async function admits(socket: Socket): Promise<boolean> {
    const refusal = decidePeer(await readPeer(socket), process.getuid?.())
    if (refusal === undefined) return true
    logRefusal(refusal)
    // What it says meanwhile is thrown away: unread, it would take our answer along.
    socket.resume()
    refuse(socket, 403)
    return false
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const port = portOf(request)
    const { rawHeaders, method = '', url: target = '' } = request
    // Nothing is awaited from here to the count in `open`: two that arrive together cannot both be the last.
    const decision = decideUpgrade({ rawHeaders, port, method, target }, (origin) =>
      load.loadOf(origin),
    )
    if (!decision.admitted) {
      logRefusal(decision.reason)
      refuse(socket, decision.status)
      return
    }
    const { origin } = decision
    acceptor.handleUpgrade(request, socket, head, (webSocket) => open(webSocket, origin, port))
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const port = portOf(request)
    const refusal = decideHost({ rawHeaders: request.rawHeaders, port })
    if (refusal !== undefined) logRefusal(refusal)
    else if (options.servePage?.(request, response, port) === true) return
    // The same empty answer to everything: a probe learns nothing.
    response.writeHead(refusal === undefined ? 404 : 403, { Connection: 'close' }).end()
  }

  const ears = await openEars(options, patience, { admits, ...guarded(onUpgrade, onRequest) })

  return {
    ...ears,
    async close() {
      await Promise.all([...sessions].map((session) => session.close()))
      acceptor.close()
      await ears.close()
    },
  }
}

/** Lets nothing that goes wrong with one peer reach another. */
function guarded(
  onUpgrade: Listeners['onUpgrade'],
  onRequest: Listeners['onRequest'],
): Pick<Listeners, 'onUpgrade' | 'onRequest'> {
  return {
    onUpgrade(request, socket, head) {
      socket.on('error', () => socket.destroy())
      try {
        onUpgrade(request, socket, head)
      } catch (error) {
        logUnexpected('opening a socket', error)
        socket.destroy()
      }
    },
    onRequest(request, response) {
      try {
        onRequest(request, response)
      } catch (error) {
        logUnexpected('answering a request', error)
        response.destroy()
      }
    },
  }
}

async function openEars(
  { ports, secure }: ServeOptions,
  patience: Patience,
  listeners: Listeners,
): Promise<Serving> {
  const plain = await listenOnLoopback(ports, { listeners, patience })
  if (secure === undefined) return { ...plain, securePort: undefined }
  const { credentials } = secure
  try {
    const second = await listenOnLoopback(secure.ports, { listeners, patience, credentials })
    return {
      port: plain.port,
      securePort: second.port,
      present: second.present,
      close: async () => {
        await Promise.all([plain.close(), second.close()])
      },
    }
  } catch (error) {
    await plain.close()
    throw error
  }
}

/** The port of the ear that heard it: no Host header may name the other one. */
function portOf(request: IncomingMessage): number {
  return request.socket.localPort ?? 0
}

function createAcceptor({ closeMs }: Patience): WebSocketServer {
  // The types of ws do not know of `closeTimeout` yet.
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    closeTimeout: closeMs,
    handleProtocols: () => SUBPROTOCOL,
  }
  return new WebSocketServer(options)
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
