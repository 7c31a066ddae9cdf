/**
 * The frame that time stamps and bags of certificates come in, as far as the relay looks into it.
 *
 * ```
 * ContentInfo ::= SEQUENCE { id-signedData, [0] SignedData }                                     RFC 5652 §3, §5.1
 * SignedData  ::= SEQUENCE { version, digestAlgorithms, encapContentInfo, [0] certificates OPTIONAL, … }
 * ```
 * @module
 */
import { type DerElement, TAG, getChildren } from '../der/reader.ts'

/** 1.2.840.113549.1.7.2, as encodeHex writes its content octets. */
export const SIGNED_DATA = '2a864886f70d010702'
const CERTIFICATES = 0xa0

/** What is inside. */
export interface SignedData {
  readonly encapsulated: DerElement | undefined
  /** DER of each; their own content is not looked at. */
  readonly certificates: readonly Uint8Array[]
}

/** @throws {DerError} */
export function readSignedData(signedData: DerElement | undefined): SignedData {
  const [, , encapsulated, ...rest] = getChildren(signedData, TAG.sequence)
  const certificates = rest.find(({ tag }) => tag === CERTIFICATES)
  const choices = certificates === undefined ? [] : getChildren(certificates, CERTIFICATES)
  return {
    encapsulated,
    certificates: choices.filter(({ tag }) => tag === TAG.sequence).map(({ encoded }) => encoded),
  }
}
