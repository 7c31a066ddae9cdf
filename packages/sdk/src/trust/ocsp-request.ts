/**
 * The question for the status of one certificate.
 *
 * ```
 * OCSPRequest ::= SEQUENCE { SEQUENCE { requestList SEQUENCE OF SEQUENCE { CertID }, [2] requestExtensions } }
 * CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash OCTET STRING, issuerKeyHash OCTET STRING, serialNumber INTEGER }
 *                                                                                               RFC 6960 §4.1.1
 * ```
 * @module
 */
import { idPkixOcspNonce, idSha1 } from '../asn1/authority-oid.ts'
import type { Certificate } from '../asn1/certificate.ts'
import {
  TAG,
  encodeAlgorithmIdentifier,
  encodeExplicit,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodeSequence,
} from '../asn1/der.ts'
import { type DerNode, readDer } from '../asn1/reader.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { findDigest } from '../cms/signature-scheme.ts'

/** A question, and what its answer must repeat. */
export interface OcspRequest {
  readonly requestDer: Bytes
  readonly certificate: Certificate
  readonly issuer: Certificate
  /** What the nonce extension holds: DER OCTET STRING. */
  readonly nonceDer: Bytes
}

/** RFC 9654 §2.1: between 1 and 128, and 32 where the client may choose; 16 is what all responders take. */
const NONCE_BYTES = 16

/** Writes a question with a nonce of its own. Name and key go by SHA-1, the one hash that all responders know (RFC 5019). */
export async function createOcspRequest(
  certificate: Certificate,
  issuer: Certificate,
): Promise<OcspRequest> {
  const nonceDer = encodeOctetString(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)))
  const certId = encodeSequence(
    encodeAlgorithmIdentifier(idSha1, encodeNull()),
    encodeOctetString(await hash('SHA-1', issuer.subjectDer)),
    encodeOctetString(await hash('SHA-1', keyOctets(issuer))),
    certificate.serialNumberDer,
  )
  const nonce = encodeSequence(encodeOid(idPkixOcspNonce), encodeOctetString(nonceDer))
  const requestDer = encodeSequence(
    encodeSequence(
      encodeSequence(encodeSequence(certId)),
      encodeExplicit(2, encodeSequence(nonce)),
    ),
  )
  return { requestDer, certificate, issuer, nonceDer }
}

/** Tells whether a CertID, by whichever hash, is this certificate's. @throws {FormatError} FORMAT_MALFORMED */
export async function isCertIdOf(
  certId: DerNode,
  { serialNumberDer }: Certificate,
  issuer: Certificate,
): Promise<boolean> {
  if (!equalBytes(certId.getChild(3, TAG.INTEGER).bytes, serialNumberDer)) return false
  const algorithm = certId.getChild(0, TAG.SEQUENCE)
  const isSha1 = algorithm.getChild(0, TAG.OID).readOid() === idSha1
  const digest = isSha1 ? 'SHA-1' : findDigest(algorithm)
  if (digest === undefined) return false
  const [name, key] = [1, 2].map((index) => certId.getChild(index, TAG.OCTET_STRING).contents)
  return (
    equalBytes(name as Bytes, await hash(digest, issuer.subjectDer)) &&
    equalBytes(key as Bytes, await hash(digest, keyOctets(issuer)))
  )
}

/** Tells whether a KeyHash is of a certificate's key. */
export async function isKeyHashOf(keyHash: Uint8Array, certificate: Certificate): Promise<boolean> {
  return equalBytes(keyHash, await hash('SHA-1', keyOctets(certificate)))
}

/** The key's BIT STRING without tag, length and the count of unused bits. */
function keyOctets({ spkiDer }: Certificate): Bytes {
  return readDer(spkiDer, 'public key').getChild(1, TAG.BIT_STRING).contents.subarray(1)
}

async function hash(name: string, bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest(name, bytes))
}
