/**
 * Authorities asked over HTTP, by the addresses that certificates name: in Node, or by a page through its own portal.
 * Nothing of an answer is believed here.
 * @module
 */
import { type AuthorityPointers, readAuthorityPointers } from '../asn1/authority-pointers.ts'
import { wrongArgument } from '../errors.ts'
import type { Authorities, TimestampSource } from '../types.ts'
import { listCertificates } from './certificate-bag.ts'
import { type Exchange, type Fetch, type HttpOptions, exchange } from './exchange.ts'

export type { Fetch, HttpOptions }

/** Which servers are asked about certificates. */
export interface HttpAuthoritiesOptions extends HttpOptions {
  /**
   * Whether an address may be asked. The certificates of strangers name any address, also one inside of the network that
   * a server stands in: pass this wherever others choose what is checked. Default: all of http and https.
   */
  readonly allow?: ((url: URL) => boolean) | undefined
}

const MAX_ANSWER_BYTES = 1 << 20
const MAX_CRL_BYTES = 64 << 20

/**
 * Makes who asks the servers that a certificate names, one after the other until one answers.
 * @throws {UsageError} USAGE_ARGUMENT; its methods throw where no server is named, allowed or answers
 * @see RFC 6960 appendix A, RFC 5280 §4.2.1.13, §4.2.2.1   @since 0.1
 */
export function httpAuthorities(options: HttpAuthoritiesOptions = {}): Authorities {
  assertOptions(options)
  const { allow = () => true } = options
  if (typeof allow !== 'function') throw wrongArgument('allow', 'a function of a URL')

  async function askNamed(
    certificate: Uint8Array,
    kind: keyof AuthorityPointers,
    how: Omit<Exchange, 'url' | 'allow'>,
  ): Promise<Uint8Array> {
    let failure: unknown = new Error(
      `the certificate names no server for ${kind} that may be asked`,
    )
    for (const url of readAuthorityPointers(certificate)[kind]) {
      if (!URL.canParse(url) || !allow(new URL(url))) continue
      try {
        return await exchange({ ...how, url, allow }, options)
      } catch (error) {
        how.signal.throwIfAborted()
        failure = error
      }
    }
    throw failure
  }

  return {
    ocsp: (certificate, body, { signal }) =>
      askNamed(certificate, 'ocsp', {
        ...{ body, contentType: 'application/ocsp-request', maxBytes: MAX_ANSWER_BYTES, signal },
      }),
    crl: (certificate, { signal }) =>
      askNamed(certificate, 'crl', { maxBytes: MAX_CRL_BYTES, signal }),
    async issuers(certificate, { signal }) {
      const how = { maxBytes: MAX_ANSWER_BYTES, signal }
      return listCertificates(await askNamed(certificate, 'issuers', how))
    },
  }
}

/**
 * Makes who has time stamps made by a server, or by the portal's own endpoint before one.
 * @param url of http or https
 * @throws {UsageError} USAGE_ARGUMENT
 * @see RFC 3161 §3.4   @since 0.1
 */
export function httpTimestamp(url: string, options: HttpOptions = {}): TimestampSource {
  assertOptions(options)
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw wrongArgument('url', 'the address of a time stamping server')
  }
  const contentType = 'application/timestamp-query'
  const { host } = new URL(url)
  // Who chose the server chose no other: it may send on within itself.
  const allow = (next: URL): boolean => next.host === host
  return (body, { signal }) =>
    exchange({ url, allow, body, contentType, maxBytes: MAX_ANSWER_BYTES, signal }, options)
}

function assertOptions(options: HttpOptions): void {
  const { fetch } = Object(options) as HttpOptions
  if (fetch === undefined || typeof fetch === 'function') return
  throw wrongArgument('fetch', 'a function like that of the platform')
}
