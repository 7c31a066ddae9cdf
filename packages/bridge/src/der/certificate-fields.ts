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
import { type DerElement, DerError, TAG, getChildren, getContent, parseDer } from './reader.ts'

/** Fields as encoded; views on the certificate. */
export interface CertificateFields {
  /** DER of all that is signed. */
  readonly tbs: Uint8Array
  /** DER of the INTEGER. */
  readonly serialNumber: Uint8Array
  /** DER of the Name. */
  readonly issuer: Uint8Array
  /** DER of the Name. */
  readonly subject: Uint8Array
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKeyInfo: Uint8Array
  /** Values by the OID's content octets in hexadecimal; of one that is there twice, the first. */
  readonly extensions: ReadonlyMap<string, Uint8Array>
  /** Bits of keyUsage, digitalSignature first; undefined where the extension is absent. */
  readonly keyUsage: readonly boolean[] | undefined
  /** The AlgorithmIdentifier beside the signature. */
  readonly signatureAlgorithm: DerElement
  /** Octets of the BIT STRING. */
  readonly signature: Uint8Array
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
  const [tbs, algorithm, signature] = getChildren(
    parseDer(certificateDer, TAG.sequence),
    TAG.sequence,
  )
  const fields = getChildren(tbs, TAG.sequence)
  const start = fields[0]?.tag === VERSION ? 1 : 0
  const encodedOf = (index: number, tag: number): Uint8Array => {
    const field = fields[start + index]
    getContent(field, tag)
    return (field as DerElement).encoded
  }
  const extensions = readExtensions(fields.find((field) => field.tag === EXTENSIONS))
  getContent(algorithm, TAG.sequence)
  return {
    tbs: (tbs as DerElement).encoded,
    serialNumber: encodedOf(0, TAG.integer),
    issuer: encodedOf(2, TAG.sequence),
    subject: encodedOf(4, TAG.sequence),
    publicKeyInfo: encodedOf(5, TAG.sequence),
    extensions,
    keyUsage: readKeyUsage(extensions.get(KEY_USAGE)),
    signatureAlgorithm: algorithm as DerElement,
    signature: readOctets(getContent(signature, TAG.bitString)),
  }
}

/** A signature is whole octets: the first octet of a BIT STRING counts the bits that the last one lacks. */
function readOctets([unusedBits, ...octets]: Uint8Array): Uint8Array {
  if (unusedBits !== 0) throw new DerError('expected whole octets')
  return Uint8Array.from(octets)
}

function readExtensions(extensions: DerElement | undefined): Map<string, Uint8Array> {
  const values = new Map<string, Uint8Array>()
  if (extensions === undefined) return values
  const [list] = getChildren(extensions, EXTENSIONS)
  for (const extension of getChildren(list, TAG.sequence)) {
    const parts = getChildren(extension, TAG.sequence)
    const oid = encodeHex(getContent(parts[0], TAG.oid))
    if (!values.has(oid)) values.set(oid, getContent(parts.at(-1), TAG.octetString))
  }
  return values
}

function readKeyUsage(value: Uint8Array | undefined): readonly boolean[] | undefined {
  if (value === undefined) return undefined
  const [, ...octets] = getContent(parseDer(value, TAG.bitString), TAG.bitString)
  return octets.flatMap((octet) => Array.from({ length: 8 }, (_, bit) => isSet(octet, bit)))
}

function isSet(octet: number, bit: number): boolean {
  return (octet & (0x80 >> bit)) !== 0
}
