/**
 * The way from a certificate up to who issued himself: each was signed by the key of the next.
 * @module
 */
import { type Certificate, isSelfIssued, parseCertificate } from '../asn1/certificate.ts'
import { findKeyUsage, isCertificationAuthority } from '../asn1/key-extensions.ts'
import { equalBytes } from '../bytes.ts'
import { type AskOptions, askInTurn } from './ask-authorities.ts'
import { MAX_CANDIDATES, findCertificate, isCertifiedBy } from './signed-structure.ts'
import { statusError } from './status-error.ts'

/** A way up: at its end a certificate that issued itself, or one whose issuer nobody knows. */
export interface CertificatePath {
  /** The certificate, its issuer, and so on. */
  readonly certificates: readonly [Certificate, ...Certificate[]]
  /** Why it does not go on; undefined where the last issued itself. */
  readonly end: unknown
}

/** As many as the relay takes; real ones have four. */
const MAX_PATH = 8

/**
 * Finds the way up, in what is known and then by asking.
 * @param certificateDer where it begins
 * @param pool DER of what is known
 * @throws {FormatError} FORMAT_MALFORMED where the certificate itself cannot be read
 * @throws {UserError} USER_CANCELLED when the signal aborts
 */
export async function findPath(
  certificateDer: Uint8Array,
  pool: readonly Uint8Array[],
  options: AskOptions,
): Promise<CertificatePath> {
  const certificates: [Certificate, ...Certificate[]] = [parseCertificate(certificateDer)]
  for (;;) {
    const last = certificates.at(-1) as Certificate
    if (await isSelfSigned(last)) return { certificates, end: undefined }
    if (certificates.length > MAX_PATH) {
      return { certificates, end: statusError('no-issuer', 'length') }
    }
    const path = certificates.slice(1).map((one) => one.certificateDer)
    const issuer = await findIssuer(last, { pool, path, options })
    if ('code' in issuer) return { certificates, end: issuer }
    const isCircle = certificates.some((one) => isSame(one, issuer))
    if (isCircle) return { certificates, end: statusError('no-issuer', 'circle') }
    certificates.push(issuer)
  }
}

async function findIssuer(
  certificate: Certificate,
  {
    pool,
    path,
    options,
  }: { pool: readonly Uint8Array[]; path: readonly Uint8Array[]; options: AskOptions },
): Promise<Certificate | (Error & { readonly code: string })> {
  const known = await selectIssuer(certificate, pool)
  if (known !== undefined) return known
  try {
    return await askInTurn<readonly Uint8Array[], Certificate>(
      {
        path,
        ask: (one, question) => one.issuers?.(certificate.certificateDer, question),
        async read(answer) {
          const found = await selectIssuer(certificate, answer)
          if (found === undefined) throw statusError('no-issuer')
          return found
        },
      },
      options,
    )
  } catch (error) {
    if ((error as { code?: string }).code !== 'TRUST_STATUS') throw error
    return error as Error & { readonly code: string }
  }
}

/** Who bears the issuer's name and has the key that signed. */
async function selectIssuer(
  certificate: Certificate,
  candidates: readonly Uint8Array[],
): Promise<Certificate | undefined> {
  let tries = 0
  for (const der of candidates) {
    const candidate = findCertificate(der)
    if (candidate === undefined) continue
    const isNamed = equalBytes(candidate.subjectDer, certificate.issuerDer)
    if (isNamed && mayIssue(candidate) && !isSame(candidate, certificate)) {
      if (await isCertifiedBy(certificate.certificateDer, candidate)) return candidate
      tries += 1
      if (tries === MAX_CANDIDATES) return undefined
    }
  }
  return undefined
}

/** RFC 5280 §4.2.1.3, §4.2.1.9; roots of version 1 say neither. */
function mayIssue(candidate: Certificate): boolean {
  const isFor = findKeyUsage(candidate.certificateDer)?.includes('keyCertSign') ?? true
  return isFor && (isCertificationAuthority(candidate.certificateDer) || isSelfIssued(candidate))
}

async function isSelfSigned(certificate: Certificate): Promise<boolean> {
  return isSelfIssued(certificate) && isCertifiedBy(certificate.certificateDer, certificate)
}

function isSame(one: Certificate, other: Certificate): boolean {
  return equalBytes(one.certificateDer, other.certificateDer)
}
