/**
 * The few fields of an X.509 certificate that node:crypto does not give as they are encoded (RFC 5280 §4.1).
 *
 * ```
 * Certificate    ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }
 * TBSCertificate ::= SEQUENCE { [0] version OPTIONAL, serialNumber, signature, issuer, validity, subject,
 *                               subjectPublicKeyInfo, [1] [2] unique ids OPTIONAL, [3] extensions OPTIONAL }
 * ```
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import { type DerElement, TAG, getChildren, getContent, parseDer } from './reader.ts'

/** Encoded fields; views on the certificate. */
export interface CertificateFields {
  /** DER of the INTEGER. */
  readonly serialNumber: Uint8Array
  /** DER of the Name. */
  readonly issuer: Uint8Array
  /** Bits of keyUsage, digitalSignature first; undefined where the extension is absent. */
  readonly keyUsage: readonly boolean[] | undefined
}

const VERSION = 0xa0
const EXTENSIONS = 0xa3
/** id-ce-keyUsage, 2.5.29.15 (RFC 5280 §4.2.1.3). */
const KEY_USAGE = '551d0f'

/**
 * Reads the fields.
 * @throws {DerError} where the certificate is not DER
 */
export function parseCertificateFields(certificateDer: Uint8Array): CertificateFields {
  const [tbs] = getChildren(parseDer(certificateDer, TAG.sequence), TAG.sequence)
  const fields = getChildren(tbs, TAG.sequence)
  const start = fields[0]?.tag === VERSION ? 1 : 0
  const serialNumber = fields[start]
  const issuer = fields[start + 2]
  getContent(serialNumber, TAG.integer)
  getContent(issuer, TAG.sequence)
  const extensions = fields.find((field) => field.tag === EXTENSIONS)
  return {
    serialNumber: (serialNumber as DerElement).encoded,
    issuer: (issuer as DerElement).encoded,
    keyUsage: extensions === undefined ? undefined : findKeyUsage(extensions),
  }
}

function findKeyUsage(extensions: DerElement): readonly boolean[] | undefined {
  const [list] = getChildren(extensions, EXTENSIONS)
  for (const extension of getChildren(list, TAG.sequence)) {
    const parts = getChildren(extension, TAG.sequence)
    if (encodeHex(getContent(parts[0], TAG.oid)) !== KEY_USAGE) continue
    const value = getContent(parts.at(-1), TAG.octetString)
    const [, ...octets] = getContent(parseDer(value, TAG.bitString), TAG.bitString)
    return octets.flatMap((octet) => Array.from({ length: 8 }, (_, bit) => isSet(octet, bit)))
  }
  return undefined
}

function isSet(octet: number, bit: number): boolean {
  return (octet & (0x80 >> bit)) !== 0
}
