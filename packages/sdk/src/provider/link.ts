/**
 * Keeps a session with the bridge: finds it, notices its loss, finds it again, and says at every moment where it stands.
 * @module
 */
import { BridgeError, type SigningError } from '../errors.ts'
import { FailureTally } from './failure-tally.ts'
import type { IdentityMemory } from './identity.ts'
import { watchPermission } from './permission.ts'
import { type Search, findBridge } from './search.ts'
import type { Session } from './session.ts'
import type { WebSocketConstructor } from './transport.ts'

/**
 * Where a connection stands; `problem` says why.
 * - `not-installed`: no usable bridge answers on this machine
 * - `permission-needed`: the browser asks the person, or will at the next click
 * - `blocked`: the browser keeps the page away
 * - `untrusted`: a bridge answers, but it is not the one that this page knows; it was asked nothing
 * - `connecting`, `ready`
 * - `lost`: it was ready; it is being looked for
 */
export type BridgeState =
  'not-installed' | 'permission-needed' | 'blocked' | 'untrusted' | 'connecting' | 'ready' | 'lost'

/** What a link is made with. */
export interface LinkOptions {
  readonly ports: readonly number[]
  readonly webSocket: WebSocketConstructor
  readonly memory: IdentityMemory
}

/** What an attempt may do. */
interface Powers {
  readonly mayPrompt: boolean
  /** Tries all ports, not only the likeliest. */
  readonly isFull: boolean
  /** Nobody asked for it: it changes nothing that the page shows unless it finds something new. */
  readonly isQuiet: boolean
}

interface Attempt extends Powers {
  readonly session: Promise<Session>
}

/** First and longest pause between attempts that nobody asked for; each is twice the one before. */
const MIN_PAUSE_MS = 500
const MAX_PAUSE_MS = 60_000
/** A bridge that was never there hardly appears within seconds: so many of the first pauses are left out. */
const UNHURRIED_RETRIES = 3
/** A session this old was a good one: after it, attempts start quickly again. */
const GOOD_SESSION_MS = 5_000
/** Of so many attempts that nobody asked for, one tries all ports: Chromium holds back a page whose sockets fail. */
const FULL_ATTEMPT_EVERY = 8

/** One page's relation to the bridge. */
export class Link {
  state: BridgeState = 'connecting'
  problem: SigningError | undefined
  session: Session | undefined
  readonly listeners = new Set<(state: BridgeState) => void>()
  readonly tokenListeners = new Set<() => void>()
  readonly #options: LinkOptions
  readonly #permission = watchPermission()
  readonly #closing = new AbortController()
  readonly #tally = new FailureTally()
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
      if (running === undefined) return this.#start({ mayPrompt, isFull: true, isQuiet: false })
      try {
        return await running.session
      } catch (error) {
        if (running.isFull && (running.mayPrompt || !mayPrompt)) throw error
      }
    }
  }

  /** What a search of all ports needs to know. */
  search(mayPrompt: boolean): Search {
    return {
      ...this.#options,
      mayPrompt,
      permission: this.#permission,
      signal: this.#closing.signal,
      tally: this.#tally,
      onAsking: (isAsking) =>
        isAsking
          ? this.#enter('permission-needed', new BridgeError('BRIDGE_PERMISSION_NEEDED'))
          : this.#enter('connecting'),
    }
  }

  close(): void {
    this.#closing.abort()
    clearTimeout(this.#timer)
    if (this.session === undefined) this.#enter('lost', new BridgeError('BRIDGE_CLOSED'))
    this.session?.connection.close()
  }

  #start(powers: Powers): Promise<Session> {
    clearTimeout(this.#timer)
    if (!powers.isQuiet && this.state !== 'lost') this.#enter('connecting')
    const session = this.#find(powers)
    // Who waits for it hears of its failure; where nobody does, the state tells.
    session.catch(() => {})
    this.#attempt = { session, ...powers }
    return session
  }

  async #find(powers: Powers): Promise<Session> {
    const search = this.search(powers.mayPrompt)
    const likeliest = [this.#knownPort ?? search.ports[0] ?? 0]
    try {
      const session = await findBridge(powers.isFull ? search : { ...search, ports: likeliest })
      if (this.#closing.signal.aborted) {
        session.connection.close()
        throw new BridgeError('BRIDGE_CLOSED')
      }
      this.#keep(session)
      return session
    } catch (error) {
      this.#explain(error as SigningError, powers)
      throw error
    } finally {
      this.#attempt = undefined
    }
  }

  #keep(session: Session): void {
    const keptMs = performance.now()
    // Nobody told of what happened while the bridge was away.
    if (this.#knownPort !== undefined) this.#tellOfTokens()
    this.session = session
    this.#knownPort = session.door.port
    session.connection.ontokens = () => this.#tellOfTokens()
    session.connection.onclose = (reason) => {
      this.session = undefined
      if (performance.now() - keptMs > GOOD_SESSION_MS) this.#retries = 0
      this.#enter('lost', reason)
      this.#scheduleRetry()
    }
    this.#enter('ready')
  }

  #explain(error: SigningError, { isQuiet }: Powers): void {
    const { code, details } = error
    if (code === 'BRIDGE_PERMISSION_NEEDED') {
      // Found without asking: what the page shows (not installed, lost) is still the last that is known.
      if (!isQuiet) this.#enter('permission-needed', error)
      return
    }
    const isBlocked = code === 'BRIDGE_BLOCKED' || code === 'USAGE_INSECURE_CONTEXT'
    // A certificate may yet be installed; what the person or the page forbade, nobody changes unasked.
    if (isBlocked && !/^(tls|certificate)$/.test(String(details['reason']))) {
      this.#enter('blocked', error)
      return
    }
    if (code === 'BRIDGE_IDENTITY_CHANGED') {
      this.#enter('untrusted', error)
    } else if (this.#knownPort === undefined && code !== 'BRIDGE_CLOSED') {
      this.#retries = Math.max(this.#retries, UNHURRIED_RETRIES)
      this.#enter(isBlocked ? 'blocked' : 'not-installed', error)
    } else {
      this.#enter('lost', error)
    }
    this.#scheduleRetry()
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
    if (this.#attempt === undefined) void this.#start({ mayPrompt: false, isFull, isQuiet: true })
  }

  #tellOfTokens(): void {
    for (const listener of this.tokenListeners) queueMicrotask(listener)
  }

  #enter(state: BridgeState, problem?: SigningError): void {
    this.problem = problem
    if (state === this.state) return
    this.state = state
    for (const listener of this.listeners) queueMicrotask(() => listener(state))
  }
}
