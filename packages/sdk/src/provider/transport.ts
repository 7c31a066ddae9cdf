/**
 * What a connection needs of a socket, and the WebSocket behind it.
 * @module
 */

/** A carrier of frames: four members, so that another carrier can take the socket's place. */
export interface ConnectionTransport {
  send(frame: string): void
  close(): void
  /** Set by whoever reads; what arrives may be anything. */
  onmessage: ((frame: unknown) => void) | undefined
  /** Called once, also after `close()`. */
  onclose: (() => void) | undefined
}

/**
 * The part of a WebSocket that is used: the browser's, Node's own (22 and later) and that of the `ws` package fit.
 * The handlers are only ever assigned, hence `unknown`: each library types their events differently.
 */
export interface WebSocketLike {
  readonly protocol: string
  /** Where it really goes; browsers have both of these, and a double need not. */
  readonly url?: string
  readonly readyState?: number
  send(data: string): void
  close(): void
  onopen: unknown
  onmessage: unknown
  onerror: unknown
  onclose: unknown
}

/** Makes sockets; two arguments, never more (an options object throws in Chromium 156 and Firefox 153). */
export type WebSocketConstructor = new (url: string, protocol: string) => WebSocketLike

/** Wraps a socket that is open. */
export function webSocketTransport(socket: WebSocketLike): ConnectionTransport {
  const transport: ConnectionTransport = {
    send: (frame) => socket.send(frame),
    close: () => socket.close(),
    onmessage: undefined,
    onclose: undefined,
  }
  socket.onmessage = (event: { data: unknown }) => transport.onmessage?.(event.data)
  socket.onclose = () => transport.onclose?.()
  return transport
}
