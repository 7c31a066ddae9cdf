/**
 * The messages of the relay: requests to servers of certification authorities that a page cannot make itself.
 *
 * A page never names an address. It hands in a certificate that is at hand on the machine (on a token, in a time stamp
 * that was relayed, the fetched issuer of one at hand) or was issued by one, if need be through others which it hands in
 * too; the address stands in the certificate or in the settings of the machine.
 * @module
 */
import * as limits from './limits.ts'
import { type RequestType, certificateDer, certificateId, shortText } from './message-types.ts'
import { bytes, integer, list, object, optional, text } from './shape.ts'

/** What leads from the certificate up to one at hand, its own issuer first. */
const path = optional(list(certificateDer, 0, limits.MAX_PATH))
/** How old an answer may be that is given again, in seconds; default as old as it says that it is valid. */
const maxAge = optional(integer(0, 86_400))
const size = integer(0, limits.MAX_CRL_BYTES)

/**
 * Has a time stamp made (RFC 3161). By the server of the settings that is named, or else by those of the settings in
 * their order, or else by one that the certificate of a token names.
 */
export const timestamp = {
  method: 'timestamp',
  direction: 'page-to-bridge',
  asksPerson: false,
  params: object({
    /** DER of a TimeStampReq. */
    request: bytes(limits.MAX_RELAY_REQUEST_BYTES),
    server: optional(shortText),
    /** SHA-256 of a certificate on a token. */
    certificate: optional(certificateId),
  }),
  /** DER of a TimeStampResp: granted, of the request's imprint and nonce. Its signature was not verified. */
  result: object({ response: bytes(limits.MAX_RELAY_ANSWER_BYTES) }),
} as const satisfies RequestType<unknown, unknown>

/** Asks for the status of a certificate (RFC 6960). An answer without a nonce may be one given before. */
export const ocsp = {
  method: 'ocsp',
  direction: 'page-to-bridge',
  asksPerson: false,
  params: object({
    certificate: certificateDer,
    path,
    /** DER of an OCSPRequest for that one certificate. */
    request: bytes(limits.MAX_RELAY_REQUEST_BYTES),
    maxAge,
  }),
  /** DER of a successful OCSPResponse for that certificate. Its signature was not verified. */
  result: object({ response: bytes(limits.MAX_RELAY_ANSWER_BYTES), url: text(500) }),
} as const satisfies RequestType<unknown, unknown>

/** Fetches the list of revoked certificates that a certificate names (RFC 5280 §5), and gives its first part. */
export const crl = {
  method: 'crl',
  direction: 'page-to-bridge',
  asksPerson: false,
  params: object({ certificate: certificateDer, path, maxAge }),
  /** Of the DER of the whole list, and the bytes that it begins with. Its signature was not verified. */
  result: object({
    size,
    sha256: bytes(32),
    part: bytes(limits.MAX_CRL_PART_BYTES),
    url: text(500),
  }),
} as const satisfies RequestType<unknown, unknown>

/** A further part of a list that `crl` began, from `offset` on. */
export const crlPart = {
  method: 'crl.part',
  direction: 'page-to-bridge',
  asksPerson: false,
  params: object({ sha256: bytes(32), offset: size }),
  result: object({ part: bytes(limits.MAX_CRL_PART_BYTES) }),
} as const satisfies RequestType<unknown, unknown>

/** Finds the certificates that issued one: at hand, or at the address that it names. None where it issued itself. */
export const issuer = {
  method: 'issuer',
  direction: 'page-to-bridge',
  asksPerson: false,
  params: object({ certificate: certificateDer, path }),
  result: object({ certificates: list(certificateDer, 0, 8) }),
} as const satisfies RequestType<unknown, unknown>
