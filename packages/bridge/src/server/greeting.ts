/**
 * Whether a port is a bridge's: it is greeted as a page would, and asked nothing else.
 * @module
 */
import { PATH, PROTOCOL_VERSION, SUBPROTOCOL } from '@trien/sdk/wire'
import { WebSocket } from 'ws'

const PATIENCE_MS = 2_000
const MAX_ANSWER_BYTES = 4_096
/** A page of this machine: hello asks no person and remembers no origin. */
const ORIGIN = 'http://localhost'

/**
 * What a port said: `closed` where nothing listens, a bridge's version, `refused` where a gate like ours turned us away
 * (another person's bridge does), or `stranger`.
 */
export type Greeting =
  | { readonly kind: 'closed' | 'refused' | 'stranger' }
  | { readonly kind: 'bridge'; readonly version: string }

/** Greets 127.0.0.1. Never throws. */
export function greet(port: number): Promise<Greeting> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${PATH}`, SUBPROTOCOL, {
      origin: ORIGIN,
      handshakeTimeout: PATIENCE_MS,
      maxPayload: MAX_ANSWER_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    })
    const timer = setTimeout(() => end({ kind: 'stranger' }), PATIENCE_MS)
    const end = (greeting: Greeting): void => {
      clearTimeout(timer)
      resolve(greeting)
      socket.terminate()
    }
    const params = { versions: [PROTOCOL_VERSION], sdk: 'doctor' }
    socket.on('open', () => {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'hello', params }))
    })
    socket.on('message', (data: Buffer) => {
      end(readAnswer(String(data)))
    })
    socket.on('unexpected-response', (_request, { statusCode }) => {
      end({ kind: statusCode === 403 ? 'refused' : 'stranger' })
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      end({ kind: error.code === 'ECONNREFUSED' ? 'closed' : 'stranger' })
    })
    socket.on('close', () => {
      end({ kind: 'stranger' })
    })
  })
}

/** An answer of another version of the protocol is a bridge's, too. */
function readAnswer(text: string): Greeting {
  try {
    const { jsonrpc, id, result, error } = JSON.parse(text) as {
      readonly [name: string]: { readonly bridge?: unknown } | string | number | undefined
    }
    if (jsonrpc !== '2.0' || id !== 1) return { kind: 'stranger' }
    const bridge = typeof result === 'object' ? result.bridge : undefined
    if (typeof bridge === 'string') return { kind: 'bridge', version: bridge.slice(0, 40) }
    if (typeof error === 'object') return { kind: 'bridge', version: '?' }
  } catch {
    // Not JSON: not a bridge.
  }
  return { kind: 'stranger' }
}
