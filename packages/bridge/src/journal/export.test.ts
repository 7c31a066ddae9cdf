import { describe, expect, it } from 'vitest'
import { encodeCsv } from './csv.ts'
import type { Body } from './entry.ts'
import { type PinRow, type SignRow, findRows } from './rows.ts'
import { countRows } from './summary.ts'

const document = (name: string) => ({
  name,
  size: 1,
  digest: { algorithm: 'SHA-256' as const, hex: 'ab'.repeat(32) },
})

function rowOf(change: Partial<SignRow> = {}): SignRow {
  return {
    deed: 'sign',
    n: 1,
    time: '2026-11-21T20:00:00.000Z',
    origin: 'https://portal.gov.test',
    documents: [document('đơn.txt')],
    certificate: { id: 'cd'.repeat(32), holder: 'Nguyễn Văn An' },
    token: { label: 'mot', serial: '1' },
    result: 'signed',
    signed: 1,
    ...change,
  }
}

function pinRowOf(change: Partial<PinRow> = {}): PinRow {
  return {
    n: 2,
    time: '2026-11-21T20:00:00.000Z',
    deed: 'change-pin',
    origin: null,
    token: { label: 'mot', serial: '1' },
    result: 'done',
    ...change,
  }
}

describe('rows', () => {
  const { documents, origin, certificate, token } = rowOf()
  const place = { prev: '', time: '2026-11-21T20:00:00.000Z' }
  const asked = { kind: 'asked', documents, origin, certificate, token, ...place } as const

  it('join what was asked with how it ended, in any order of ends', () => {
    const bodies: Body[] = [
      { ...asked, n: 1 },
      { ...asked, n: 2 },
      { kind: 'ended', asked: 2, result: 'signed', signed: 1, n: 3, ...place },
      { kind: 'ended', asked: 1, result: 'USER_CANCELLED', signed: 0, n: 4, ...place },
      { kind: 'recovered', trouble: 'torn-line', n: 5, ...place },
      { ...asked, n: 6 },
      { kind: 'pin-asked', deed: 'unblock', origin: null, token, n: 7, ...place },
      { kind: 'ended', asked: 7, result: 'done', signed: 0, n: 8, ...place },
    ]
    expect(findRows(bodies).map(({ n, deed, result }) => [n, deed, result])).toEqual([
      [1, 'sign', 'USER_CANCELLED'],
      [2, 'sign', 'signed'],
      [6, 'sign', 'unknown'],
      [7, 'unblock', 'done'],
    ])
  })
})

describe('CSV', () => {
  const cellsOf = (name: string): string => encodeCsv([rowOf({ documents: [document(name)] })])

  it('has a mark, a head, one record a document, and the line ends of RFC 4180', () => {
    const documents = [document('a'), document('b')]
    const text = encodeCsv([rowOf({ documents, result: 'TOKEN_REMOVED' })])
    expect(text).toMatch(/^\u{FEFF}number,time,deed,origin,document,/u)
    const records = text.split('\r\n')
    expect(records).toHaveLength(4)
    expect(records[1]).toMatch(
      /^1,2026-11-21T20:00:00\.000Z,sign,https:\/\/portal\.gov\.test,a,1,SHA-256,/,
    )
    expect(records[1]).toMatch(/,signed$/)
    expect(records[2]).toMatch(/,TOKEN_REMOVED$/)
  })

  it('has one record for a PIN, as wide as the others', () => {
    const rows = [rowOf(), pinRowOf(), pinRowOf({ deed: 'unblock', origin: 'https://a.test' })]
    const records = encodeCsv(rows).split('\r\n').slice(0, -1)
    expect(records.slice(2)).toEqual([
      '2,2026-11-21T20:00:00.000Z,change-pin,,,,,,,,mot,1,done',
      '2,2026-11-21T20:00:00.000Z,unblock,https://a.test,,,,,,,mot,1,done',
    ])
    expect(new Set(records.map((record) => record.split(',').length)).size).toBe(1)
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '＝1', '\t=1'])('runs nothing: %j', (name) => {
    expect(cellsOf(name)).toContain(`,'${name},`)
  })

  it.each([
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['=A,"B"', `"'=A,""B"""`],
    ['a=b', 'a=b'],
  ])('quotes %j as %s', (name, cell) => {
    expect(cellsOf(name)).toContain(`,${cell},1,`)
  })
})

describe('the summary', () => {
  it('counts documents by month, origin and certificate', () => {
    const two = [document('a'), document('b')]
    const other = { id: 'ef'.repeat(32), holder: 'Nguyễn Văn An' }
    const rows = [
      rowOf({ time: '2026-12-01T00:00:00.000Z' }),
      rowOf(),
      rowOf({ documents: two, signed: 1, result: 'TOKEN_REMOVED' }),
      rowOf({ result: 'unknown', signed: 0 }),
      rowOf({ certificate: other }),
      rowOf({ origin: 'https://a.gov.test' }),
    ]
    const counts = countRows(rows).map((count) => {
      if (count.deed !== 'sign') throw new Error('no PIN was changed')
      const { month, origin, certificate, signed, unsigned } = count
      return [month, origin.slice(8), certificate.id.slice(0, 2), signed, unsigned]
    })
    expect(counts).toEqual([
      ['2026-11', 'a.gov.test', 'cd', 1, 0],
      ['2026-11', 'portal.gov.test', 'cd', 2, 2],
      ['2026-11', 'portal.gov.test', 'ef', 1, 0],
      ['2026-12', 'portal.gov.test', 'cd', 1, 0],
    ])
  })

  it('counts changes of PINs after that, by who asked, token and deed', () => {
    const rows = [
      pinRowOf(),
      pinRowOf({ result: 'TOKEN_PIN_INCORRECT' }),
      pinRowOf({ deed: 'unblock', origin: 'https://a.test', result: 'unknown' }),
      rowOf(),
    ]
    const token = { label: 'mot', serial: '1' }
    const month = '2026-11'
    expect(countRows(rows).slice(1)).toEqual([
      { month, origin: null, deed: 'change-pin', token, done: 1, undone: 1 },
      { month, origin: 'https://a.test', deed: 'unblock', token, done: 0, undone: 1 },
    ])
  })
})
