/**
 * Fetches one thing from one server, with all that bounds it: which types, how large, how long, how many detours.
 * @module
 */
import { MAX_CRL_BYTES, MAX_RELAY_ANSWER_BYTES } from '@trien/sdk/wire'
import { type Answer, type Resolver, exchange, resolveBySystem } from './exchange.ts'
import { refused, unreachable, wrongAnswer } from './problem.ts'
import { type InternalHosts, type Target, parseTarget } from './target.ts'

/** What differs between the things that are fetched. */
export interface Errand {
  /** Sent by POST with this type where there is one; by GET where there is none. */
  readonly requestType?: string
  /** Media types of an answer; an empty one stands for none given. */
  readonly answerTypes: readonly string[]
  readonly maxBytes: number
  readonly timeoutMs: number
}

/** RFC 3161 §3.4. Real servers were seen to take 131 s. */
export const TIMESTAMP: Errand = {
  requestType: 'application/timestamp-query',
  answerTypes: ['application/timestamp-reply'],
  maxBytes: MAX_RELAY_ANSWER_BYTES,
  timeoutMs: 150_000,
}

/** RFC 6960 appendix A. */
export const OCSP: Errand = {
  requestType: 'application/ocsp-request',
  answerTypes: ['application/ocsp-response'],
  maxBytes: MAX_RELAY_ANSWER_BYTES,
  timeoutMs: 30_000,
}

/** Servers of files know few types, so what came is told by its bytes; only pages for people are refused unread. */
const FILES = ['application/octet-stream', 'binary/octet-stream', 'text/plain', '']

/** RFC 5280 §4.2.1.13, RFC 2585; a root's list was seen as PEM. */
export const REVOCATION_LIST: Errand = {
  answerTypes: [
    'application/pkix-crl',
    'application/x-pkcs7-crl',
    'application/x-x509-crl',
    'application/x-pem-file',
    ...FILES,
  ],
  maxBytes: MAX_CRL_BYTES,
  timeoutMs: 120_000,
}

/** RFC 5280 §4.2.2.1: one certificate, or several in a CMS. */
export const ISSUER: Errand = {
  answerTypes: [
    'application/pkix-cert',
    'application/pkcs7-mime',
    'application/x-pkcs7-certificates',
    'application/x-x509-ca-cert',
    'application/x-pem-file',
    ...FILES,
  ],
  maxBytes: 64 * 1024,
  timeoutMs: 30_000,
}

/** Of one fetch. */
export interface FetchOptions {
  readonly body?: Uint8Array
  readonly signal: AbortSignal
  readonly internalHosts: InternalHosts
}

/** Fetches, by the addresses that a resolver finds. */
export type Fetch = (address: string, errand: Errand, options: FetchOptions) => Promise<Uint8Array>

const MAX_REDIRECTS = 3
const REDIRECTS = [301, 302, 307, 308]

/** Makes a fetch; a test may resolve names by itself. */
export function createFetch(resolve: Resolver = resolveBySystem): Fetch {
  /**
   * @throws {BridgeError} BRIDGE_RELAY_REFUSED, BRIDGE_RELAY_UNREACHABLE, BRIDGE_RELAY_ANSWER; the signal's reason
   */
  return async function fetchFrom(address, errand, { body, signal, internalHosts }) {
    let target = parseTarget(address, internalHosts)
    const deadline = AbortSignal.timeout(errand.timeoutMs)
    const asking = {
      method: errand.requestType === undefined ? 'GET' : 'POST',
      headers: headersOf(errand, body),
      body,
      maxBytes: errand.maxBytes,
      signal: AbortSignal.any([signal, deadline]),
    } as const
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const answer = await exchange(target, asking, resolve).catch((error: unknown) => {
        if (signal.aborted || !deadline.aborted) throw error
        throw unreachable(target.hostname, 'timeout', error)
      })
      if (!REDIRECTS.includes(answer.status)) return readBody(answer, errand, target)
      target = decideRedirect(target, answer, internalHosts)
    }
    throw refused('redirect', target.hostname)
  }
}

function headersOf(
  { requestType, answerTypes }: Errand,
  body: Uint8Array | undefined,
): Record<string, string> {
  const accept = answerTypes.filter((type) => type !== '').join(', ')
  if (requestType === undefined) return { Accept: accept }
  return { Accept: accept, 'Content-Type': requestType, 'Content-Length': `${body?.length ?? 0}` }
}

function readBody(answer: Answer, errand: Errand, { hostname }: Target): Uint8Array {
  if (answer.status !== 200) throw unreachable(hostname, `http-${answer.status}`)
  if (!errand.answerTypes.includes(answer.contentType)) throw wrongAnswer('content-type')
  return answer.body
}

/**
 * Says where a redirect leads: within one host, and never from https back to http.
 * @throws {BridgeError} BRIDGE_RELAY_REFUSED, BRIDGE_RELAY_ANSWER {what: `redirect`}
 */
export function decideRedirect(
  from: Target,
  { location }: Pick<Answer, 'location'>,
  internalHosts: InternalHosts,
): Target {
  if (location === undefined || !URL.canParse(location, from.url.href)) {
    throw wrongAnswer('redirect')
  }
  const to = parseTarget(new URL(location, from.url.href).href, internalHosts)
  const isDowngrade = from.url.protocol === 'https:' && to.url.protocol === 'http:'
  const isUpgrade = from.url.protocol === 'http:' && to.url.protocol === 'https:'
  const isSamePort = isUpgrade || from.url.port === to.url.port
  if (from.hostname !== to.hostname || isDowngrade || !isSamePort) {
    throw refused('redirect', from.hostname)
  }
  return to
}
