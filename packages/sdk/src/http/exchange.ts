/**
 * One exchange with a server of a certification authority: in time, and no more than it may send.
 * @module
 */
import { type Bytes, concatBytes } from '../bytes.ts'

/** As the platform's own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** How servers are asked. */
export interface HttpOptions {
  /** Default: the platform's. A page passes one that goes through its portal, for no authority knows of CORS. */
  readonly fetch?: Fetch | undefined
  /** Sent along with each request. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** What is asked. */
export interface Exchange {
  readonly url: string
  /** Posted where there is one. */
  readonly body?: Uint8Array
  /** Media type of the body. */
  readonly contentType?: string
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/**
 * Asks a server.
 * @throws {Error} where it answers with anything but 200 or with more than it may; what `fetch` throws
 */
export async function exchange(
  { url, body, contentType, maxBytes, signal }: Exchange,
  { fetch: ask = (...args) => fetch(...args), headers = {} }: HttpOptions,
): Promise<Bytes> {
  const response = await ask(url, {
    signal,
    credentials: 'omit',
    headers: { ...headers, ...(contentType === undefined ? {} : { 'Content-Type': contentType }) },
    ...(body === undefined ? {} : { method: 'POST', body: new Uint8Array(body) }),
  })
  if (response.status !== 200) throw new Error(`${new URL(url).host}: http ${response.status}`)
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = response.body?.getReader()
  for (;;) {
    const part = await reader?.read()
    if (part?.value === undefined) return concatBytes(...chunks)
    chunks.push(part.value)
    size += part.value.length
    if (size <= maxBytes) continue
    await reader?.cancel()
    throw new Error(`${new URL(url).host}: more than ${maxBytes} bytes`)
  }
}
