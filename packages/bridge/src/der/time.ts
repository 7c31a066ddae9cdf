import { type DerElement, DerError, TAG } from './reader.ts'

/**
 * Reads UTCTime or GeneralizedTime in the forms that RFC 5280 §4.1.2.5 allows, seconds and `Z`; GeneralizedTime also with
 * a fraction of a second, as RFC 3161 §2.4.2 has it.
 * @returns milliseconds since 1970
 * @throws {DerError}
 */
export function parseTime(element: DerElement | undefined): number {
  const text = Buffer.from(element?.content ?? []).toString('latin1')
  const form =
    element?.tag === TAG.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
      : element?.tag === TAG.generalizedTime
        ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/
        : undefined
  const [year, month = 0, ...rest] = (form?.exec(text) ?? []).slice(1).map(Number)
  if (year === undefined) throw new DerError('expected a time')
  // A year of two digits is one from 1950 to 2049.
  const full = element?.tag === TAG.utcTime ? (year < 50 ? 2000 : 1900) + year : year
  const [day, hour, minute, second] = rest
  return Date.UTC(full, month - 1, day, hour, minute, second)
}
