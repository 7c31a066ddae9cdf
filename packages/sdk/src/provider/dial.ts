/**
 * One attempt to open one socket, and the many ways in which browsers let it fail: the constructor throws (Firefox,
 * Content-Security-Policy), only `error` fires (Chromium's CSP, WebKit's mixed content), `close` fires, or nothing does.
 * @module
 */
import { PATH, SUBPROTOCOL } from '../wire/limits.ts'
import {
  type ConnectionTransport,
  type WebSocketConstructor,
  type WebSocketLike,
  webSocketTransport,
} from './transport.ts'

/** How an attempt ended. */
export type DialOutcome =
  | { readonly type: 'open'; readonly transport: ConnectionTransport }
  /** Nobody listens, somebody refused, or no WebSocket was spoken there. */
  | { readonly type: 'failed' }
  /** The page may not even try. */
  | { readonly type: 'barred'; readonly reason: 'csp' | 'mixed-content' }

/** An attempt under way. */
export interface Dialing {
  readonly outcome: Promise<DialOutcome>
  /** Gives the attempt this long from now; a second call replaces the first. */
  limit(timeoutMs: number): void
  /** Ends it as failed. */
  abort(): void
}

/** `error` and `close` of a real failure come together; this long after a lone `error` no `close` will follow. */
const LONE_ERROR_MS = 1_000

/** The one address of a bridge: the literal IPv4, because `localhost` is ::1 in one browser and 127.0.0.1 in another. */
export function bridgeUrl(port: number): string {
  return `ws://127.0.0.1:${port}${PATH}`
}

/** Starts an attempt; it never throws. */
export function dial(WebSocket: WebSocketConstructor, port: number): Dialing {
  const url = bridgeUrl(port)
  const violations = watchViolations(new URL(url).origin, () =>
    end({ type: 'barred', reason: 'csp' }),
  )
  let socket: WebSocketLike | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let resolve: (outcome: DialOutcome) => void
  const outcome = new Promise<DialOutcome>((resolveOutcome) => (resolve = resolveOutcome))

  function end(result: DialOutcome): void {
    clearTimeout(timer)
    violations.stop()
    resolve(result)
    if (socket === undefined) return
    // What an open socket says by `error` its `close` says too; one that is closed before it opened says so by one more
    // `error`, which nobody may be left to hear.
    socket.onerror = () => {}
    if (result.type === 'open') return
    socket.onopen = socket.onclose = null
    socket.close()
  }
  const fail = (): void => end({ type: 'failed' })
  function limit(timeoutMs: number): void {
    clearTimeout(timer)
    timer = setTimeout(fail, timeoutMs)
  }

  try {
    socket = new WebSocket(url, SUBPROTOCOL)
  } catch {
    // With a literal loopback address only a Content-Security-Policy makes the constructor throw.
    end({ type: 'barred', reason: 'csp' })
    return { outcome, limit, abort: fail }
  }
  const opening = socket
  opening.onopen = () => {
    if (opening.protocol !== SUBPROTOCOL) fail()
    else end({ type: 'open', transport: webSocketTransport(opening) })
  }
  opening.onclose = fail
  opening.onerror = () => {
    clearTimeout(timer)
    timer = setTimeout(() => end({ type: 'barred', reason: 'mixed-content' }), LONE_ERROR_MS)
  }
  return { outcome, limit, abort: fail }
}

/** Listens for the report by which a browser tells the page of its own policy. */
function watchViolations(origin: string, onViolation: () => void): { stop(): void } {
  const target = globalThis.document ?? globalThis
  const listener = (event: Event): void => {
    const { blockedURI, disposition } = event as SecurityPolicyViolationEvent
    if (disposition === 'enforce' && blockedURI.startsWith(origin)) onViolation()
  }
  target.addEventListener?.('securitypolicyviolation', listener)
  return { stop: () => target.removeEventListener?.('securitypolicyviolation', listener) }
}
