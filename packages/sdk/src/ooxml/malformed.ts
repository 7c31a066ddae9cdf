/**
 * The ways in which a package cannot be signed.
 * @module
 */
import { FormatError } from '../errors.ts'

/** Makes FORMAT_MALFORMED {what: Office file, expected}. */
export function malformedPackage(expected: string): FormatError {
  return new FormatError('FORMAT_MALFORMED', { details: { what: 'Office file', expected } })
}

/** Makes FORMAT_UNSUPPORTED {feature}. */
export function unsupportedPackage(feature: string): FormatError {
  return new FormatError('FORMAT_UNSUPPORTED', { details: { feature } })
}
