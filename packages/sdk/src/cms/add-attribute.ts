/**
 * Adds to a CMS what its signatures do not cover. Everything else keeps its very bytes; only the lengths around grow.
 * @module
 */
import {
  encodeExplicit,
  encodeOid,
  encodeSequence,
  encodeSetOf,
  retagImplicit,
} from '../asn1/der.ts'
import { idSignedData } from '../asn1/oid.ts'
import type { Bytes } from '../bytes.ts'
import type { SignedDataParts, SignerInfoParts } from './parse.ts'
import { encodeAttribute } from './signed-attributes.ts'

/**
 * Adds one unsigned attribute to each of some signers (RFC 5652 §5.3, §11).
 * @param values by the index of the signer: the one value, a complete encoding
 * @returns DER ContentInfo, a fresh array
 */
export function addUnsignedAttribute(
  parts: SignedDataParts,
  oid: string,
  values: ReadonlyMap<number, Uint8Array>,
): Bytes {
  const signerInfos = parts.signerInfos.map((signer, index) => {
    const value = values.get(index)
    return value === undefined ? signer.signerInfo.bytes : addToSigner(signer, oid, value)
  })
  return replaceSigners(parts, signerInfos)
}

/**
 * Writes a CMS anew with other SignerInfos.
 * @param signerInfos all of them, complete encodings
 * @returns DER ContentInfo, a fresh array
 */
export function replaceSigners(parts: SignedDataParts, signerInfos: readonly Uint8Array[]): Bytes {
  const before = parts.signedData.children.slice(0, -1).map(({ bytes }) => bytes)
  return encodeSequence(
    encodeOid(idSignedData),
    encodeExplicit(0, encodeSequence(...before, encodeSetOf(signerInfos))),
  )
}

/** Writes a SignerInfo anew with one more unsigned attribute. @param value a complete encoding */
export function addToSigner(signer: SignerInfoParts, oid: string, value: Uint8Array): Bytes {
  const there = (signer.unsignedAttributes?.children ?? []).map(({ bytes }) => bytes)
  return replaceUnsigned(signer, [...there, encodeAttribute(oid, value)])
}

/** Writes a SignerInfo anew with other unsigned attributes. @param attributes complete encodings; at least one */
export function replaceUnsigned(
  { signerInfo, unsignedAttributes }: SignerInfoParts,
  attributes: readonly Uint8Array[],
): Bytes {
  const kept = signerInfo.children.filter((child) => child !== unsignedAttributes)
  return encodeSequence(
    ...kept.map(({ bytes }) => bytes),
    retagImplicit(1, encodeSetOf(attributes)),
  )
}
