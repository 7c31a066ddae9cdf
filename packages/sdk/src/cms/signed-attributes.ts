/**
 * The signed attributes of CAdES B-B and PAdES B-B: the bytes that the key signs.
 *
 * ```
 * SET OF SEQUENCE { type OBJECT IDENTIFIER, values SET OF ANY }                              RFC 5652 §5.3, §11
 *   content-type             id-data; not in a countersignature                          RFC 5652 §11.4
 *   message-digest           OCTET STRING
 *   signing-time             UTCTime | GeneralizedTime; CAdES only, PAdES has /M        EN 319 142-1 §6.3
 *   signing-certificate-v2   SEQUENCE { certs SEQUENCE OF ESSCertIDv2 }                 RFC 5035 §3
 *     ESSCertIDv2 ::= SEQUENCE { hashAlgorithm DEFAULT sha256, certHash, issuerSerial }
 *   …                        what the signer claims beside the time                   see claim-attributes
 * ```
 * @module
 */
import type { Algorithm } from '../algorithms.ts'
import type { Certificate } from '../asn1/certificate.ts'
import {
  encodeAlgorithmIdentifier,
  encodeExplicit,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSetOf,
  encodeTime,
} from '../asn1/der.ts'
import {
  idAaSigningCertificateV2,
  idContentType,
  idData,
  idMessageDigest,
  idSigningTime,
} from '../asn1/oid.ts'
import type { Bytes } from '../bytes.ts'

/** What the signed attributes say. Both digests are by the algorithm's own hash. */
export interface SignedAttributes {
  readonly algorithm: Algorithm
  readonly certificate: Certificate
  readonly certificateDigest: Uint8Array
  readonly documentDigest: Uint8Array
  /** Present in CAdES, absent in PAdES. */
  readonly signingTime: Date | undefined
  /** Over the value of another signature, whose digest is then the document's. */
  readonly isCountersignature?: boolean
  /** Whole Attributes, DER: what the signer claims beside the time. */
  readonly claimed?: readonly Uint8Array[]
}

/** Writes the signed attributes as `SET OF Attribute` (tag 0x31), the form that is signed (RFC 5652 §5.4). */
export function encodeSignedAttributes(attributes: SignedAttributes): Bytes {
  const { documentDigest, signingTime, isCountersignature, claimed = [] } = attributes
  return encodeSetOf([
    ...(isCountersignature ? [] : [encodeAttribute(idContentType, encodeOid(idData))]),
    encodeAttribute(idMessageDigest, encodeOctetString(documentDigest)),
    ...(signingTime ? [encodeAttribute(idSigningTime, encodeTime(signingTime))] : []),
    encodeAttribute(idAaSigningCertificateV2, encodeSigningCertificate(attributes)),
    ...claimed,
  ])
}

/** Writes an Attribute of one value, signed or unsigned. @param value a complete encoding */
export function encodeAttribute(oid: string, value: Uint8Array): Bytes {
  return encodeSequence(encodeOid(oid), encodeSetOf([value]))
}

/** SHA-256 is the DEFAULT, which DER leaves out (X.690 §11.5). */
function encodeSigningCertificate(attributes: SignedAttributes): Bytes {
  const { algorithm, certificate, certificateDigest } = attributes
  const hashAlgorithm =
    algorithm.digest === 'SHA-256' ? [] : [encodeAlgorithmIdentifier(algorithm.digestOid)]
  const directoryName = encodeExplicit(4, certificate.issuerDer)
  const issuerSerial = encodeSequence(encodeSequence(directoryName), certificate.serialNumberDer)
  const certId = encodeSequence(
    ...hashAlgorithm,
    encodeOctetString(certificateDigest),
    issuerSerial,
  )
  return encodeSequence(encodeSequence(certId))
}
