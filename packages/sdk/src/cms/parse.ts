/**
 * A CMS that is there already, read as far as it takes to add to it or to judge a time stamp. Nothing that was signed is
 * ever encoded anew: nodes keep their bytes.
 *
 * ```
 * ContentInfo ::= SEQUENCE { id-signedData, [0] EXPLICIT SignedData }                            RFC 5652 §3, §5.1
 * SignedData ::= SEQUENCE { version, digestAlgorithms SET OF, encapContentInfo SEQUENCE { eContentType, [0] eContent },
 *   [0] IMPLICIT certificates SET OF OPTIONAL, [1] IMPLICIT crls SET OF OPTIONAL, signerInfos SET OF }
 * SignerInfo ::= SEQUENCE { version, sid, digestAlgorithm, [0] IMPLICIT signedAttrs OPTIONAL, signatureAlgorithm,
 *   signature OCTET STRING, [1] IMPLICIT unsignedAttrs OPTIONAL }
 * ```
 * @module
 */
import { wholeBerToDer } from '../asn1/ber.ts'
import { TAG, contextTag } from '../asn1/der.ts'
import { idSignedData } from '../asn1/oid.ts'
import { type DerNode, readDer } from '../asn1/reader.ts'
import type { Bytes } from '../bytes.ts'

/** SignedData in its parts. All bytes are views on a private copy. */
export interface SignedDataParts {
  readonly signedData: DerNode
  /** eContentType, dotted. */
  readonly contentType: string
  /** Undefined in a detached signature. */
  readonly content: Bytes | undefined
  /** DER of the X.509 certificates; other kinds are left out. */
  readonly certificates: readonly Bytes[]
  /** In the order of the SET; at least one. */
  readonly signerInfos: readonly SignerInfoParts[]
}

/** One signer's part. */
export interface SignerInfoParts {
  readonly signerInfo: DerNode
  /** SEQUENCE: issuer and serial number; tag 0x80: subject key identifier. */
  readonly sid: DerNode
  readonly digestAlgorithm: DerNode
  /** Tag 0xa0; its signature is over the same bytes under tag 0x31. */
  readonly signedAttributes: DerNode | undefined
  readonly signatureAlgorithm: DerNode
  /** The octets of the OCTET STRING. */
  readonly signature: Bytes
  /** Tag 0xa1. */
  readonly unsignedAttributes: DerNode | undefined
}

/** RFC 5652 §5.3: `SEQUENCE { attrType, attrValues SET OF }`. */
export interface Attribute {
  readonly oid: string
  readonly values: readonly DerNode[]
}

/**
 * Reads a ContentInfo of SignedData. Where it is BER, as programs write it that know no length beforehand, it is read as the
 * DER of the same: no signature covers how lengths are written around it.
 * @param what a word for the error's details
 * @throws {FormatError} FORMAT_MALFORMED, also where it is of another content type or without a signer
 */
export function parseSignedData(contentInfoBer: Uint8Array, what: string): SignedDataParts {
  const contentInfo = readDer(wholeBerToDer(contentInfoBer, what), what).assertTag(TAG.SEQUENCE)
  const type = contentInfo.getChild(0, TAG.OID)
  if (type.readOid() !== idSignedData) type.fail('id-signedData')
  const signedData = contentInfo.getChild(1, contextTag(0)).getChild(0, TAG.SEQUENCE)
  const encapsulated = signedData.getChild(2, TAG.SEQUENCE)
  const certificates = signedData.children.find(({ tag }) => tag === contextTag(0))
  const signerInfos = signedData.children.at(-1)?.assertTag(TAG.SET).children ?? []
  if (signedData.children.length < 4 || signerInfos.length === 0) signedData.fail('a signer')
  return {
    signedData,
    contentType: encapsulated.getChild(0, TAG.OID).readOid(),
    content: encapsulated.children[1]?.assertTag(contextTag(0)).getChild(0, TAG.OCTET_STRING)
      .contents,
    certificates: (certificates?.children ?? [])
      .filter(({ tag }) => tag === TAG.SEQUENCE)
      .map(({ bytes }) => bytes),
    signerInfos: signerInfos.map(parseSignerInfo),
  }
}

/** Reads one SignerInfo, of a signer or a counter-signer. @throws {FormatError} FORMAT_MALFORMED */
export function parseSignerInfo(signerInfo: DerNode): SignerInfoParts {
  const { children } = signerInfo.assertTag(TAG.SEQUENCE)
  const hasSignedAttributes = children[3]?.tag === contextTag(0)
  const next = hasSignedAttributes ? 4 : 3
  if (children.length > next + 3) signerInfo.fail('nothing after unsignedAttrs')
  return {
    signerInfo,
    sid: children[1] ?? signerInfo.fail('sid'),
    digestAlgorithm: signerInfo.getChild(2, TAG.SEQUENCE),
    signedAttributes: hasSignedAttributes ? children[3] : undefined,
    signatureAlgorithm: signerInfo.getChild(next, TAG.SEQUENCE),
    signature: signerInfo.getChild(next + 1, TAG.OCTET_STRING).contents,
    unsignedAttributes: children[next + 2]?.assertTag(contextTag(1)),
  }
}

/**
 * Reads attributes, signed or unsigned.
 * @param attributes undefined where there are none
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseAttributes(attributes: DerNode | undefined): readonly Attribute[] {
  return (attributes?.children ?? []).map((attribute) => ({
    oid: attribute.assertTag(TAG.SEQUENCE).getChild(0, TAG.OID).readOid(),
    values: attribute.getChild(1, TAG.SET).children,
  }))
}

/** Finds the one value of an attribute; undefined where the attribute is not there, or not just once with one value. */
export function findValue(attributes: readonly Attribute[], oid: string): DerNode | undefined {
  const [attribute, ...others] = attributes.filter((one) => one.oid === oid)
  return others.length === 0 && attribute?.values.length === 1 ? attribute.values[0] : undefined
}
