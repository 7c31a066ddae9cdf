/**
 * Why a certificate cannot be relied on, or nobody says that it can.
 * @module
 */
import { type ErrorInit, TrustError } from '../errors.ts'

/** Whose certificate it is. */
export type CertificateRole = 'signer' | 'issuer' | 'timestamp'

/**
 * - `unavailable`: nobody was named who could say, or none of them answers for this certificate
 * - `unreachable`: who was asked threw, which is the cause
 * - `late`: it took longer than it may
 * - `invalid`: the answer is not one to the question, not current, or not signed as it must be; `what` says which
 * - `unknown`: the authority does not know the certificate
 * - `no-issuer`: who issued it cannot be found
 */
export type StatusFailure =
  'unavailable' | 'unreachable' | 'late' | 'invalid' | 'unknown' | 'no-issuer'

/** Makes the error of a status that could not be had; `of` is added where it is known whose it is. */
export function statusError(
  reason: StatusFailure,
  what?: string,
  { cause, of }: Pick<ErrorInit, 'cause'> & { readonly of?: CertificateRole } = {},
): TrustError {
  const details = { reason, ...(what === undefined ? {} : { what }), ...(of && { of }) }
  return new TrustError('TRUST_STATUS', { details, cause })
}

/** Reasons of a revocation in the order of their numbers (RFC 5280 §5.3.1); 7 is not used. */
export const REVOCATION_REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  '',
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const

/** What an authority says of a certificate that it does not stand by. */
export interface Revocation {
  readonly since: Date
  /** One of `REVOCATION_REASONS`. */
  readonly reason: string
}

/** Makes the error of a certificate that was revoked. */
export function revokedError({ since, reason }: Revocation, of: CertificateRole): TrustError {
  const details = { reason, since: since.toISOString(), of }
  return new TrustError('TRUST_REVOKED', { details })
}

/** Makes the error of a certificate outside of its own time. */
export function validityError(
  reason: 'expired' | 'early',
  at: Date,
  of: CertificateRole,
): TrustError {
  return new TrustError('TRUST_VALIDITY', { details: { reason, at: at.toISOString(), of } })
}

/** Reads ENUMERATED as a reason. */
export function revocationReason(contents: Uint8Array | undefined): string {
  return REVOCATION_REASONS[contents?.at(-1) ?? 0] || 'unspecified'
}
