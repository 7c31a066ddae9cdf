/**
 * The errors of a ZIP that is not taken.
 * @module
 */
import { FormatError } from '../errors.ts'

/** Makes FORMAT_MALFORMED {what: ZIP, expected}. */
export function malformedZip(expected: string, cause?: unknown): FormatError {
  return new FormatError('FORMAT_MALFORMED', { details: { what: 'ZIP', expected }, cause })
}

/** Makes FORMAT_UNSUPPORTED {feature}. */
export function unsupportedZip(feature: string): FormatError {
  return new FormatError('FORMAT_UNSUPPORTED', { details: { feature: `ZIP: ${feature}` } })
}
