/**
 * JSON-RPC over a transport: questions with deadlines, cancellation, and a peer that is not trusted to keep the rules.
 * @module
 */
import { BridgeError, type SigningError, UserError, createError } from '../errors.ts'
import type { Bytes } from '../types.ts'
import { encodeUtf8 } from '../bytes.ts'
import { type Message, encodeNotification, encodeRequest, parseMessage } from '../wire/codec.ts'
import * as limits from '../wire/limits.ts'
import type { RequestType } from '../wire/message-types.ts'
import { cancel, promptPage, signProgress } from '../wire/running.ts'
import { tokensChanged } from '../wire/tokens.ts'
import { type Failure, type PendingCall, PendingCalls } from './pending.ts'
import type { ConnectionTransport } from './transport.ts'

/** What a question hears of the bridge before its answer. What a listener throws ends its question. */
export interface Heed {
  readonly signal?: AbortSignal | undefined
  readonly onSignature?: ((item: string, signature: Bytes) => void) | undefined
  readonly onPromptPage?: ((url: string) => void) | undefined
}

/** How a question is limited. */
export interface RequestOptions extends Heed {
  readonly timeoutMs?: number
  /** Frames that belong to the question, sent right behind it; told its number. */
  readonly more?: ((request: number) => Iterable<string>) | undefined
}

/** A bridge stops a cancelled request well within this; after it the page waits no longer. */
const CANCEL_PATIENCE_MS = 1_000
/** Words that nobody waits for (late answers, notifications of a newer bridge) are ignored, but not without end. */
const MAX_STRAY_MESSAGES = 1_000
const STRAY_WINDOW_MS = 10_000

/** One open connection. */
export class Connection {
  /** Called once, with the reason. */
  onclose: ((reason: SigningError) => void) | undefined
  /** Called when the bridge says that a token came or went. */
  ontokens: (() => void) | undefined
  readonly #transport: ConnectionTransport
  readonly #pending = new PendingCalls<Heed>()
  #closed = false
  #strays = 0
  #strayWindowEndMs = 0

  constructor(transport: ConnectionTransport) {
    this.#transport = transport
    transport.onmessage = (frame) => this.#receive(frame)
    transport.onclose = () => this.#end({ code: 'BRIDGE_CLOSED' })
  }

  /**
   * Asks and waits. Each signature on the way gives the rest its full time again.
   * @throws {BridgeError} BRIDGE_CLOSED, BRIDGE_TIMEOUT, BRIDGE_PROTOCOL, BRIDGE_TOO_LARGE, BRIDGE_BUSY
   * @throws {UserError} USER_CANCELLED when the signal aborts
   * @throws {SigningError} whatever code the bridge answers
   */
  async request<P, R>(type: RequestType<P, R>, params: P, options: RequestOptions): Promise<R> {
    const { signal } = options
    assertNotAborted(signal)
    if (this.#closed) throw new BridgeError('BRIDGE_CLOSED')
    if (this.#pending.size >= limits.MAX_PENDING_REQUESTS) throw new BridgeError('BRIDGE_BUSY')

    const { id, call, answer } = this.#pending.add(options)
    const stop = (timeoutMs: number, failure: Failure): void => {
      this.#send(encodeNotification(cancel.method, { request: id }))
      call.setDeadline(timeoutMs, () => call.reject(failure))
    }
    const patienceMs = limits.MACHINE_TIMEOUT_MS + (type.asksPerson ? limits.PERSON_TIMEOUT_MS : 0)
    call.setDeadline(options.timeoutMs ?? patienceMs, () => stop(0, { code: 'BRIDGE_TIMEOUT' }))
    const onAbort = (): void => stop(CANCEL_PATIENCE_MS, { code: 'USER_CANCELLED' })
    signal?.addEventListener('abort', onAbort)

    const frame = encodeRequest(id, type.method, type.params.write(params))
    if (encodeUtf8(frame).length > limits.MAX_FRAME_BYTES) call.reject(TOO_LARGE)
    else for (const part of [frame, ...(options.more?.(id) ?? [])]) this.#send(part)
    try {
      return this.#readResult(type, await answer)
    } finally {
      signal?.removeEventListener('abort', onAbort)
      // An answer that crossed the cancellation does not count.
      assertNotAborted(signal)
    }
  }

  close(): void {
    this.#end({ code: 'BRIDGE_CLOSED' })
  }

  #send(frame: string): void {
    if (!this.#closed) this.#transport.send(frame)
  }

  #readResult<P, R>(type: RequestType<P, R>, result: unknown): R {
    try {
      return type.result.read(result, 'result')
    } catch (cause) {
      throw this.#fail('result', cause)
    }
  }

  #receive(frame: unknown): void {
    if (this.#closed) return
    if (typeof frame !== 'string' || frame.length > limits.MAX_FRAME_BYTES) {
      this.#fail('frame')
      return
    }
    try {
      this.#dispatch(parseMessage(frame))
    } catch (cause) {
      this.#fail('message', cause)
    }
  }

  #dispatch(message: Message): void {
    if (message.type === 'notification') {
      this.#notify(message.method, message.params)
    } else if (message.type === 'request' || message.id === null) {
      // A bridge asks nothing; an error without a number means that it could not read us.
      this.#fail(message.type)
    } else {
      const call = this.#pending.find(message.id)
      if (call === undefined) this.#stray(this.#pending.wasAsked(message.id))
      else if (message.type === 'result') call.resolve(message.result)
      else call.reject(message.error)
    }
  }

