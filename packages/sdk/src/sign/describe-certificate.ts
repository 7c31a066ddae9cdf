/**
 * A certificate in words, for a page that lists what can sign.
 * @module
 */
import type { CertificateSummary } from '../types.ts'
import { parseCertificate } from '../asn1/certificate.ts'
import { findKeyUsage } from '../asn1/key-extensions.ts'
import { type ReadableName, parseName } from '../asn1/name.ts'
import { readDer } from '../asn1/reader.ts'
import { wrongArgument } from '../errors.ts'

/**
 * Describes a certificate. Nothing of it is to be relied on: no signature was checked.
 * @param certificateDer DER (not PEM)
 * @throws {FormatError} FORMAT_MALFORMED; {UsageError} USAGE_ARGUMENT
 */
export function describeCertificate(certificateDer: Uint8Array): CertificateSummary {
  if (!((certificateDer as unknown) instanceof Uint8Array)) {
    throw wrongArgument('certificateDer', 'DER of a certificate as a Uint8Array')
  }
  const certificate = parseCertificate(certificateDer)
  const { serialNumberHex } = certificate
  const keyUsage = findKeyUsage(certificateDer)
  const subject = readName(certificate.subjectDer)
  const issuer = readName(certificate.issuerDer)
  return {
    holder: subject.commonName ?? subject.organization ?? serialNumberHex,
    ...(subject.organization === undefined ? {} : { organization: subject.organization }),
    issuer: issuer.commonName ?? issuer.organization ?? '',
    serialNumber: serialNumberHex,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    signsDocuments:
      keyUsage === undefined ||
      keyUsage.includes('digitalSignature') ||
      keyUsage.includes('nonRepudiation'),
  }
}

function readName(nameDer: Uint8Array): ReadableName {
  return parseName(readDer(nameDer, 'certificate'))
}
