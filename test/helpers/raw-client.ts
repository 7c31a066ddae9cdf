/**
 * A WebSocket client made of bytes, so that it can do what no browser and no library would: RFC 6455 by hand.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { type Socket, connect } from 'node:net'

export type Header = readonly [name: string, value: string]

/** What came back: the status line's number, and then frames. */
export interface Upgraded {
  readonly status: number
  readonly client: RawClient
}

export interface Frame {
  readonly opcode: number
  readonly payload: Buffer
}

const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** The headers of an honest page, in a browser's order. */
export function honestHeaders(port: number, origin = 'https://portal.gov.test'): Header[] {
  return [
    ['Host', `127.0.0.1:${port}`],
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Origin', origin],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', randomBytes(16).toString('base64')],
    ['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits'],
    ['Sec-WebSocket-Protocol', 'trien.v1'],
  ]
}

/** A request head as bytes. */
export function requestHead(headers: readonly Header[], line = 'GET /v1 HTTP/1.1'): string {
  return `${[line, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`
}

/** Replaces, removes (undefined) or adds headers by name. */
export function withHeader(
  headers: readonly Header[],
  name: string,
  ...values: readonly string[]
): Header[] {
  const others = headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase())
  return [...others, ...values.map((value): Header => [name, value])]
}

/** One TCP connection and what came on it. */
export class RawClient {
  readonly socket: Socket
  #received = Buffer.alloc(0)
  #closed = false
  readonly #checks = new Set<() => void>()

  constructor(port: number, host = '127.0.0.1') {
    this.socket = connect({ port, host })
    this.socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#changed()
    })
    this.socket.on('error', () => {})
    this.socket.on('close', () => {
      this.#closed = true
      this.#changed()
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  connected(): Promise<void> {
    return new Promise((resolve) => this.socket.once('connect', () => resolve()))
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes)
  }

  /** Sends a head and reads the answer's. Resolves with status 0 where the socket closed without a word. */
  async upgrade(head: string): Promise<number> {
    this.write(head)
    await this.#until(() => this.#closed || this.#received.includes('\r\n\r\n'))
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return 0
    const answer = this.#received.subarray(0, end).toString('latin1')
    this.#received = this.#received.subarray(end + 4)
    this.answerHead = answer
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
  }
  answerHead = ''

  send(kind: keyof typeof OPCODES, payload: string | Uint8Array, fin = true): void {
    const body = Buffer.from(payload as string)
    const mask = randomBytes(4)
    const head = [(fin ? 0x80 : 0) | OPCODES[kind]]
    if (body.length < 126) head.push(0x80 | body.length)
    else if (body.length < 65_536) head.push(0x80 | 126, body.length >> 8, body.length & 255)
    else head.push(0x80 | 127, 0, 0, 0, 0, ...uint32(body.length))
    const masked = body.map((byte, index) => byte ^ mask[index % 4]!)
    this.write(Buffer.concat([Buffer.from(head), mask, masked]))
  }

  sendJson(value: unknown): void {
    this.send('text', JSON.stringify(value))
  }

  /** The next frame; pings are passed over. */
  async frame(): Promise<Frame> {
    for (;;) {
      await this.#until(() => this.#closed || frameEnd(this.#received) !== undefined)
      const bounds = frameEnd(this.#received)
      if (bounds === undefined) throw new Error('raw client: closed without a frame')
      const opcode = this.#received[0]! & 15
      const payload = this.#received.subarray(bounds.start, bounds.end)
      this.#received = this.#received.subarray(bounds.end)
      if (opcode !== OPCODES.ping) return { opcode, payload: Buffer.from(payload) }
    }
  }

  async json(): Promise<Record<string, unknown>> {
    const { opcode, payload } = await this.frame()
    if (opcode !== OPCODES.text) throw new Error(`raw client: opcode ${opcode}, not text`)
    return JSON.parse(payload.toString('utf8')) as Record<string, unknown>
  }

  /** Passes over text frames to the close frame and gives its code. */
  async closeCode(): Promise<number> {
    for (;;) {
      const { opcode, payload } = await this.frame()
      if (opcode === OPCODES.close) return payload.readUInt16BE(0)
    }
  }

  untilClosed(): Promise<void> {
    return this.#until(() => this.#closed)
  }

  destroy(): void {
    this.socket.destroy()
  }

  #changed(): void {
    for (const check of this.#checks) check()
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return
        this.#checks.delete(check)
        resolve()
      }
      this.#checks.add(check)
      check()
    })
  }
}

/** Opens a socket as an honest page does, and says hello. */
export async function openPage(port: number, origin?: string): Promise<RawClient> {
  const client = new RawClient(port)
  const status = await client.upgrade(requestHead(honestHeaders(port, origin)))
  if (status !== 101) throw new Error(`raw client: status ${status}`)
  client.sendJson({ jsonrpc: '2.0', id: 1, method: 'hello', params: { versions: [1], sdk: 'raw' } })
  await client.json()
  return client
}

function uint32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
}

/** Where the first frame's payload lies, once it is all there. A server does not mask (RFC 6455 §5.1). */
function frameEnd(bytes: Buffer): { start: number; end: number } | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes[1]! & 127
  if (bytes[1]! & 128) throw new Error('raw client: a masked frame from the server')
  const start = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < start) return undefined
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  return bytes.length < start + length ? undefined : { start, end: start + length }
}
