/**
 * The ways in which a PDF cannot be read or signed.
 * @module
 */
import { FormatError } from '../errors.ts'

/** FORMAT_MALFORMED: what was being read, where, and what should have stood there. */
export function malformed(what: string, offset: number, expected: string): FormatError {
  return new FormatError('FORMAT_MALFORMED', { details: { what, offset, expected } })
}

/** FORMAT_UNSUPPORTED: a feature that is sound but not known here. */
export function unsupported(feature: string): FormatError {
  return new FormatError('FORMAT_UNSUPPORTED', { details: { feature } })
}

/** FORMAT_NOT_ALLOWED by a rule of the document. */
export function notAllowed(rule: string): FormatError {
  return new FormatError('FORMAT_NOT_ALLOWED', { details: { rule } })
}
