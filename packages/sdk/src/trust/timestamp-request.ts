/**
 * The question to a time stamping authority.
 *
 * ```
 * TimeStampReq ::= SEQUENCE { version 1, messageImprint SEQUENCE { hashAlgorithm, hashedMessage OCTET STRING },
 *   reqPolicy OPTIONAL, nonce INTEGER, certReq BOOLEAN TRUE }                                     RFC 3161 §2.4.1
 * ```
 * @module
 */
import { DIGESTS } from '../algorithms.ts'
import {
  TAG,
  encodeAlgorithmIdentifier,
  encodeElement,
  encodeInteger,
  encodeNull,
  encodeOctetString,
  encodeSequence,
  encodeUnsignedInteger,
} from '../asn1/der.ts'
import type { Bytes } from '../bytes.ts'
import type { DigestName } from '../types.ts'

/** What is to be stamped. */
export interface Imprint {
  readonly digest: DigestName
  readonly value: Uint8Array
}

/** A question, and what its answer must repeat. */
export interface TimestampRequest {
  readonly requestDer: Bytes
  readonly imprint: Imprint
  /** DER INTEGER. */
  readonly nonceDer: Bytes
}

/** As long as OpenSSL's: authorities are known that take no longer ones. */
const NONCE_BYTES = 8

/** Writes a question with a nonce of its own; the authority's certificate is to come with the answer. */
export function createTimestampRequest(imprint: Imprint): TimestampRequest {
  const nonceDer = encodeUnsignedInteger(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)))
  // Parameters NULL, not absent: some authorities compare this identifier with theirs octet by octet.
  const hashAlgorithm = encodeAlgorithmIdentifier(DIGESTS[imprint.digest].oid, encodeNull())
  const requestDer = encodeSequence(
    encodeInteger(1),
    encodeSequence(hashAlgorithm, encodeOctetString(imprint.value)),
    nonceDer,
    encodeElement(TAG.BOOLEAN, Uint8Array.of(0xff)),
  )
  return { requestDer, imprint, nonceDer }
}
