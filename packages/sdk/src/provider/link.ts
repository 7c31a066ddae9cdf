/**
 * Keeps a session with the bridge: finds it, notices its loss, finds it again, and says at every moment where it stands.
 * @module
 */
import { BridgeError, type SigningError } from '../errors.ts'
import { watchPermission } from './permission.ts'
import { findBridge } from './search.ts'
import type { Session } from './session.ts'
import type { WebSocketConstructor } from './transport.ts'

/**
 * Where a connection stands; `problem` says why.
 * - `not-installed`: no usable bridge answers on this machine
 * - `permission-needed`: the browser asks the person, or will at the next click
 * - `blocked`: the browser keeps the page away
 * - `connecting`, `ready`
 * - `lost`: it was ready; it is being looked for
 */
export type BridgeState =
  'not-installed' | 'permission-needed' | 'blocked' | 'connecting' | 'ready' | 'lost'

/** What a link is made with. */
export interface LinkOptions {
  readonly ports: readonly number[]
  readonly webSocket: WebSocketConstructor
}

interface Attempt {
  readonly session: Promise<Session>
  readonly mayPrompt: boolean
  readonly isFull: boolean
}

/** First and longest pause between attempts that nobody asked for. */
const MIN_PAUSE_MS = 500
const MAX_PAUSE_MS = 30_000
/** A session this old was a good one: after it, attempts start quickly again. */
const GOOD_SESSION_MS = 5_000
/** Of so many attempts that nobody asked for, one tries all ports: Chromium slows down a page whose sockets fail. */
const FULL_ATTEMPT_EVERY = 4

/** One page's relation to the bridge. */
export class Link {
  state: BridgeState = 'connecting'
  problem: SigningError | undefined
  session: Session | undefined
  readonly listeners = new Set<(state: BridgeState) => void>()
  readonly #options: LinkOptions
  readonly #permission = watchPermission()
  readonly #closing = new AbortController()
  readonly #tally = { failures: 0 }
  #attempt: Attempt | undefined
  #knownPort: number | undefined
  #retries = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: LinkOptions) {
    this.#options = options
    const stopListening = this.#permission.listen((permission) => {
      if (this.session === undefined && permission !== 'prompt') this.#tryQuietly(true)
    })
    this.#closing.signal.addEventListener('abort', stopListening)
  }

  /**
   * The session, found now if there is none. Joins an attempt under way unless this call may do what that one may not.
   * @throws as `findBridge`
   */
  async ready(mayPrompt: boolean): Promise<Session> {
    for (;;) {
      if (this.#closing.signal.aborted) throw new BridgeError('BRIDGE_CLOSED')
      if (this.session !== undefined) return this.session
      const running = this.#attempt
      if (running === undefined) return this.#start(mayPrompt, true).session
      try {
        return await running.session
      } catch (error) {
        if (running.isFull && (running.mayPrompt || !mayPrompt)) throw error
      }
    }
  }

  close(): void {
    this.#closing.abort()
    clearTimeout(this.#timer)
    if (this.session === undefined) this.#enter('lost', new BridgeError('BRIDGE_CLOSED'))
    this.session?.connection.close()
  }

  #start(mayPrompt: boolean, isFull: boolean): Attempt {
    clearTimeout(this.#timer)
    if (this.state !== 'lost') this.#enter('connecting')
    const session = this.#find(mayPrompt, isFull)
    // Who waits for it hears of its failure; where nobody does, the state tells.
    session.catch(() => {})
    return (this.#attempt = { session, mayPrompt, isFull })
  }

  async #find(mayPrompt: boolean, isFull: boolean): Promise<Session> {
    const { ports, webSocket } = this.#options
    try {
      const session = await findBridge({
        ports: isFull ? ports : [this.#knownPort ?? ports[0] ?? 0],
        webSocket,
        permission: this.#permission,
        mayPrompt,
        signal: this.#closing.signal,
        tally: this.#tally,
        onAsking: (isAsking) =>
          isAsking
            ? this.#enter('permission-needed', new BridgeError('BRIDGE_PERMISSION_NEEDED'))
            : this.#enter('connecting'),
      })
      if (this.#closing.signal.aborted) session.connection.close()
      else this.#keep(session)
      return session
    } catch (error) {
      this.#explain(error as SigningError)
      throw error
    } finally {
      this.#attempt = undefined
    }
  }

  #keep(session: Session): void {
    const keptMs = performance.now()
    this.session = session
    this.#knownPort = session.port
    session.connection.onclose = (reason) => {
      this.session = undefined
      if (performance.now() - keptMs > GOOD_SESSION_MS) this.#retries = 0
      this.#enter('lost', reason)
      this.#scheduleRetry()
    }
    this.#enter('ready')
  }

  #explain(error: SigningError): void {
    if (error.code === 'BRIDGE_PERMISSION_NEEDED') this.#enter('permission-needed', error)
    else if (error.code === 'BRIDGE_BLOCKED' || error.code === 'USAGE_INSECURE_CONTEXT') {
      this.#enter('blocked', error)
    } else {
      const wasThere = this.#knownPort !== undefined || error.code === 'BRIDGE_CLOSED'
      this.#enter(wasThere ? 'lost' : 'not-installed', error)
      this.#scheduleRetry()
    }
  }

  #scheduleRetry(): void {
    if (this.#closing.signal.aborted) return
    const pauseMs = Math.min(MIN_PAUSE_MS * 2 ** this.#retries, MAX_PAUSE_MS)
    const isFull = ++this.#retries % FULL_ATTEMPT_EVERY === 0
    this.#timer = setTimeout(() => this.#tryQuietly(isFull), pauseMs)
    // Node would stay alive for it.
    ;(this.#timer as { unref?: () => void }).unref?.()
  }

  /** An attempt that nobody asked for never makes the browser ask the person. */
  #tryQuietly(isFull: boolean): void {
    if (this.#attempt === undefined) this.#start(false, isFull)
  }

  #enter(state: BridgeState, problem?: SigningError): void {
    this.problem = problem
    if (state === this.state) return
    this.state = state
    for (const listener of this.listeners) queueMicrotask(() => listener(state))
  }
}
