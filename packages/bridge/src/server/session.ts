/**
 * One connection of one page: frames in, answers out, everything aborted when the socket closes.
 * @module
 */
import { BridgeError, type SigningError, UserError, isSigningError } from '@trien/sdk/errors'
import * as wire from '@trien/sdk/wire'
import type { RawData, WebSocket } from 'ws'
import { logUnexpected } from '../log.ts'
import type { Call, Method } from './call.ts'
import type { Patience } from './patience.ts'

/** Close codes of RFC 6455 §7.4.1 that we send. */
const GOING_AWAY = 1001
const UNSUPPORTED_DATA = 1003
const POLICY_VIOLATION = 1008

const MAX_BAD_FRAMES = 3
const MAX_UNREAD_BYTES = 1 << 20

/** What a session needs besides its socket. */
export interface SessionOptions {
  readonly origin: string
  readonly port: number
  readonly methods: readonly Method[]
  readonly patience: Patience
}

/** A request under way. */
interface Pending {
  readonly controller: AbortController
  onMore?: Parameters<Call['onMore']>[0]
}

/** A connection that was admitted. */
export class Session {
  readonly origin: string
  readonly #socket: WebSocket
  readonly #port: number
  readonly #methods: ReadonlyMap<string, Method>
  readonly #pending = new Map<number, Pending>()
  readonly #heartbeat: NodeJS.Timeout
  readonly #gone: Promise<void>
  #greeted = false
  #badFrames = 0
  #alive = true

  constructor(socket: WebSocket, options: SessionOptions) {
    this.#socket = socket
    this.origin = options.origin
    this.#port = options.port
    this.#methods = new Map(options.methods.map((method) => [method.name, method]))
    this.#heartbeat = setInterval(() => {
      this.#beat()
    }, options.patience.pingMs)
    this.#gone = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('pong', () => {
      this.#alive = true
    })
    socket.on('message', (data, isBinary) => {
      this.#receive(data, isBinary)
    })
    // ws closes with the right code by itself (1009 too large, 1007 not UTF-8, 1002 malformed).
    for (const event of ['error', 'close']) {
      socket.on(event, () => {
        this.#end()
      })
    }
  }

  /** Says something that belongs to no request; nothing to a page that has not said hello. */
  notify<Params>(type: wire.NotificationType<Params>, params: Params): void {
    if (!this.#greeted) return
    this.#send(wire.encodeNotification(type.method, type.params.write(params)))
  }

  /** Closes the socket because the bridge stops, and resolves when it is closed. */
  close(): Promise<void> {
    this.#close(GOING_AWAY)
    return this.#gone
  }

  /** A page that does not answer the close is not waited for: ws ends it after `patience.closeMs`. */
  #close(code: number): void {
    this.#end()
    this.#socket.close(code)
  }

  /** Whatever was asked on this socket is not asked any more; its dialog goes at once, not when TCP is done. */
  #end(): void {
    clearInterval(this.#heartbeat)
    const reason = new BridgeError('BRIDGE_CLOSED')
    for (const { controller } of this.#pending.values()) controller.abort(reason)
  }

  #beat(): void {
    if (!this.#alive) {
      this.#socket.terminate()
      return
    }
    this.#alive = false
    this.#socket.ping()
  }

  #receive(data: RawData, isBinary: boolean): void {
    // What comes after the close frame (RFC 6455 §5.5.1) is still handed over, and must not open a dialog.
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (isBinary) {
      this.#close(UNSUPPORTED_DATA)
      return
    }
    let message: wire.Message
    try {
      message = wire.parseMessage(frameText(data))
    } catch (error) {
      this.#refuseFrame(asSigningError(error))
      return
    }
    if (message.type === 'request') void this.#serve(message)
    else if (message.type === 'notification') this.#hear(message)
    else this.#refuseFrame(protocolError('envelope'))
  }

  #refuseFrame(error: SigningError): void {
    const isSyntax = error.details['problem'] === 'parse'
    this.#send(wire.encodeError(null, error, isSyntax ? wire.PARSE_ERROR : wire.INVALID_REQUEST))
    this.#badFrames += 1
    if (this.#badFrames >= MAX_BAD_FRAMES) this.#close(POLICY_VIOLATION)
  }

  /** JSON-RPC 2.0 §4.1: a notification is never answered, not even an unknown one. */
  #hear(message: wire.Message & { type: 'notification' }): void {
    const { method, params } = message
    // Each of ours says which request it belongs to.
    const { request } = Object(params) as { request?: unknown }
    const pending = this.#pending.get(request as number)
    if (method === wire.cancel.method) pending?.controller.abort(new UserError('USER_CANCELLED'))
    else pending?.onMore?.(method, params)
  }

  async #serve(request: wire.Message & { type: 'request' }): Promise<void> {
    const { id, method: name, params } = request
    if (this.#pending.has(id)) {
      // The id belongs to another request's answer, so this one is refused without it.
      this.#refuseFrame(protocolError('duplicate-id'))
      return
    }
    const method = this.#methods.get(name)
    const refusal = this.#findRefusal(name, method)
    if (refusal !== undefined || method === undefined) {
      const number = method === undefined ? wire.METHOD_NOT_FOUND : wire.INVALID_REQUEST
      this.#send(wire.encodeError(id, refusal ?? protocolError('method'), number))
      return
    }
    const controller = new AbortController()
    const pending: Pending = { controller }
    this.#pending.set(id, pending)
    try {
      const call = this.#callOf(id, pending)
      const result = await untilAborted(method.answer(params, call), controller.signal)
      if (name === wire.hello.method) this.#greeted = true
      this.#send(wire.encodeResult(id, result))
    } catch (error) {
      this.#sendFailure(id, name, error)
    } finally {
      this.#pending.delete(id)
    }
  }

  #findRefusal(name: string, method: Method | undefined): SigningError | undefined {
    if (!this.#greeted && name !== wire.hello.method) return protocolError('hello-first')
    if (method === undefined) return protocolError('method')
    if (this.#pending.size >= wire.MAX_PENDING_REQUESTS) return new BridgeError('BRIDGE_BUSY')
    return undefined
  }

  #callOf(request: number, pending: Pending): Call {
    const { signal } = pending.controller
    return {
      origin: this.origin,
      port: this.#port,
      request,
      signal,
      onMore: (listener) => {
        pending.onMore = listener
      },
      notify: (type, params) => {
        if (signal.aborted) return
        this.#send(wire.encodeNotification(type.method, type.params.write(params)))
      },
    }
  }

  #sendFailure(id: number, method: string, error: unknown): void {
    if (!isSigningError(error)) logUnexpected(method, error)
    const known = asSigningError(error)
    const isShape = known.cause instanceof wire.ShapeError
    this.#send(wire.encodeError(id, known, isShape ? wire.INVALID_PARAMS : wire.SERVER_ERROR))
  }

  #send(frame: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(frame)
    // A page that does not read what it asked for is not waited for.
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) this.#socket.terminate()
  }
}

/** Settles with the work, or rejects with the signal's reason as soon as that aborts. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort)
    })
  })
}

function frameText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.from(data as ArrayBuffer).toString('utf8')
}

function protocolError(problem: string): SigningError {
  return new BridgeError('BRIDGE_PROTOCOL', { details: { problem } })
}

function asSigningError(error: unknown): SigningError {
  return isSigningError(error) ? error : new BridgeError('BRIDGE_INTERNAL', { cause: error })
}
