/**
 * Adds to a SignedData who signs and what shows it. What others put there keeps its very bytes; sets are put in the order
 * of DER, for no signature covers the order of certificates, digest algorithms or signers.
 * @module
 */
import {
  TAG,
  contextTag,
  encodeExplicit,
  encodeOid,
  encodeSequence,
  encodeSetOf,
  retagImplicit,
} from '../asn1/der.ts'
import { idSignedData } from '../asn1/oid.ts'
import type { DerNode } from '../asn1/reader.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { encodeDigestAlgorithm } from './algorithm-identifier.ts'
import type { SignedDataParts } from './parse.ts'
import { type SignerParts, selectCertificates } from './signed-data.ts'

/**
 * Adds a signer's certificates and hash, and puts other SignerInfos in.
 * @param signerInfos all of them, complete encodings
 * @returns DER ContentInfo, a fresh array
 * @see RFC 5652 §5.1
 */
export function extendSignedData(
  parts: SignedDataParts,
  signer: SignerParts,
  signerInfos: readonly Uint8Array[],
): Bytes {
  const { signedData } = parts
  const find = (number: number): DerNode | undefined =>
    signedData.children.slice(3, -1).find(({ tag }) => tag === contextTag(number))
  const crls = find(1)
  const certificates = encodeSetOf([
    ...bytesOf(find(0)),
    ...selectCertificates(signer).filter((der) => !bytesOf(find(0)).some(isSame(der))),
  ])
  return encodeSequence(
    encodeOid(idSignedData),
    encodeExplicit(
      0,
      encodeSequence(
        signedData.getChild(0, TAG.INTEGER).bytes,
        encodeDigestAlgorithms(signedData.getChild(1, TAG.SET), signer),
        signedData.getChild(2, TAG.SEQUENCE).bytes,
        retagImplicit(0, certificates),
        ...(crls === undefined ? [] : [crls.bytes]),
        encodeSetOf(signerInfos),
      ),
    ),
  )
}

/** Those that are there, and the signer's unless its hash is among them, whatever parameters it has there. */
function encodeDigestAlgorithms(there: DerNode, { algorithm }: SignerParts): Bytes {
  const isKnown = there.children.some(
    (one) => one.getChild(0, TAG.OID).readOid() === algorithm.digestOid,
  )
  return encodeSetOf([...bytesOf(there), ...(isKnown ? [] : [encodeDigestAlgorithm(algorithm)])])
}

const isSame = (der: Bytes) => (other: Bytes) => equalBytes(der, other)

function bytesOf(set: DerNode | undefined): Bytes[] {
  return (set?.children ?? []).map(({ bytes }) => bytes)
}
