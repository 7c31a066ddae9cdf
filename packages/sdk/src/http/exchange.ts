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
  /** Whether another address may be asked that a server sends on to. */
  readonly allow: (url: URL) => boolean
  /** Posted where there is one. */
  readonly body?: Uint8Array
  /** Media type of the body. */
  readonly contentType?: string
  readonly maxBytes: number
  readonly signal: AbortSignal
}

const MAX_REDIRECTS = 3

/**
 * Asks a server, and the one that it sends on to. Each address is looked at before it is asked: `fetch` by itself would
 * follow to wherever a server says.
 * @throws {Error} where it answers with anything but 200 or with more than it may, or sends on to where nobody may be asked;
 *   what `fetch` throws
 */
export async function exchange(asked: Exchange, options: HttpOptions): Promise<Bytes> {
  let { url } = asked
  for (let redirects = 0; ; redirects++) {
    const response = await send({ ...asked, url }, options)
    const location = response.headers.get('location')
    const isSentOn = response.status >= 300 && response.status < 400 && location !== null
    if (!isSentOn) return readBody(response, asked.maxBytes, url)
    await response.body?.cancel()
    const next = URL.canParse(location, url) ? new URL(location, url) : undefined
    const isWeb = next?.protocol === 'http:' || next?.protocol === 'https:'
    if (next === undefined || !isWeb || redirects === MAX_REDIRECTS || !asked.allow(next)) {
      throw new Error(`${new URL(url).host}: sends on to where nobody may be asked`)
    }
    url = next.href
  }
}

function send(
  { url, body, contentType, signal }: Exchange,
  { fetch: ask = (...args) => fetch(...args), headers = {} }: HttpOptions,
): Promise<Response> {
  return ask(url, {
    signal,
    credentials: 'omit',
    redirect: 'manual',
    headers: { ...headers, ...(contentType === undefined ? {} : { 'Content-Type': contentType }) },
    ...(body === undefined ? {} : { method: 'POST', body: new Uint8Array(body) }),
  })
}

async function readBody(response: Response, maxBytes: number, url: string): Promise<Bytes> {
  const { host } = new URL(url)
  if (response.status !== 200) throw new Error(`${host}: http ${response.status}`)
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
    throw new Error(`${host}: more than ${maxBytes} bytes`)
  }
}
