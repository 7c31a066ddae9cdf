/**
 * Times. DER writes them in UTC and in full; what old roots leave out is read all the same.
 * @module
 */
import { TAG } from './der.ts'
import type { DerNode } from './reader.ts'

/**
 * Reads UTCTime or GeneralizedTime of a certificate or CMS. UTCTime's two digits mean 1950 to 2049 (RFC 5280
 * §4.1.2.5.1). Seconds are missing in some old roots.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseTime(node: DerNode): Date {
  const isUtcTime = node.tag === TAG.UTC_TIME
  if (!isUtcTime) node.assertTag(TAG.GENERALIZED_TIME)
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?Z$/.exec(readTimeText(node))
  const [, years = '', ...rest] = match ?? node.fail('a time')
  if ((years.length === 2) !== isUtcTime) node.fail('a time')
  return makeTime(node, isUtcTime ? `${Number(years) < 50 ? '20' : '19'}${years}` : years, rest)
}

/** The characters of a time; more than one has are not read. */
export function readTimeText(node: DerNode): string {
  return String.fromCharCode(...node.contents.subarray(0, 30))
}

/** Makes a Date of what stands in a time: month, day, hour, minute, second, fraction. @throws {FormatError} FORMAT_MALFORMED */
export function makeTime(node: DerNode, year: string, rest: readonly (string | undefined)[]): Date {
  const [month, day, hour, minute, second = '00', fraction = ''] = rest
  const time = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`,
  )
  return Number.isNaN(time.getTime()) ? node.fail('a time') : time
}
