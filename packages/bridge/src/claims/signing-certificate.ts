/**
 * The attribute that binds a signature to its certificate (RFC 5035 §3):
 *
 * ```
 * SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, policies OPTIONAL }
 * ESSCertIDv2          ::= SEQUENCE { hashAlgorithm DEFAULT sha256, certHash OCTET STRING, issuerSerial OPTIONAL }
 * IssuerSerial         ::= SEQUENCE { issuer GeneralNames { [4] directoryName }, serialNumber INTEGER }
 * ```
 * @module
 */
import { encodeHex, equalBytes } from '@trien/sdk/bytes'
import { type DerElement, DerError, TAG, getChildren, getContent, getOnly } from '../der/reader.ts'
import type { ClaimedCertificate } from './certificate.ts'

/** Contents of the OBJECT IDENTIFIERs, hexadecimal. SHA-256 is the DEFAULT, so DER forbids to name it (X.690 §11.5). */
const HASHES: Readonly<Record<string, string>> = {
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
}
const DIRECTORY_NAME = 0xa4

/**
 * Refuses an attribute that names anything but this one certificate; policies and further certificates are refused
 * too, as nobody is shown them.
 * @throws {DerError}
 */
export function assertSigningCertificate(
  attribute: DerElement | undefined,
  certificate: ClaimedCertificate,
): void {
  const certs = getOnly(getChildren(attribute, TAG.sequence))
  const parts = getChildren(getOnly(getChildren(certs, TAG.sequence)), TAG.sequence)
  const hash = parts[0]?.tag === TAG.sequence ? readHash(parts.shift()) : 'sha256'
  const [certHash, issuerSerial, ...rest] = parts
  assertSame(getContent(certHash, TAG.octetString), certificate.hash(hash))
  if (rest.length > 0) throw new DerError('more than issuerSerial')
  if (issuerSerial !== undefined) assertIssuerSerial(issuerSerial, certificate)
}

function readHash(identifier: DerElement | undefined): string {
  const [oid, parameters, ...rest] = getChildren(identifier, TAG.sequence)
  const hash = HASHES[encodeHex(getContent(oid, TAG.oid))]
  if (hash === undefined || rest.length > 0) throw new DerError('hash not allowed')
  // RFC 5754 §2: parameters absent, or NULL.
  if (parameters !== undefined && getContent(parameters, TAG.null).length > 0) {
    throw new DerError('parameters not NULL')
  }
  return hash
}

/**
 * Refuses an IssuerSerial of another certificate.
 * @throws {DerError}
 */
export function assertIssuerSerial(
  issuerSerial: DerElement,
  certificate: ClaimedCertificate,
): void {
  const [names, serialNumber, ...rest] = getChildren(issuerSerial, TAG.sequence)
  if (rest.length > 0) throw new DerError('more than issuer and serialNumber')
  const fields = certificate.fields()
  const name = getOnly(getChildren(names, TAG.sequence))
  assertSame(getOnly(getChildren(name, DIRECTORY_NAME)).encoded, fields.issuer)
  getContent(serialNumber, TAG.integer)
  assertSame((serialNumber as DerElement).encoded, fields.serialNumber)
}

function assertSame(actual: Uint8Array, expected: Uint8Array): void {
  if (!equalBytes(actual, expected)) throw new DerError('not this certificate')
}
