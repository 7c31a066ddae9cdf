/**
 * Why there is no time stamp.
 * @module
 */
import { TrustError, type ErrorInit } from '../errors.ts'

/**
 * - `unreachable`: the source threw, which is the cause
 * - `late`: it took longer than it may
 * - `refused`: the authority said no; `what` is its reason by the names of RFC 3161 §2.4.2
 * - `invalid`: the answer is not one to the question, or not signed as it must be; `what` says which rule it breaks
 * - `expired`: the time is after the end of the signer's certificate
 */
export type TimestampFailure = 'unreachable' | 'late' | 'refused' | 'invalid' | 'expired'

/** Makes the error. */
export function timestampError(
  reason: TimestampFailure,
  what?: string,
  { cause }: Pick<ErrorInit, 'cause'> = {},
): TrustError {
  const details = what === undefined ? { reason } : { reason, what }
  return new TrustError('TRUST_TIMESTAMP', { details, cause })
}
