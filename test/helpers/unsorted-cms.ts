/**
 * A CMS whose signed attributes do not stand in the order of DER, as some programs leave them.
 * @module
 */
import { signCms } from '@trien/sdk/cms'
import type { Bytes, Signer, SigningRequest } from '@trien/sdk/types'
import { replaceSigners } from '../../packages/sdk/src/cms/add-attribute.ts'
import { parseSignedData } from '../../packages/sdk/src/cms/parse.ts'
import {
  encodeElement,
  encodeOctetString,
  encodeSequence,
  encodeSetOf,
} from '../../packages/sdk/src/asn1/der.ts'

/** What such a program signs: the attributes as it transmits them, or in order, as RFC 5652 §5.4 has it. */
export const SIGNED_ORDERS = ['as they stand', 'in order'] as const
export type SignedOrder = (typeof SIGNED_ORDERS)[number]

/** Signs by RSA PKCS#1 v1.5, attached, with the attributes in an order that is not DER's. */
export async function signUnsorted(
  data: Uint8Array,
  signer: Signer,
  order: SignedOrder,
): Promise<Bytes> {
  const parts = parseSignedData(await signCms(data, { signer, detached: false }), 'signature')
  const [one] = parts.signerInfos
  const sorted = one!.signedAttributes!.children.map(({ bytes }) => bytes)
  const standing = sorted.toReversed()
  const toBeSigned = order === 'in order' ? encodeSetOf(sorted) : encodeElement(0x31, ...standing)
  const request = { algorithm: 'RS256', toBeSigned } as SigningRequest
  const [value] = await signer.sign([request])
  const members = one!.signerInfo.children.map(({ bytes }) => bytes)
  members[3] = encodeElement(0xa0, ...standing)
  members[5] = encodeOctetString(value!)
  return replaceSigners(parts, [encodeSequence(...members)])
}
