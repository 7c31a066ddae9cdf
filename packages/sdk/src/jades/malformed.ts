/**
 * The one error of a JWS that cannot be read.
 * @module
 */
import { FormatError } from '../errors.ts'

/** Makes FORMAT_MALFORMED {what: JWS, expected}. */
export function malformedJws(expected: string, cause?: unknown): FormatError {
  return new FormatError('FORMAT_MALFORMED', { details: { what: 'JWS', expected }, cause })
}
