/**
 * The addresses that a certificate names.
 *
 * ```
 * AuthorityInfoAccess   ::= SEQUENCE OF SEQUENCE { accessMethod OID, accessLocation GeneralName }   RFC 5280 §4.2.2.1
 * CRLDistributionPoints ::= SEQUENCE OF SEQUENCE { [0] { [0] GeneralNames } OPTIONAL, … }           RFC 5280 §4.2.1.13
 * Adobe's TimeStamp     ::= SEQUENCE { version INTEGER, location GeneralName, requiresAuth BOOLEAN OPTIONAL }
 * ```
 * @module
 */
import { encodeHex } from '@trien/sdk/bytes'
import type { CertificateFields } from '../der/certificate-fields.ts'
import { type DerElement, TAG, getChildren, getContent, parseDer } from '../der/reader.ts'

/** uniformResourceIdentifier of GeneralName. */
const URI = 0x86
const CONTEXT_0 = 0xa0
/** 1.3.6.1.5.5.7.1.1 and .11 */
const AUTHORITY_INFO_ACCESS = '2b06010505070101'
const SUBJECT_INFO_ACCESS = '2b0601050507010b'
/** 1.3.6.1.5.5.7.48.1 to .3 */
const AD_OCSP = '2b06010505073001'
const AD_CA_ISSUERS = '2b06010505073002'
const AD_TIME_STAMPING = '2b06010505073003'
/** 2.5.29.31 */
const CRL_DISTRIBUTION_POINTS = '551d1f'
/** 1.2.840.113583.1.1.9.1; not in a standard, and what Acrobat reads. */
const ADOBE_TIME_STAMP = '2a864886f72f01010901'

const MAX_ADDRESSES = 4

/** Where to ask for the status of the certificate. @throws {DerError} as all below */
export function listOcspAddresses(certificate: CertificateFields): readonly string[] {
  return listAccess(certificate.extensions.get(AUTHORITY_INFO_ACCESS), AD_OCSP)
}

/** Where the issuer's own certificate lies. */
export function listIssuerAddresses(certificate: CertificateFields): readonly string[] {
  return listAccess(certificate.extensions.get(AUTHORITY_INFO_ACCESS), AD_CA_ISSUERS)
}

/** Where the list of revoked certificates lies. */
export function listRevocationListAddresses(certificate: CertificateFields): readonly string[] {
  const value = certificate.extensions.get(CRL_DISTRIBUTION_POINTS)
  if (value === undefined) return []
  const points = getChildren(parseDer(value, TAG.sequence), TAG.sequence)
  return webAddresses(
    points.flatMap((point) => {
      const name = getChildren(point, TAG.sequence).find(({ tag }) => tag === CONTEXT_0)
      const [fullName] = name === undefined ? [] : getChildren(name, CONTEXT_0)
      return fullName?.tag === CONTEXT_0 ? getChildren(fullName, CONTEXT_0) : []
    }),
  )
}

/** Where to have time stamps made, as the certificate says. */
export function listTimestampAddresses(certificate: CertificateFields): readonly string[] {
  const adobe = certificate.extensions.get(ADOBE_TIME_STAMP)
  const location =
    adobe === undefined ? undefined : getChildren(parseDer(adobe, TAG.sequence), TAG.sequence)[1]
  return [
    ...webAddresses(location === undefined ? [] : [location]),
    ...listAccess(certificate.extensions.get(SUBJECT_INFO_ACCESS), AD_TIME_STAMPING),
  ]
}

function listAccess(value: Uint8Array | undefined, method: string): readonly string[] {
  if (value === undefined) return []
  const descriptions = getChildren(parseDer(value, TAG.sequence), TAG.sequence)
  return webAddresses(
    descriptions.flatMap((description) => {
      const [oid, location] = getChildren(description, TAG.sequence)
      const isWanted = encodeHex(getContent(oid, TAG.oid)) === method
      return isWanted && location !== undefined ? [location] : []
    }),
  )
}

/** Directories (`ldap:`) are named beside web servers, and passed over. */
function webAddresses(names: readonly DerElement[]): readonly string[] {
  const addresses = names
    .filter(({ tag }) => tag === URI)
    .map(({ content }) => Buffer.from(content).toString('latin1'))
    .filter((address) => /^https?:/i.test(address))
  return [...new Set(addresses)].slice(0, MAX_ADDRESSES)
}
