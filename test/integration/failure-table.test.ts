/**
 * The table of failures, the columns of openssl: each of its programs behind HTTP on loopback fails in each way, for each
 * format. The error is the one of the table, and what is left is what was there before, to the byte, which referees accept.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { httpAuthorities } from '@trien/sdk/http'
import type { Bytes } from '@trien/sdk/types'
import { type UpgradeOptions, upgrade } from '@trien/sdk/upgrade'
import {
  FORMATS,
  type FailingAuthorities,
  openFailingAuthorities,
  writeLeft,
} from '../helpers/failing-authorities.ts'
import type { Arranged, Arrangements } from '../helpers/failing-peers/arrange.ts'
import { failLists } from '../helpers/failing-peers/lists.ts'
import { failStatus } from '../helpers/failing-peers/status.ts'
import { failTimestamps } from '../helpers/failing-peers/timestamps.ts'
import { type Peer, failuresOf } from '../helpers/failure-table.ts'
import { type SignedFile, SYSTEM_REFEREES, presentReferees } from '../helpers/referees/index.ts'

const OPENSSL = {
  'openssl ts': 'B-B',
  'openssl ocsp': 'B-T',
  'openssl lists': 'B-T',
} as const satisfies Partial<Record<Peer, Arranged['from']>>
type Openssl = keyof typeof OPENSSL

let failing: FailingAuthorities
let arrangements: Readonly<Record<Openssl, Arrangements>>
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-left-'))
  failing = await openFailingAuthorities()
  arrangements = {
    'openssl ts': await failTimestamps(failing),
    'openssl ocsp': failStatus(failing),
    'openssl lists': failLists(failing),
  }
})
afterAll(() => {
  failing.close()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(() => failing.restore())

/** What became of it. */
interface Outcome {
  readonly said: string
  /** Of a failure what the error holds. */
  readonly left: Bytes
  readonly cause: unknown
}

async function build(signed: Bytes, options: Partial<UpgradeOptions>): Promise<Outcome> {
  const [timestamp, authorities] = [failing.tsa(), httpAuthorities()]
  try {
    const left = await upgrade(signed, { to: 'B-LTA', timestamp, authorities, ...options })
    return { said: 'accepted', left, cause: undefined }
  } catch (thrown) {
    const error = thrown as Error & {
      readonly code: string
      readonly details: Readonly<Record<string, string>>
      readonly signed: Bytes
    }
    const { reason, what } = error.details
    const said = [error.code, reason, what].filter((word) => word !== undefined).join(' ')
    return { said, left: error.signed, cause: error.cause }
  }
}

describe.each(Object.keys(OPENSSL) as Openssl[])('%s', (peer) => {
  test('has all its cells arranged, and no other', () => {
    const expected = failuresOf(peer).map(([failure]) => failure)
    expect(Object.keys(arrangements[peer]).sort()).toEqual([...expected].sort())
  })

  describe.each(Object.keys(FORMATS))('%s', (format) => {
    test.each(failuresOf(peer))('%s: %s', async (failure, expected) => {
      const { from = OPENSSL[peer], options = {} } = (await arrangements[peer][failure]!()) ?? {}
      const before = failing.signed.get(format)![from]
      const given = new Uint8Array(before)
      const { said, left, cause } = await build(given, options)
      expect(said).toBe(expected)
      expect(Buffer.compare(given, before)).toBe(0)
      if (expected === 'accepted') expect(left.length).toBeGreaterThan(before.length)
      else expect(Buffer.compare(left, before)).toBe(0)
      if (failure !== 'refused connection') return
      expect(cause).toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    })
  })
})

/** What is left of each format at each level, of which the others are copies to the byte. */
describe('what is left', () => {
  const files: SignedFile[] = []
  beforeAll(async () => {
    for (const [format, { 'B-B': plain, 'B-T': stamped }] of failing.signed) {
      // The stamp over the evidence fails, and B-LT is left.
      failing.replace('/tsa', (_request, response) => void response.writeHead(503).end())
      const { said, left } = await build(stamped, {})
      failing.restore()
      expect(said).toBe('TRUST_TIMESTAMP unreachable')
      const all = [plain, stamped, left].entries()
      for (const [index, bytes] of all) {
        const level = (['B-B', 'B-T', 'B-LT'] as const)[index]!
        files.push(writeLeft(folder, { format, level, bytes }))
      }
    }
  })

  const judges = presentReferees(SYSTEM_REFEREES)
  test('is of each format, at each level, for a referee', () => {
    expect(files).toHaveLength(Object.keys(FORMATS).length * 3)
    const unjudged = files.filter(({ kind }) => !judges.some(({ kinds }) => kinds.includes(kind)))
    expect(unjudged).toEqual([])
  })

  test.each(judges)('is whole for $name', async ({ kinds, judge }) => {
    const its = files.filter(({ kind }) => kinds.includes(kind))
    const verdicts = await judge(its, failing.authority.file('root.pem'))
    expect(verdicts.filter(({ accepted }) => !accepted)).toEqual([])
    expect(verdicts).toHaveLength(its.length)
  })
})
