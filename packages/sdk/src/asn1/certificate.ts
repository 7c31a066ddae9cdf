/**
 * X.509 certificates, read for signing: whose key it is, what it can do, and the exact bytes that a signature refers
 * to. Nothing here says that a certificate is to be trusted.
 *
 * ```
 * Certificate ::= SEQUENCE { TBSCertificate ::= SEQUENCE {
 *     [0] version, serialNumber, signature, issuer, validity { notBefore, notAfter }, subject,
 *     subjectPublicKeyInfo, [1] issuerUniqueID, [2] subjectUniqueID, [3] extensions },
 *   signatureAlgorithm, signatureValue }                                                            RFC 5280 §4.1
 * ```
 * @module
 */
import { type Bytes, encodeHex, equalBytes } from '../bytes.ts'
import { TAG, contextTag } from './der.ts'
import { type PublicKey, parsePublicKey } from './public-key.ts'
import { readDer } from './reader.ts'
import { parseTime } from './time.ts'

/** A certificate's parts. Byte fields are views on a private copy of the DER. */
export interface Certificate extends PublicKey {
  readonly certificateDer: Bytes
  readonly issuerDer: Bytes
  readonly subjectDer: Bytes
  /** The INTEGER with its tag and length, as IssuerAndSerialNumber repeats it. */
  readonly serialNumberDer: Bytes
  /** Upper case, without the INTEGER's sign octet. */
  readonly serialNumberHex: string
  readonly notBefore: Date
  readonly notAfter: Date
}

/** A signer and its issuers: each step of one signing reads them anew, and of a thousand signings too. */
const MAX_KEPT = 8
/** What was read last, by bytes that are nobody else's. */
const kept: { readonly der: Bytes; readonly certificate: Certificate }[] = []

/**
 * Reads one certificate. The last few are kept, for signing asks for each several times.
 * @param certificateDer DER (not PEM), copied
 * @throws {FormatError} FORMAT_MALFORMED {what: certificate, offset, expected}
 */
export function parseCertificate(certificateDer: Uint8Array): Certificate {
  const known = kept.find(({ der }) => equalBytes(der, certificateDer))
  const certificate = known?.certificate ?? readCertificate(certificateDer)
  if (known === undefined) {
    kept.unshift({ der: certificate.certificateDer, certificate })
    kept.length = Math.min(kept.length, MAX_KEPT)
  }
  // The one field that leaves the sdk, where anybody may write to it.
  return Object.freeze({ ...certificate, certificateDer: new Uint8Array(certificateDer) })
}

function readCertificate(certificateDer: Uint8Array): Certificate {
  const root = readDer(certificateDer, 'certificate').assertTag(TAG.SEQUENCE)
  const tbs = root.getChild(0, TAG.SEQUENCE)
  const first = tbs.children[0]?.tag === contextTag(0) ? 1 : 0
  const serial = tbs.getChild(first, TAG.INTEGER)
  const issuer = tbs.getChild(first + 2, TAG.SEQUENCE)
  const validity = tbs.getChild(first + 3, TAG.SEQUENCE)
  const subject = tbs.getChild(first + 4, TAG.SEQUENCE)
  return Object.freeze({
    certificateDer: root.bytes,
    issuerDer: issuer.bytes,
    subjectDer: subject.bytes,
    serialNumberDer: serial.bytes,
    serialNumberHex: encodeHex(serial.contents)
      .replace(/^00(?=.)/, '')
      .toUpperCase(),
    notBefore: parseTime(validity.children[0] ?? validity.fail('notBefore')),
    notAfter: parseTime(validity.children[1] ?? validity.fail('notAfter')),
    ...parsePublicKey(tbs.getChild(first + 5, TAG.SEQUENCE)),
  })
}

/** Tells whether issuer and subject are the same name, as in a root; its signature is not looked at. */
export function isSelfIssued(certificate: Certificate): boolean {
  return equalBytes(certificate.issuerDer, certificate.subjectDer)
}
