/**
 * How near its end a certificate is, judged alike by the bridge's prompt, its commands, and pages.
 * @module
 */

/** So many days before its end a certificate is announced: issuers take weeks to renew one. */
export const EXPIRES_SOON_DAYS = 30
const DAY_MS = 86_400_000

/** A certificate's time at one moment. */
export interface Validity {
  /** `soon`: it may still sign, and is to be renewed. */
  readonly state: 'not-yet-valid' | 'valid' | 'soon' | 'expired'
  /** Whole days until its end; negative after it. */
  readonly daysLeft: number
}

/** Judges a validity (RFC 5280 §4.1.2.5, both ends included). */
export function judgeValidity(
  { notBefore, notAfter }: { readonly notBefore: Date; readonly notAfter: Date },
  at: Date,
): Validity {
  const daysLeft = Math.floor((notAfter.getTime() - at.getTime()) / DAY_MS)
  if (at > notAfter) return { state: 'expired', daysLeft }
  if (at < notBefore) return { state: 'not-yet-valid', daysLeft }
  return { state: daysLeft < EXPIRES_SOON_DAYS ? 'soon' : 'valid', daysLeft }
}
