/**
 * The table of failures, the columns of certomancer: its time stamps, its OCSP, its lists and its issuers over HTTP. The
 * error is the one of the table, and what is left is what was there before, to the byte, which DSS accepts.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Level } from '@trien/sdk/cms'
import type { HttpOptions } from '@trien/sdk/http'
import type { Bytes, Signer } from '@trien/sdk/types'
import { type UpgradeOptions, upgrade } from '@trien/sdk/upgrade'
import {
  type CertomancerDesk,
  FORMATS,
  NO_LIST,
  NO_OCSP,
  at,
  openCertomancerDesk,
} from '../helpers/certomancer-desk.ts'
import { CERTOMANCER } from '../helpers/certomancer.ts'
import {
  type CertomancerPeer,
  type Failing,
  failCertomancer,
} from '../helpers/failing-peers/certomancer.ts'
import { failuresOf } from '../helpers/failure-table.ts'
import { ALL_REFEREES, type SignedFile, presentReferees } from '../helpers/referees/index.ts'
import { hasTools } from '../helpers/tools.ts'

const NAMES: readonly CertomancerPeer[] = [
  'certomancer ts',
  'certomancer ocsp',
  'certomancer lists',
]
const formats = Object.keys(FORMATS)
const isReady = hasTools(CERTOMANCER)
const dss = presentReferees(ALL_REFEREES).find(({ name }) => name === 'dss')
let desk: CertomancerDesk
let columns: ReturnType<typeof failCertomancer>

beforeAll(async () => {
  if (!isReady) return
  desk = await openCertomancerDesk()
  columns = failCertomancer(desk)
})
afterAll(() => desk?.close())

/** Finer ways, which the table of failures does not tell apart: each with its error. */
const FINER: readonly (readonly [string, () => Partial<UpgradeOptions>, string])[] = [
  [
    'a stamp from before the certificate began',
    () => stampedBy('tsa/good', at('2024-06-01T00:00:00Z')),
    'TRUST_TIMESTAMP invalid time',
  ],
  [
    'a stamp from after its end',
    () => stampedBy('tsa/good', at('2046-06-01T00:00:00Z')),
    'TRUST_TIMESTAMP expired',
  ],
  [
    'who answers for another issuer',
    () => answeredBy('ocsp/of-another'),
    'TRUST_STATUS invalid unauthorized',
  ],
  ['who refuses', () => answeredBy('plugin/wrong-ocsp/refusal'), 'TRUST_STATUS invalid tryLater'],
  [
    'an answer that has not begun',
    () => ({ authorities: desk.authorities({}, at('2040-06-01T00:00:00Z')) }),
    'TRUST_STATUS invalid time',
  ],
  [
    'a list that has not begun',
    () => listedBy('crls/issuing/archive-9999.crl'),
    'TRUST_STATUS invalid time',
  ],
  ['a certificate for a list', () => listedBy('certs/issuing/ca.crt'), 'TRUST_STATUS invalid der'],
  [
    'an issuer who cannot be had',
    () => ({ authorities: desk.asking({ 'certs/root': 'certs/nobody' }) }),
    'TRUST_STATUS no-issuer',
  ],
]

function stampedBy(service: string, clock: HttpOptions): Partial<UpgradeOptions> {
  return { timestamp: desk.tsa(service, clock) }
}
function answeredBy(service: string): Partial<UpgradeOptions> {
  return { authorities: desk.authorities({ ...NO_LIST, 'ocsp/good': service }) }
}
function listedBy(file: string): Partial<UpgradeOptions> {
  return { authorities: desk.authorities({ ...NO_OCSP, 'crls/issuing/latest.crl': file }) }
}

/** What failures build on and leave as it was: of each format, each by its name. */
const before = new Map<string, Bytes>()
const keyOf = (format: string, from: string): string => `${format} ${from}`

describe.runIf(isReady)('what is built on', () => {
  beforeAll(async () => {
    const brought = await desk.signerOf('signer', 'issuing')
    const revoked = await desk.signerOf('signer-revoked', 'issuing')
    for (const [format, sign] of Object.entries(FORMATS)) {
      const make = async (name: string, who: Signer, service?: string): Promise<void> => {
        const stamped = { level: 'B-T', timestamp: desk.tsa(service) } as const
        const how = name === 'B-B' ? {} : stamped
        before.set(keyOf(format, name), await sign({ signer: who, ...how }))
      }
      await make('B-B', brought)
      await make('B-T', brought)
      await make('B-T by who was revoked', revoked)
      await make('B-T stamped by who was revoked', brought, 'tsa/revoked')
    }
  })

  test.runIf(dss)('is whole, at its level, for DSS', async () => {
    const files: SignedFile[] = []
    for (const [key, bytes] of before) {
      if (key.endsWith('revoked')) continue
      const [format, level] = key.split(' ') as [string, Level]
      files.push(desk.write(format, 'before', level, bytes))
    }
    const verdicts = await dss!.judge(files, desk.caFile)
    expect(verdicts.filter(({ accepted }) => !accepted)).toEqual([])
    expect(verdicts).toHaveLength(formats.length * 2)
  })

  /** Builds on it, and makes sure that nothing was half-written. @returns the code and why */
  async function fail(format: string, usual: 'B-B' | 'B-T', failing: Failing): Promise<string> {
    const { from = usual, options, isSilent } = failing
    const signed = before.get(keyOf(format, from))!
    const how = {
      to: 'B-LTA',
      timestamp: desk.tsa(),
      authorities: desk.authorities(NO_LIST),
    } as const
    const build = () => upgrade(new Uint8Array(signed), { ...how, ...options })
    try {
      const lasting = await (isSilent ? desk.peer.whileSilent(build) : build())
      expect(lasting.length).toBeGreaterThan(signed.length)
      return 'accepted'
    } catch (thrown) {
      const error = thrown as Error & {
        readonly code: string
        readonly details: Readonly<Record<string, string>>
        readonly signed: Bytes
      }
      expect(Buffer.compare(error.signed, signed)).toBe(0)
      const { reason, what } = error.details
      return [error.code, reason, what].filter((word) => word !== undefined).join(' ')
    }
  }

  describe.each(NAMES)('%s', (name) => {
    test('has all its cells arranged, and no other', () => {
      const expected = failuresOf(name).map(([failure]) => failure)
      expect(Object.keys(columns[name][1]).sort()).toEqual([...expected].sort())
    })

    describe.each(formats)('%s', (format) => {
      test.each(failuresOf(name))('%s: %s', async (failure, expected) => {
        const [usual, failings] = columns[name]
        expect(await fail(format, usual, failings[failure]!())).toBe(expected)
      })
    })
  })

  describe.each(formats)('%s', (format) => {
    test.each(FINER)('%s', async (_, failing, expected) => {
      const options = failing()
      const from = options.timestamp === undefined ? 'B-T' : 'B-B'
      expect(await fail(format, from, { options })).toBe(expected)
    })
  })
})
