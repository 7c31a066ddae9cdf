/**
 * What it takes to check certificates without asking anybody: who issued them, and that nobody took them back.
 * @module
 */
import type { Certificate } from '../asn1/certificate.ts'
import { readAuthorityPointers } from '../asn1/authority-pointers.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { FormatError, TrustError, isSigningError } from '../errors.ts'
import type { AskOptions } from './ask-authorities.ts'
import { type CertificatePath, findPath } from './path.ts'
import { type CertificateStatus, findStatus } from './status.ts'
import { type CertificateRole, revokedError, statusError } from './status-error.ts'
import { type Timestamp, readTimestamp } from './timestamp-token.ts'

/** Whose certificates must be provable. All are DER. */
export interface Evidence {
  /** Those who signed. */
  readonly signers: readonly {
    readonly certificate: Uint8Array
    /** What came along with the signature: issuers, and whatever else. */
    readonly pool: readonly Uint8Array[]
    /** When the signature is proven to have existed: who was revoked later was still good then. */
    readonly provenAt?: Date | undefined
  }[]
  /** TimeStampTokens, each with the certificates that it brings. */
  readonly tokens: readonly Uint8Array[]
  /** Certificates that are known besides. */
  readonly pool: readonly Uint8Array[]
}

/** What authorities said: DER each, none twice. */
export interface ValidationData {
  /** The signers', the authorities' and all that issued them. */
  readonly certificates: readonly Bytes[]
  /** OCSPResponse (RFC 6960 §4.2.1), successful. */
  readonly ocspResponses: readonly Bytes[]
  /** CertificateList (RFC 5280 §5.1). */
  readonly crls: readonly Bytes[]
}

/** A certificate to be proven. */
interface Subject {
  readonly certificate: Uint8Array
  readonly pool: readonly Uint8Array[]
  readonly of: CertificateRole
  readonly provenAt?: Date | undefined
}

/**
 * Certificates that authorities are asked about for one file. Whoever wrote it chose the certificates, and these name the
 * servers: no file shall have more requests sent than this allows.
 */
const MAX_PROVEN = 256

const ISSUER: Pick<Subject, 'of' | 'provenAt'> = { of: 'issuer' }

/**
 * Collects what proves that certificates are good: the way of each up to one that issued itself, or to where nobody knows
 * an issuer and none is named; the status of all but the last, by OCSP or else by list. Every answer is verified.
 * @throws {TrustError} TRUST_REVOKED {since, reason, of}; TRUST_STATUS {reason, what, of}; TRUST_TIMESTAMP where a token
 *   is none
 * @throws {FormatError} FORMAT_MALFORMED where a certificate cannot be read; FORMAT_UNSUPPORTED {feature} where there are
 *   more than 256
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @see EN 319 122-1 §6.3 (B-LT), RFC 5280 §6
 */
export async function collectValidationData(
  evidence: Evidence,
  options: AskOptions,
): Promise<ValidationData> {
  const stamps = await Promise.all(evidence.tokens.map(readTimestamp))
  const subjects: readonly Subject[] = [
    ...evidence.signers.map((signer) => ({ ...signer, of: 'signer' as const })),
    ...stamps.map(({ certificate, certificates }) => ({
      ...{ certificate: certificate.certificateDer, pool: certificates, of: 'timestamp' as const },
    })),
  ]
  const found = { certificates: new ByteSet(), ocspResponses: new ByteSet(), crls: new ByteSet() }
  const proven = new ByteSet()
  for (const subject of subjects) {
    const pool = [...subject.pool, ...evidence.pool, ...found.certificates.list]
    const path = await findWholePath(subject, pool, options)
    path.certificates.forEach(({ certificateDer }) => found.certificates.add(certificateDer))
    for (const step of stepsOf(path)) {
      if (!proven.add(step.certificate.certificateDer)) continue
      if (proven.list.length > MAX_PROVEN) throw tooMany()
      const { of, provenAt } = step.index === 0 ? subject : ISSUER
      const status = await named(findStatus({ ...step, pool }, options), of)
      assertGood(status, of, provenAt)
      status.ocspResponses.forEach((der) => found.ocspResponses.add(der))
      status.crls.forEach((der) => found.crls.add(der))
    }
  }
  return {
    certificates: found.certificates.list,
    ocspResponses: found.ocspResponses.list,
    crls: found.crls.list,
  }
}

/**
 * Makes sure that who gave the last time stamp may: what proves it goes in with the next one only, years later.
 * @param proven DER of certificates that authorities were just asked about: nobody is asked again
 * @throws as `collectValidationData`
 */
export async function assertStampGood(
  { tokenDer, certificate }: Timestamp,
  proven: readonly Uint8Array[],
  options: AskOptions,
): Promise<void> {
  if (proven.some((known) => equalBytes(known, certificate.certificateDer))) return
  await collectValidationData({ signers: [], tokens: [tokenDer], pool: proven }, options)
}

function tooMany(): FormatError {
  const details = { feature: `more than ${MAX_PROVEN} certificates to be proven` }
  return new FormatError('FORMAT_UNSUPPORTED', { details })
}

/** The certificates of a path whose issuer is known, each with the way up from there. */
export function stepsOf({ certificates }: CertificatePath): readonly {
  readonly index: number
  readonly certificate: Certificate
  readonly issuer: Certificate
  readonly path: readonly Uint8Array[]
}[] {
  return certificates.slice(0, -1).map((certificate, index) => ({
    ...{ index, certificate, issuer: certificates[index + 1] as Certificate },
    path: certificates.slice(index + 1).map(({ certificateDer }) => certificateDer),
  }))
}

/** What ends in the middle proves nothing: where nobody knows an issuer, or one is named who cannot be had. */
async function findWholePath(
  { certificate, of }: Subject,
  pool: readonly Uint8Array[],
  options: AskOptions,
): Promise<CertificatePath> {
  const path = await findPath(certificate, pool, options)
  const [first, ...issuers] = path.certificates
  const last = issuers.at(-1) ?? first
  const isEnd =
    issuers.length > 0 && readAuthorityPointers(last.certificateDer).issuers.length === 0
  if (path.end === undefined || isEnd) return path
  const whose = issuers.length === 0 ? of : 'issuer'
  throw statusError('no-issuer', undefined, { of: whose, cause: path.end })
}

function assertGood(
  { revocation }: CertificateStatus,
  of: CertificateRole,
  provenAt: Date | undefined,
): void {
  if (revocation === undefined) return
  if (provenAt === undefined || revocation.since <= provenAt) throw revokedError(revocation, of)
}

/** Says in a failure whose certificate it is about. */
export async function named<T>(asking: Promise<T>, of: CertificateRole): Promise<T> {
  try {
    return await asking
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'TRUST_STATUS') throw error
    throw new TrustError('TRUST_STATUS', {
      cause: error.cause,
      details: { ...error.details, of },
    })
  }
}

/** Bytes, each once, in the order in which they came. */
class ByteSet {
  readonly list: Bytes[] = []

  /** Tells whether they were not there before. */
  add(bytes: Bytes): boolean {
    const isNew = !this.list.some((kept) => equalBytes(kept, bytes))
    if (isNew) this.list.push(bytes)
    return isNew
  }
}
