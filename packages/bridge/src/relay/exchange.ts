/**
 * One request over HTTP to one server, with the connection made to an address that was looked at first.
 *
 * A name is resolved once. What comes back is checked, and the socket is given these very addresses in the resolver's
 * place: a second answer, as DNS rebinding gives, is never asked for.
 * @module
 */
import { lookup } from 'node:dns/promises'
import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http'
import { request as requestTls } from 'node:https'
import { type LookupFunction, isIP } from 'node:net'
import { isSigningError } from '@trien/sdk/errors'
import { refused, unreachable, wrongAnswer } from './problem.ts'
import { type Target, assertAllowed } from './target.ts'

/** An address of a name, as `dns.lookup` gives it. */
export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

/** Finds the addresses of a name. */
export type Resolver = (hostname: string) => Promise<readonly ResolvedAddress[]>

/** What is sent, and what may come back. */
export interface Asking {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/** What came back; of a status other than 200 no body. */
export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly location: string | undefined
  readonly body: Uint8Array
}

const MAX_ADDRESSES = 8
const MAX_HEADER_BYTES = 16 * 1024

/** The system's own, `/etc/hosts` included. */
export const resolveBySystem: Resolver = (hostname) => lookup(hostname, { all: true })

/**
 * Asks and reads the answer whole.
 * @throws {BridgeError} BRIDGE_RELAY_REFUSED {reason: `internal`}, BRIDGE_RELAY_UNREACHABLE, BRIDGE_RELAY_ANSWER
 * @throws the signal's reason
 */
export async function exchange(target: Target, asking: Asking, resolve: Resolver): Promise<Answer> {
  asking.signal.throwIfAborted()
  try {
    const addresses = await findAddresses(target, asking.signal, resolve)
    return await send(target, addresses, asking)
  } catch (error) {
    asking.signal.throwIfAborted()
    if (isSigningError(error)) throw error
    const { code } = error as { code?: unknown }
    throw unreachable(target.hostname, typeof code === 'string' ? code : 'connection', error)
  }
}

async function findAddresses(
  target: Target,
  signal: AbortSignal,
  resolve: Resolver,
): Promise<readonly ResolvedAddress[]> {
  const { hostname } = target
  const family = isIP(hostname)
  // Nobody can be told to stop resolving, but nobody need wait for it either.
  const addresses =
    family === 0
      ? await Promise.race([resolve(hostname), rejectWhenAborted(signal)])
      : [{ address: hostname, family }]
  if (addresses.length === 0) throw unreachable(hostname, 'ENOTFOUND')
  assertAllowed(
    target,
    addresses.map(({ address }) => address),
  )
  return addresses.slice(0, MAX_ADDRESSES)
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

function send(
  target: Target,
  addresses: readonly ResolvedAddress[],
  asking: Asking,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { url, hostname } = target
    const options: RequestOptions = {
      host: hostname,
      port: url.port,
      path: `${url.pathname}${url.search}`,
      method: asking.method,
      headers: { ...asking.headers, 'Accept-Encoding': 'identity', 'User-Agent': 'trien-bridge' },
      // A connection of its own: one that was kept may lead to an address of yesterday.
      agent: false,
      lookup: answerWith(addresses),
      maxHeaderSize: MAX_HEADER_BYTES,
      signal: asking.signal,
    }
    const outgoing: ClientRequest =
      url.protocol === 'https:'
        ? // Said aloud, so that no variable of the environment says otherwise.
          requestTls({ ...options, rejectUnauthorized: true, minVersion: 'TLSv1.2' })
        : request(options)
    outgoing.once('error', reject)
    outgoing.once('response', (response) => {
      const { remoteAddress } = response.socket
      const isChecked = addresses.some(({ address }) => isSame(address, remoteAddress))
      const reading = isChecked
        ? readAnswer(response, asking.maxBytes)
        : Promise.reject(refused('internal', hostname))
      reading.then(resolve, reject).finally(() => outgoing.destroy())
    })
    outgoing.end(asking.body)
  })
}

/** Stands in for the resolver. */
function answerWith(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses
    if (options.all === true) callback(null, [...addresses])
    else callback(null, first?.address ?? '', first?.family)
  }
}

/** One address has many spellings in IPv6. */
function isSame(left: string, right: string | undefined): boolean {
  if (right === undefined || isIP(left) !== isIP(right)) return false
  const spell = (address: string): string => new URL(`http://[${address}]`).hostname
  return isIP(left) === 6 ? spell(left) === spell(right) : left === right
}

async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<Answer> {
  const { statusCode: status = 0, headers } = response
  const contentType = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const answer = { status, contentType, location: headers.location }
  if (status !== 200) return { ...answer, body: new Uint8Array() }
  if (!['identity', undefined].includes(headers['content-encoding'])) throw wrongAnswer('encoding')
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw wrongAnswer('size')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw wrongAnswer('size')
    chunks.push(chunk)
  }
  return { ...answer, body: new Uint8Array(Buffer.concat(chunks)) }
}
