import { describe, expect, it } from 'vitest'
import {
  type ConsentRecord,
  addConsent,
  encodeRecords,
  isCurrent,
  noteUse,
  parseRecords,
} from './consent-records.ts'

const record: ConsentRecord = {
  origin: 'https://portal.gov.test',
  granted: '2026-01-31',
  lastUsed: '2026-03-01',
}
const other: ConsentRecord = { ...record, origin: 'http://localhost:3000' }
const text = (value: unknown): string => JSON.stringify(value)
const file = (...origins: unknown[]): string => text({ version: 1, origins })

describe('the records of consents', () => {
  it('are read as they were written, one line a field', () => {
    expect(parseRecords(encodeRecords([record, other]))).toEqual([record, other])
    expect(parseRecords(encodeRecords([]))).toEqual([])
    expect(encodeRecords([record])).toContain('\n      "origin": "https://portal.gov.test",\n')
  })

  it.each([
    ['nothing', ''],
    ['half of it', encodeRecords([record]).slice(0, 60)],
    ['a list', text([record])],
    ['null', 'null'],
    ['another version', text({ version: 2, origins: [] })],
    ['no version', text({ origins: [] })],
    ['more fields', text({ version: 1, origins: [], allowAll: true })],
    ['no list', text({ version: 1, origins: {} })],
    ['an entry that is none', file('https://portal.gov.test')],
    ['an entry with more', file({ ...record, forever: true })],
    ['an entry with less', file({ origin: record.origin, granted: record.granted })],
    ['a star', file({ ...record, origin: '*' })],
    ['null as origin', file({ ...record, origin: 'null' })],
    ['http elsewhere', file({ ...record, origin: 'http://portal.gov.test' })],
    ['a path', file({ ...record, origin: 'https://portal.gov.test/' })],
    ['a day that is not', file({ ...record, granted: '2026-02-30' })],
    ['a time', file({ ...record, lastUsed: '2026-03-01T00:00:00Z' })],
    ['a number as day', file({ ...record, lastUsed: 20260301 })],
    ['an origin twice', file(record, { ...record, granted: '2026-01-01' })],
    [
      'too many',
      file(...Array.from({ length: 501 }, (_, n) => ({ ...record, origin: `https://a${n}.test` }))),
    ],
  ])('are not read from %s', (_, damaged) => {
    expect(() => parseRecords(damaged)).toThrow(expect.objectContaining({ name: 'RecordsError' }))
  })

  it.each([
    ['2026-03-01', true],
    ['2027-03-01', true],
    ['2027-03-02', false],
    ['2026-02-28', true],
    ['2026-02-27', false],
  ])('of 1 March 2026 count on %s: %s', (today, counts) => {
    expect(isCurrent(record, today)).toBe(counts)
  })

  it('gain a consent of today, once, and lose those that lapsed', () => {
    const today = '2026-06-01'
    const lapsed = { ...other, lastUsed: '2024-01-01' }
    expect(addConsent([lapsed, record], record.origin, today)).toEqual([
      { origin: record.origin, granted: today, lastUsed: today },
    ])
  })

  it('stay within their limit: the one unused for longest goes', () => {
    let records: readonly ConsentRecord[] = [record]
    for (let n = 0; n < 500; n++) records = addConsent(records, `https://a${n}.test`, '2026-03-02')
    expect(records).toHaveLength(500)
    expect(records.map(({ origin }) => origin)).not.toContain(record.origin)
    expect(parseRecords(encodeRecords(records))).toHaveLength(500)
  })

  it('note a use, but bring nothing back', () => {
    const today = '2026-06-01'
    expect(noteUse([record, other], record.origin, today)).toEqual([
      { ...record, lastUsed: today },
      other,
    ])
    expect(noteUse([other], record.origin, today)).toEqual([other])
    const lapsed = { ...record, lastUsed: '2024-01-01' }
    expect(noteUse([lapsed], record.origin, today)).toEqual([lapsed])
  })
})
