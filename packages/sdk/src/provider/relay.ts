/**
 * Requests to servers of certification authorities, through the bridge: they speak plain http and know nothing of CORS, so
 * no page can ask them itself. A page names no address; the bridge takes it from the certificate or its own settings, and
 * knows only certificates of tokens, their issuers, and whatever those issued.
 *
 * The bridge makes sure that an answer is one to the request and verifies no signature: what uses it must.
 * @module
 */
import { concatBytes, equalBytes } from '../bytes.ts'
import { BridgeError } from '../errors.ts'
import type { Bytes } from '../types.ts'
import { NETWORK_TIMEOUT_MS } from '../wire/limits.ts'
import * as wire from '../wire/relay.ts'
import type { Ask } from './ask.ts'

/** How a request to a server is stopped. */
export interface RelayOptions {
  readonly signal?: AbortSignal
}

/** Where a time stamp comes from; by default the first server of the machine's settings that answers. */
export interface TimestampOptions extends RelayOptions {
  /** The name of one in the machine's settings. */
  readonly server?: string
  /** One that `listCertificates` returned: where the settings name no server, the one that it names. */
  readonly certificate?: { readonly id: Uint8Array }
}

/** What leads to a certificate that the bridge does not know by itself. */
export interface PathOptions extends RelayOptions {
  /** DER of the issuers up to one that the bridge knows, the certificate's own first; at most 8. */
  readonly path?: readonly Uint8Array[]
}

/** How new the answer must be. */
export interface RevocationOptions extends PathOptions {
  /** Seconds since the bridge had it from the server; by default it is reused as long as it says that it is valid. */
  readonly maxAge?: number
}

/**
 * The requests that a bridge makes for a page. All bytes are DER, all answers fresh arrays that the caller owns. Each
 * throws as `Bridge.ready`, and
 * - {BridgeError} BRIDGE_ORIGIN_DENIED before the person let the page list certificates
 * - {BridgeError} BRIDGE_RELAY_REFUSED {reason: `certificate` | `no-address` | `address` | `internal` | `redirect`, host}
 * - {BridgeError} BRIDGE_RELAY_UNREACHABLE {host, reason}, BRIDGE_RELAY_ANSWER {what}, BRIDGE_BUSY, BRIDGE_TIMEOUT
 * - {UserError} USER_CANCELLED when the signal aborts
 */
export interface Relay {
  /**
   * Has a time stamp made; a server may take minutes, and four requests of a page are under way at once.
   * @param request TimeStampReq (RFC 3161 §2.4.1), at most 1 KiB
   * @returns TimeStampResp: granted, with the request's imprint and nonce
   */
  timestamp(request: Uint8Array, options?: TimestampOptions): Promise<Bytes>
  /**
   * Asks for a certificate's status.
   * @param request OCSPRequest (RFC 6960 §4.1) for that one certificate, at most 1 KiB; with a nonce it is never answered
   *   from memory
   * @returns OCSPResponse: successful, for that certificate, with the request's nonce or none
   */
  ocsp(certificate: Uint8Array, request: Uint8Array, options?: RevocationOptions): Promise<Bytes>
  /**
   * Fetches the list of revoked certificates where this one would stand.
   * @returns CertificateList (RFC 5280 §5.1), at most 16 MB
   */
  crl(certificate: Uint8Array, options?: RevocationOptions): Promise<Bytes>
  /**
   * Finds the certificates whose key signed this one.
   * @returns at least one; none where the certificate issued itself
   */
  issuers(certificate: Uint8Array, options?: PathOptions): Promise<readonly Bytes[]>
}

/** Makes the requests by means of a bridge. */
export function createRelay(ask: Ask): Relay {
  return {
    async timestamp(request, { server, certificate, signal } = {}) {
      const params = {
        request: request as Bytes,
        ...(server === undefined ? {} : { server }),
        ...(certificate === undefined ? {} : { certificate: certificate.id as Bytes }),
      }
      return (await ask(wire.timestamp, params, heed(signal))).response
    },
    async ocsp(certificate, request, options = {}) {
      const params = { ...revocationParams(certificate, options), request: request as Bytes }
      return (await ask(wire.ocsp, params, heed(options.signal))).response
    },
    crl: (certificate, options = {}) => readCrl(ask, certificate, options),
    async issuers(certificate, options = {}) {
      const params = revocationParams(certificate, options)
      return (await ask(wire.issuer, params, heed(options.signal))).certificates
    },
  }
}

/** A list may be larger than a frame: its parts are asked for one by one, and are whole only if their digest says so. */
async function readCrl(
  ask: Ask,
  certificate: Uint8Array,
  options: RevocationOptions,
): Promise<Bytes> {
  const first = await ask(wire.crl, revocationParams(certificate, options), heed(options.signal))
  const { size, sha256 } = first
  const parts = [first.part]
  let offset = first.part.length
  while (offset < size) {
    const { part } = await ask(wire.crlPart, { sha256, offset }, heed(options.signal))
    if (part.length === 0) throw wrongList()
    parts.push(part)
    offset += part.length
  }
  const list = concatBytes(...parts)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', list))
  if (list.length !== size || !equalBytes(digest, sha256)) throw wrongList()
  return list
}

function revocationParams(
  certificate: Uint8Array,
  { path, maxAge }: RevocationOptions,
): { certificate: Bytes; path?: readonly Bytes[]; maxAge?: number } {
  return {
    certificate: certificate as Bytes,
    ...(path === undefined ? {} : { path: path as readonly Bytes[] }),
    ...(maxAge === undefined ? {} : { maxAge }),
  }
}

const heed = (signal: AbortSignal | undefined) => ({ signal, timeoutMs: NETWORK_TIMEOUT_MS })

function wrongList(): BridgeError {
  return new BridgeError('BRIDGE_PROTOCOL', { details: { problem: 'crl' } })
}
