/**
 * Whether somebody may sign: asked before the token is, so that no signature is made that is worth nothing.
 * @module
 */
import type { Certificate } from '../asn1/certificate.ts'
import { isSigningError } from '../errors.ts'
import type { AskOptions } from './ask-authorities.ts'
import { CLOCK_TOLERANCE_MS } from './currency.ts'
import { findPath } from './path.ts'
import { findStatus } from './status.ts'
import { type CertificateRole, revokedError, statusError, validityError } from './status-error.ts'
import { named, stepsOf } from './validation-data.ts'

/** Who wants to sign; DER. */
export interface Identity {
  readonly certificate: Uint8Array
  readonly chain: readonly Uint8Array[]
}

/** How sure it must be. */
export interface IdentityCheck extends AskOptions {
  /** False where nobody's answer is no reason to refuse; who is revoked is refused all the same. */
  readonly isRequired: boolean
}

/**
 * Makes sure that a certificate and those of its issuers are within their time, and that none was revoked.
 * @throws {TrustError} TRUST_VALIDITY {reason, at, of}; TRUST_REVOKED {reason, since, of}; TRUST_STATUS {reason, what, of}
 *   where it is required
 * @throws {FormatError} FORMAT_MALFORMED where the certificate cannot be read
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @see RFC 5280 §6
 */
export async function checkIdentity(
  { certificate, chain }: Identity,
  { isRequired, ...options }: IdentityCheck,
): Promise<void> {
  const path = await findPath(certificate, chain, options)
  const now = options.now ?? new Date()
  path.certificates.forEach((one, index) => assertTimely(one, roleAt(index), now))
  if (isRequired && path.end !== undefined && path.certificates.length === 1) {
    throw statusError('no-issuer', undefined, { of: 'signer', cause: path.end })
  }
  await Promise.all(
    stepsOf(path).map(async ({ index, ...step }) => {
      const of = roleAt(index)
      try {
        const status = await named(findStatus({ ...step, pool: chain }, options), of)
        if (status.revocation !== undefined) throw revokedError(status.revocation, of)
      } catch (error) {
        const isUnsure = isSigningError(error) && error.code === 'TRUST_STATUS'
        if (isRequired || !isUnsure) throw error
      }
    }),
  )
}

const roleAt = (index: number): CertificateRole => (index === 0 ? 'signer' : 'issuer')

function assertTimely({ notBefore, notAfter }: Certificate, of: CertificateRole, now: Date): void {
  if (notAfter.getTime() < now.getTime() - CLOCK_TOLERANCE_MS) {
    throw validityError('expired', notAfter, of)
  }
  if (notBefore.getTime() > now.getTime() + CLOCK_TOLERANCE_MS) {
    throw validityError('early', notBefore, of)
  }
}
