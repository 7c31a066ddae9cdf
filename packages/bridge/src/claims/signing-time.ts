/**
 * The time that bytes to be signed claim, in the three spellings of CMS, XML and JSON.
 * @module
 */
import { type DerElement, TAG } from '../der/reader.ts'
import { assertClaim } from './mismatch.ts'

/**
 * A prepared document may wait a day for its signature, and a computer whose clock is set to local time in the wrong
 * zone is off by up to 14 hours; more than a day either way is a date that somebody chose.
 */
const TOLERANCE_MS = 24 * 60 * 60 * 1000

/**
 * UTCTime up to 2049, GeneralizedTime from 2050, seconds and Z, no fraction (RFC 5652 §11.3).
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim: signing-time}
 */
export function assertAsn1Time(element: DerElement, now: Date): void {
  const isUtcTime = element.tag === TAG.utcTime
  assertClaim('signing-time', isUtcTime || element.tag === TAG.generalizedTime)
  const digits = new TextDecoder('latin1').decode(element.content)
  const pattern = isUtcTime ? /^(\d{2})(\d{10})Z$/ : /^(\d{4})(\d{10})Z$/
  const [, year = '', rest = ''] = pattern.exec(digits) ?? []
  assertClaim('signing-time', rest !== '')
  const fullYear = Number(year) + (isUtcTime ? (Number(year) < 50 ? 2000 : 1900) : 0)
  assertClaim('signing-time', isUtcTime || fullYear >= 2050)
  const parts = (rest.match(/\d\d/g) ?? []).map(Number)
  assertNear(readDate([fullYear, ...parts], 0), now)
}

/**
 * xsd:dateTime without a fraction (EN 319 132-1 §5.2.1). Where it names no zone, as Vietnam's invoices have it, the
 * tolerance covers every zone.
 * @param zone whether a zone must stand there
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim: signing-time}
 */
export function assertXmlTime(text: string, zone: 'zone' | 'no zone', now: Date): void {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/.exec(
    text,
  )
  assertClaim('signing-time', match !== null)
  const offset = match[7]
  assertClaim('signing-time', (offset !== undefined) === (zone === 'zone'))
  assertNear(readDate(match.slice(1, 7).map(Number), minutesOf(offset)), now)
}

/**
 * NumericDate in whole seconds (RFC 7519 §2).
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim: signing-time}
 */
export function assertNumericDate(seconds: unknown, now: Date): void {
  assertClaim('signing-time', Number.isSafeInteger(seconds))
  assertNear(new Date((seconds as number) * 1000), now)
}

function minutesOf(offset: string | undefined): number {
  if (offset === undefined || offset === 'Z') return 0
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6))
  return offset.startsWith('-') ? -minutes : minutes
}

/** Date.UTC carries 31 April over to May: a date that does not come back as written does not exist. */
function readDate(written: readonly number[], offsetMinutes: number): Date {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = written
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const read = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
  read.push(date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds())
  assertClaim('signing-time', written.join() === read.join())
  return new Date(date.getTime() - offsetMinutes * 60_000)
}

function assertNear(time: Date, now: Date): void {
  const distance = Math.abs(time.getTime() - now.getTime())
  assertClaim('signing-time', distance <= TOLERANCE_MS)
}