  #notify(method: string, params: unknown): void {
    if (method === signProgress.method) {
      const { request, signatures } = signProgress.params.read(params, 'params')
      this.#heed(request, ({ heed }) => {
        for (const { item, value } of signatures) heed.onSignature?.(item, value)
      })
    } else if (method === promptPage.method) {
      const { request, url } = promptPage.params.read(params, 'params')
      this.#heed(request, (call) => call.heed.onPromptPage?.(url))
    } else {
      if (method === tokensChanged.method) this.ontokens?.()
      this.#stray(true)
    }
  }

  #heed(id: number, tell: (call: PendingCall<Heed>) => void): void {
    const call = this.#pending.find(id)
    if (call === undefined) {
      this.#stray(this.#pending.wasAsked(id))
      return
    }
    // Cancelled, it has its patience once and for all.
    if (call.heed.signal?.aborted !== true) call.extend()
    try {
      tell(call)
    } catch (error) {
      this.#send(encodeNotification(cancel.method, { request: id }))
      call.throw(error)
    }
  }

  #stray(isHarmless: boolean): void {
    const nowMs = performance.now()
    if (nowMs > this.#strayWindowEndMs) {
      this.#strayWindowEndMs = nowMs + STRAY_WINDOW_MS
      this.#strays = 0
    }
    if (!isHarmless || ++this.#strays > MAX_STRAY_MESSAGES) this.#fail('stray')
  }

  /** The peer broke the rules: nothing more is believed of it. */
  #fail(problem: string, cause?: unknown): SigningError {
    const failure: Failure = { code: 'BRIDGE_PROTOCOL', details: { problem }, cause }
    this.#end(failure)
    return createError(failure.code, failure)
  }

  #end(failure: Failure): void {
    if (this.#closed) return
    this.#closed = true
    this.#transport.close()
    this.#pending.rejectAll(failure)
    this.onclose?.(createError(failure.code, failure))
  }
}

/** What does not fit one message. */
export const TOO_LARGE = {
  code: 'BRIDGE_TOO_LARGE',
  details: { maxBytes: limits.MAX_FRAME_BYTES, maxItems: limits.MAX_ITEMS },
} as const satisfies Failure

/**
 * Begins something that knows no signal, and waits no longer than the signal lets it; not begun where it is too late.
 * @throws {UserError} USER_CANCELLED
 */
export async function unlessAborted<T>(
  signal: AbortSignal | undefined,
  begin: () => Promise<T>,
): Promise<T> {
  assertNotAborted(signal)
  const aborted = new Promise<T>((_, reject) =>
    signal?.addEventListener('abort', () => reject(cancelled(signal)), { once: true }),
  )
  return Promise.race([begin(), aborted])
}

/** @throws {UserError} USER_CANCELLED */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled(signal)
}

function cancelled(signal: AbortSignal): UserError {
  return new UserError('USER_CANCELLED', { cause: signal.reason })
}
