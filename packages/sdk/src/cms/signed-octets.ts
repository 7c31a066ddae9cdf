/**
 * What a signature over signed attributes is over: their SET, not the [0] under which it is transmitted.
 * @module
 */
import { TAG, encodeSetOf } from '../asn1/der.ts'
import type { DerNode } from '../asn1/reader.ts'
import { type Bytes, concatBytes, equalBytes } from '../bytes.ts'

/**
 * Finds the octets that a signature is over. The standard signs the DER of the SET (RFC 5652 §5.4), whose elements are in
 * order; some programs transmit them in another, and some sign that. Both say the same, and each is what some readers
 * verify: OpenSSL takes the attributes as they stand, GnuTLS and BouncyCastle put them in order.
 * @param signedAttributes as they stand, tag 0xa0; they stay as they are
 * @param isSigned tells whether the signature is over these octets, tag 0x31
 * @returns the octets; undefined where the signature is over neither
 */
export async function findSignedOctets(
  signedAttributes: DerNode,
  isSigned: (toBeSigned: Bytes) => Promise<boolean>,
): Promise<Bytes | undefined> {
  const standing = concatBytes(Uint8Array.of(TAG.SET), signedAttributes.bytes.subarray(1))
  if (await isSigned(standing)) return standing
  const sorted = encodeSortedSet(signedAttributes)
  return !equalBytes(sorted, standing) && (await isSigned(sorted)) ? sorted : undefined
}

/** Writes the elements of a set in the order of DER, each as it stands. @returns tag 0x31 */
export function encodeSortedSet(set: DerNode): Bytes {
  return encodeSetOf(set.children.map(({ bytes }) => bytes))
}
