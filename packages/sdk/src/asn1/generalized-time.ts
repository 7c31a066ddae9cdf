/**
 * GeneralizedTime as protocols write it: to fractions of a second.
 * @module
 */
import { TAG } from './der.ts'
import type { DerNode } from './reader.ts'
import { makeTime, readTimeText } from './time.ts'

/**
 * Reads the GeneralizedTime of a time stamp or an OCSP answer, which may have a fraction of a second (RFC 3161 §2.4.2).
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseGeneralizedTime(node: DerNode): Date {
  const text = readTimeText(node.assertTag(TAG.GENERALIZED_TIME))
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\.\d{1,9})?Z$/.exec(text)
  const [, year = '', ...rest] = match ?? node.fail('a time')
  return makeTime(node, year, rest)
}
