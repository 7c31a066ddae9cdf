/**
 * What an archive time stamp of CAdES is over: the signature, and by their hashes all that was put beside it.
 *
 * ```
 * imprint = H( eContentType ‖ H(content) ‖ version ‖ sid ‖ digestAlgorithm ‖ signedAttrs ‖ signatureAlgorithm ‖ signature
 *              ‖ ATSHashIndexV3 )                                                          EN 319 122-1 §5.5.3
 * ATSHashIndexV3 ::= SEQUENCE { hashIndAlgorithm, certificatesHashIndex SEQUENCE OF OCTET STRING,
 *   crlsHashIndex SEQUENCE OF OCTET STRING, unsignedAttrValuesHashIndex SEQUENCE OF OCTET STRING }        §5.5.2
 * ```
 * @module
 */
import { DIGESTS } from '../algorithms.ts'
import {
  TAG,
  encodeAlgorithmIdentifier,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  retagImplicit,
} from '../asn1/der.ts'
import { idAaAtsHashIndexV3, idAaEtsArchiveTimestampV3 } from '../asn1/authority-oid.ts'
import { idMessageDigest } from '../asn1/oid.ts'
import { idAaEtsArchiveTimestamp, idAaEtsArchiveTimestampV2 } from '../asn1/signature-oid.ts'
import { type Bytes, concatBytes, equalBytes } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { FormatError } from '../errors.ts'
import type { DigestName } from '../types.ts'
import { listIn } from './add-validation-data.ts'
import {
  type SignedDataParts,
  type SignerInfoParts,
  findValue,
  parseAttributes,
  parseSignedData,
} from './parse.ts'
import { findDigest } from './signature-scheme.ts'
import { encodeSortedSet } from './signed-octets.ts'

/** What is to be stamped, and what the token must be given so that others find the same. */
export interface ArchiveImprint {
  readonly digest: DigestName
  readonly value: Bytes
  /** DER ATSHashIndexV3: the one value of that unsigned attribute of the token's signer. */
  readonly hashIndexDer: Bytes
}

/**
 * Hashes for an archive time stamp, by the hash that the signer used: the digest of the content then stands in the signed
 * attributes, and the content, which may be gigabytes or elsewhere, is not needed. Attributes that somebody left out of order
 * are taken in that of DER, as DSS does.
 * @throws {FormatError} FORMAT_UNSUPPORTED {feature} where the signer used a hash that nobody should archive by, or has
 *   no signed attributes
 */
export async function hashForArchive(
  parts: SignedDataParts,
  signer: SignerInfoParts,
): Promise<ArchiveImprint> {
  const digest = findDigest(signer.digestAlgorithm)
  const attributes = parseAttributes(signer.signedAttributes)
  const contentDigest = findValue(attributes, idMessageDigest)?.assertTag(TAG.OCTET_STRING).contents
  if (digest === undefined || contentDigest === undefined) {
    const details = {
      feature: 'an archive time stamp of a signature by SHA-1 or without attributes',
    }
    throw new FormatError('FORMAT_UNSUPPORTED', { details })
  }
  const hashIndexDer = await encodeHashIndex(parts, signer, digest)
  const stamped = concatBytes(
    encodeOid(parts.contentType),
    contentDigest,
    ...signer.signerInfo.children
      .filter((child) => child !== signer.unsignedAttributes)
      .map((child) =>
        child === signer.signedAttributes ? retagImplicit(0, encodeSortedSet(child)) : child.bytes,
      ),
    hashIndexDer,
  )
  return { digest, value: await digestBytes(digest, stamped), hashIndexDer }
}

async function encodeHashIndex(
  parts: SignedDataParts,
  { unsignedAttributes }: SignerInfoParts,
  digest: DigestName,
): Promise<Bytes> {
  const values = parseAttributes(unsignedAttributes).flatMap(({ oid, values }) =>
    values.map(({ bytes }) => concatBytes(encodeOid(oid), bytes)),
  )
  const encodeHashes = async (all: readonly Bytes[]): Promise<Bytes> => {
    const hashes = await Promise.all(all.map((bytes) => digestBytes(digest, bytes)))
    return encodeSequence(...hashes.map(encodeOctetString))
  }
  return encodeSequence(
    encodeAlgorithmIdentifier(DIGESTS[digest].oid),
    await encodeHashes(listIn(parts, 0)),
    await encodeHashes(listIn(parts, 1)),
    await encodeHashes(values),
  )
}

/**
 * Tells whether an archive time stamp of a signer is over one of its unsigned attributes, which must then stay as it is.
 * One whose index cannot be read is taken to be over all.
 * @param value the attribute's, a complete encoding
 * @throws {FormatError} FORMAT_MALFORMED
 * @see EN 319 122-1 §5.5.2
 */
export async function isArchived(
  { unsignedAttributes }: SignerInfoParts,
  oid: string,
  value: Uint8Array,
): Promise<boolean> {
  const attributes = parseAttributes(unsignedAttributes)
  const whole = [idAaEtsArchiveTimestamp, idAaEtsArchiveTimestampV2]
  if (attributes.some((attribute) => whole.includes(attribute.oid))) return true
  for (const attribute of attributes) {
    if (attribute.oid !== idAaEtsArchiveTimestampV3) continue
    for (const token of attribute.values) {
      const [authority] = parseSignedData(token.bytes, 'time stamp').signerInfos
      const index = findValue(parseAttributes(authority?.unsignedAttributes), idAaAtsHashIndexV3)
      const digest = index && findDigest(index.getChild(0, TAG.SEQUENCE))
      if (index === undefined || digest === undefined) return true
      const hash = await digestBytes(digest, concatBytes(encodeOid(oid), value))
      const hashes = index.getChild(3, TAG.SEQUENCE).children
      if (hashes.some(({ contents }) => equalBytes(contents, hash))) return true
    }
  }
  return false
}
