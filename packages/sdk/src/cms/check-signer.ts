/**
 * Whether a SignerInfo is what it says: the signature of the certificate that its own signed attributes name, over this
 * content. Nothing here says that the certificate is to be trusted.
 * @module
 */
import { type Certificate, parseCertificate } from '../asn1/certificate.ts'
import { TAG } from '../asn1/der.ts'
import { findSubjectKeyIdentifier } from '../asn1/key-extensions.ts'
import { idAaSigningCertificate } from '../asn1/authority-oid.ts'
import { idAaSigningCertificateV2, idContentType, idMessageDigest } from '../asn1/oid.ts'
import type { DerNode } from '../asn1/reader.ts'
import { type Bytes, concatBytes, equalBytes } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import type { DigestName } from '../types.ts'
import { parseEcdsaSignature } from '../asn1/ecdsa.ts'
import { verifySignature } from './assert-signature.ts'
import {
  type Attribute,
  type SignedDataParts,
  type SignerInfoParts,
  findValue,
  parseAttributes,
} from './parse.ts'
import { findDigest, findSignatureScheme } from './signature-scheme.ts'
import { findSignedOctets } from './signed-octets.ts'

/**
 * What is wrong: the certificate is not there, or not the one that is named; the attributes are not of this content;
 * the algorithm is not one that is still believed; the signature value is not the key's.
 */
export type SignerFault = 'signer' | 'content' | 'algorithm' | 'signature'

/**
 * Checks a signer of enclosed content.
 * @returns the signer's certificate, or what is wrong
 * @throws {FormatError} FORMAT_MALFORMED
 * @see RFC 5652 §5.4, §5.6, §11; RFC 5035 §5.4
 */
export async function checkSignerInfo(
  parts: SignedDataParts,
  signer: SignerInfoParts,
): Promise<Certificate | SignerFault> {
  const certificate = findSignerCertificate(parts, signer)
  const { signedAttributes } = signer
  if (certificate === undefined || signedAttributes === undefined) return 'signer'
  const { certificateDer } = certificate
  const attributes = parseAttributes(signedAttributes)
  if (!(await isNamedByAttributes(certificateDer, attributes))) return 'signer'
  const digest = findDigest(signer.digestAlgorithm)
  const scheme = findSignatureScheme(signer, certificate)
  if (digest === undefined || scheme === undefined) return 'algorithm'
  if (!(await isOverContent(parts, attributes, digest))) return 'content'
  const signatureValue = scheme.curve
    ? parseEcdsaSignature(signer.signature, scheme.curve)
    : signer.signature
  const signed = await findSignedOctets(signedAttributes, (toBeSigned) =>
    verifySignature(scheme, { publicKey: certificate, toBeSigned, signatureValue }),
  )
  return signed === undefined ? 'signature' : certificate
}

/** Finds the certificate that the sid names among those that came along. @throws {FormatError} FORMAT_MALFORMED */
export function findSignerCertificate(
  { certificates }: SignedDataParts,
  { sid }: SignerInfoParts,
): Certificate | undefined {
  const certificateDer = certificates.find((der) => isNamedBySid(der, sid))
  return certificateDer && parseCertificate(certificateDer)
}

function isNamedBySid(certificateDer: Bytes, sid: DerNode): boolean {
  if (sid.tag === TAG.SEQUENCE) {
    const { issuerDer, serialNumberDer } = parseCertificate(certificateDer)
    return equalBytes(sid.contents, concatBytes(issuerDer, serialNumberDer))
  }
  const identifier = findSubjectKeyIdentifier(certificateDer)
  return identifier !== undefined && equalBytes(sid.contents, identifier)
}

/** The first ESSCertID or ESSCertIDv2 is the signer's (RFC 5035 §3, RFC 2634 §5.4.1). */
async function isNamedByAttributes(
  certificateDer: Bytes,
  attributes: readonly Attribute[],
): Promise<boolean> {
  const [v2, v1] = [idAaSigningCertificateV2, idAaSigningCertificate].map((oid) =>
    findValue(attributes, oid)?.getChild(0, TAG.SEQUENCE).getChild(0, TAG.SEQUENCE),
  )
  if (v2 !== undefined) {
    const [first] = v2.children
    const isNamed = first?.tag === TAG.SEQUENCE
    const digest = isNamed ? findDigest(first) : 'SHA-256'
    if (digest === undefined) return false
    const value = v2.getChild(isNamed ? 1 : 0, TAG.OCTET_STRING).contents
    return equalBytes(value, await digestBytes(digest, certificateDer))
  }
  if (v1 === undefined) return false
  // SHA-1 by definition. The signature value is over the certificate's key all the same, and by a hash that is believed.
  const sha1 = new Uint8Array(await crypto.subtle.digest('SHA-1', certificateDer))
  return equalBytes(v1.getChild(0, TAG.OCTET_STRING).contents, sha1)
}

async function isOverContent(
  { content, contentType }: SignedDataParts,
  attributes: readonly Attribute[],
  digest: DigestName,
): Promise<boolean> {
  const type = findValue(attributes, idContentType)?.readOid()
  const messageDigest = findValue(attributes, idMessageDigest)?.assertTag(TAG.OCTET_STRING).contents
  if (content === undefined || type !== contentType || messageDigest === undefined) return false
  return equalBytes(messageDigest, await digestBytes(digest, content))
}
