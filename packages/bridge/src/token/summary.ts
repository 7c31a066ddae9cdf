/**
 * What a certificate says, in words that a page or a prompt can show without an ASN.1 parser. Nothing to rely on.
 * @module
 */
import { X509Certificate } from 'node:crypto'
import { type ListedCertificate, MAX_NAME_LENGTH } from '@trien/sdk/wire'
import { parseCertificateFields } from '../der/certificate-fields.ts'

/** The wire's `summary` of a listed certificate. */
export type CertificateSummary = ListedCertificate['summary']

/** A name by the short names of its attributes; one that occurs several times is a list. */
type Name = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * Reads a summary. A name without common name is shown by its organisation, or as it is written.
 * @throws {Error} where the certificate cannot be read
 */
export function summarizeCertificate(certificateDer: Uint8Array): CertificateSummary {
  const certificate = new X509Certificate(certificateDer)
  // The legacy form splits a name for us, so that an escaped or multi-valued attribute needs no parser here.
  const legacy = certificate.toLegacyObject()
  const subject = legacy.subject as unknown as Name
  const issuer = legacy.issuer as unknown as Name
  const organization = findAttribute(subject, 'O')
  const summary = {
    holder: showName(subject, certificate.subject),
    issuer: showName(issuer, certificate.issuer),
    serialNumber: certificate.serialNumber.slice(0, 100),
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
    signsDocuments: signsDocuments(certificateDer),
  }
  return organization === undefined ? summary : { ...summary, organization }
}

function showName(name: Name, written: string | undefined): string {
  return findAttribute(name, 'CN') ?? findAttribute(name, 'O') ?? cleanText(written ?? '')
}

/** The most specific value: of several, X.509 writes the most specific last. */
function findAttribute(name: Name, type: string): string | undefined {
  const value = name[type]
  const last = Array.isArray(value) ? (value as readonly string[]).at(-1) : (value as string)
  const text = cleanText(last ?? '')
  return text === '' ? undefined : text
}

/**
 * Keeps a name to one line of what a person can see: control characters, line ends and marks that turn the direction
 * of writing could make a prompt say something else.
 */
function cleanText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_NAME_LENGTH)
}

function signsDocuments(certificateDer: Uint8Array): boolean {
  const { keyUsage } = parseCertificateFields(certificateDer)
  if (keyUsage === undefined) return true
  const [digitalSignature = false, nonRepudiation = false] = keyUsage
  return digitalSignature || nonRepudiation
}
