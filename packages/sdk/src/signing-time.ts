/**
 * The time that a signer claims to sign at.
 * @module
 */
import { wrongArgument } from './errors.ts'

/** What both UTCTime and GeneralizedTime can say (RFC 5652 §11.3), and a date in a PDF. */
const FIRST_YEAR = 1950
const LAST_YEAR = 9999

/**
 * Refuses a time that the signature's format cannot say, whatever the page passed.
 * @param first and `last`: the years, in UTC, that the format can say
 * @param argument the option's name
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function assertSigningTime(
  value: unknown,
  { first = FIRST_YEAR, last = LAST_YEAR, argument = 'signingTime' } = {},
): asserts value is Date {
  const year = value instanceof Date ? value.getUTCFullYear() : Number.NaN
  if (year >= first && year <= last) return
  throw wrongArgument(argument, `a Date of the years ${first} to ${last}`)
}
