/**
 * One attempt to open one socket, and the many ways in which browsers let it fail: the constructor throws (Firefox and
 * WebKit, Content-Security-Policy), only `error` fires (Chromium's CSP, WebKit's mixed content), `close` fires, or nothing
 * does. A page with `upgrade-insecure-requests` dials wss though it says ws: WebKit shows that in the socket's own url,
 * Firefox nowhere, but the bridge's ear for ws then answers no TLS; Chromium leaves loopback alone.
 * @module
 */
import { PATH, SECURE_ABOVE, SUBPROTOCOL } from '../wire/limits.ts'
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
  /**
   * The page may not even try: its own policy, or a browser that opens only wss (`tls`). Or somebody answered by a
   * certificate that the browser does not believe, and this browser tells so.
   */
  | { readonly type: 'barred'; readonly reason: BarReason }

type BarReason = 'csp' | 'tls' | 'certificate'

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
/** Close code of a TLS handshake that failed (RFC 6455 §7.4.1). Firefox tells it; Chromium and WebKit say 1006. */
const TLS_FAILED = 1015
const CONNECTING = 0

/** A port of the list that pages are given, and whether its ear for wss is meant. */
export interface Door {
  readonly port: number
  readonly isSecure: boolean
}

/** Which port is dialled. */
export function portOf({ port, isSecure }: Door): number {
  return isSecure ? port + SECURE_ABOVE : port
}

/** Starts an attempt; it never throws. */
export function dial(WebSocket: WebSocketConstructor, door: Door): Dialing {
  const { isSecure } = door
  // The literal IPv4, because `localhost` is ::1 in one browser and 127.0.0.1 in another.
  const url = `${isSecure ? 'wss' : 'ws'}://127.0.0.1:${portOf(door)}${PATH}`
  const bar =
    (reason: BarReason): (() => void) =>
    () =>
      end({ type: 'barred', reason })
  const violations = watchViolations(new URL(url).origin, bar('csp'))
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
  const failTls = bar(isSecure ? 'certificate' : 'tls')
  const failMute = bar(isSecure ? 'csp' : 'tls')
  function limit(timeoutMs: number): void {
    clearTimeout(timer)
    timer = setTimeout(fail, timeoutMs)
  }

  try {
    socket = new WebSocket(url, SUBPROTOCOL)
  } catch {
    // With a literal loopback address only a Content-Security-Policy makes the constructor throw.
    bar('csp')()
    return { outcome, limit, abort: fail }
  }
  const opening = socket
  opening.onopen = () => {
    if (opening.protocol !== SUBPROTOCOL) fail()
    else end({ type: 'open', transport: webSocketTransport(opening) })
  }
  opening.onclose = (event?: { code?: number }) => (event?.code === TLS_FAILED ? failTls : fail)()
  opening.onerror = () => {
    // Every failure of the network closes a socket before it says so; WebKit's mixed content leaves it as it was.
    if (globalThis.isSecureContext && opening.readyState === CONNECTING) return failMute()
    clearTimeout(timer)
    timer = setTimeout(failMute, LONE_ERROR_MS)
  }
  if (!isSecure && opening.url?.startsWith('wss:')) failTls()
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
