/**
 * Whether a time proves anything of a signature.
 * @module
 */
import type { Certificate } from '../asn1/certificate.ts'
import { timestampError } from './timestamp-error.ts'

/**
 * Refuses a time outside of the signer's certificate's own: whoever checks the signature at that time finds it void
 * (EN 319 122-1, 319 132-1 and TS 119 182-1 §6.3, requirements on B-T).
 * @throws {TrustError} TRUST_TIMESTAMP {reason: `expired`}; {reason: `invalid`, what: `time`} where it is before
 */
export function assertStampTime({ notBefore, notAfter }: Certificate, time: Date): void {
  if (time > notAfter) throw timestampError('expired')
  if (time < notBefore) throw timestampError('invalid', 'time')
}

/**
 * Tells whom to leave without a time: whose certificate has expired without one is past help, and keeps nobody else from
 * theirs. Where nobody can be helped nobody is left, and the error of the first is told.
 * @param isLost has no time, and can have none
 */
export function leaveLost<T>(all: readonly T[], isLost: (one: T) => boolean): (one: T) => boolean {
  return all.every(isLost) ? () => false : isLost
}
