/**
 * What is written down of consents: which origins the person let see the certificates, since when, and when one of
 * them last made use of it.
 * @module
 */
import { decideOrigin } from './origin.ts'

/** One consent. Days are ISO 8601, UTC. */
export interface ConsentRecord {
  readonly origin: string
  readonly granted: string
  readonly lastUsed: string
}

/** Text that is not what `encodeRecords` writes. */
export class RecordsError extends Error {
  override readonly name = 'RecordsError'
}

/** Above this, what was not used for longest is forgotten. */
const MAX_RECORDS = 500
/** A consent that nobody used for so long is asked anew. */
const LIFETIME_DAYS = 365
const DAY_MS = 86_400_000
const VERSION = 1
const KEYS: readonly (keyof ConsentRecord)[] = ['origin', 'granted', 'lastUsed']

/** Writes records for people and programs to read. */
export function encodeRecords(records: readonly ConsentRecord[]): string {
  const origins = records.map(({ origin, granted, lastUsed }) => ({ origin, granted, lastUsed }))
  return `${JSON.stringify({ version: VERSION, origins }, null, 2)}\n`
}

/** Reads them back, strictly: what was damaged or tampered with must not grant anything. @throws {RecordsError} */
export function parseRecords(text: string): readonly ConsentRecord[] {
  const value = parseJson(text)
  if (!hasKeys(value, ['version', 'origins'])) throw new RecordsError('fields')
  if (value['version'] !== VERSION) throw new RecordsError('version')
  const entries = value['origins']
  if (!Array.isArray(entries) || entries.length > MAX_RECORDS) throw new RecordsError('origins')
  const records = entries.map(readRecord)
  if (new Set(records.map(({ origin }) => origin)).size === records.length) return records
  throw new RecordsError('an origin twice')
}

/** The day of a moment. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}

/**
 * Whether a consent still counts on a day. One from the future does not either, a day of moved clocks aside: it would
 * never end.
 */
export function isCurrent({ lastUsed }: ConsentRecord, today: string): boolean {
  const ageDays = (Date.parse(today) - Date.parse(lastUsed)) / DAY_MS
  return ageDays >= -1 && ageDays <= LIFETIME_DAYS
}

/** Adds a consent of today, drops what has lapsed, and keeps to the limit. */
export function addConsent(
  records: readonly ConsentRecord[],
  origin: string,
  today: string,
): readonly ConsentRecord[] {
  const others = records.filter((record) => record.origin !== origin && isCurrent(record, today))
  const latest = others.toSorted((one, other) => other.lastUsed.localeCompare(one.lastUsed))
  return [{ origin, granted: today, lastUsed: today }, ...latest.slice(0, MAX_RECORDS - 1)]
}

/** Notes that a consent was used today. One that is not there any more stays away: it was revoked. */
export function noteUse(
  records: readonly ConsentRecord[],
  origin: string,
  today: string,
): readonly ConsentRecord[] {
  return records.map((record) =>
    record.origin === origin && isCurrent(record, today) ? { ...record, lastUsed: today } : record,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RecordsError('not JSON', { cause })
  }
}

function readRecord(value: unknown): ConsentRecord {
  if (!hasKeys(value, KEYS)) throw new RecordsError('fields of an origin')
  const { origin, granted, lastUsed } = value
  if (typeof origin !== 'string' || !('origin' in decideOrigin([origin]))) {
    throw new RecordsError('not an origin')
  }
  if (!isDay(granted) || !isDay(lastUsed)) throw new RecordsError('not a day')
  return { origin, granted, lastUsed }
}

function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const time = Date.parse(value)
  return !Number.isNaN(time) && dayOf(new Date(time)) === value
}

function hasKeys(value: unknown, keys: readonly string[]): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.keys(value).toSorted().join() === keys.toSorted().join()
}
