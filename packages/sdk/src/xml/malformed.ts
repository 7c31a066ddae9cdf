/**
 * The two ways in which XML cannot be read.
 * @module
 */
import { FormatError } from '../errors.ts'

/** FORMAT_MALFORMED: where in the text, in UTF-16 units, and what should have stood there. */
export function malformedXml(offset: number, expected: string, cause?: unknown): FormatError {
  return new FormatError('FORMAT_MALFORMED', { details: { what: 'XML', offset, expected }, cause })
}

/** FORMAT_UNSUPPORTED: a feature that is sound but not known here, or not wanted. */
export function unsupportedXml(feature: string): FormatError {
  return new FormatError('FORMAT_UNSUPPORTED', { details: { feature } })
}
