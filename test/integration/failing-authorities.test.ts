/**
 * Authorities on loopback, failing in ways that are finer than those of `failure-table.test.ts`, for each format: a code that
 * says so, and of the document what was there before, to the byte. Good answers are openssl's; what its programs do not do
 * wrong is written by hand, with the same keys.
 *
 * ```
 * B-B ─ who stamps fails ─► TRUST_TIMESTAMP, and B-B        B-T ─ who answers for certificates fails ─► TRUST_STATUS, and B-T
 * ```
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { httpAuthorities } from '@trien/sdk/http'
import type { Bytes } from '@trien/sdk/types'
import { type UpgradeOptions, upgrade } from '@trien/sdk/upgrade'
import { listIn } from '../../packages/sdk/src/cms/add-validation-data.ts'
import { parseSignedData } from '../../packages/sdk/src/cms/parse.ts'
import { openDocument } from '../../packages/sdk/src/pades/open.ts'
import { readStoredData } from '../../packages/sdk/src/pades/security-store.ts'
import type { CrlWish } from '../helpers/crl-maker.ts'
import {
  FORMATS,
  type FailingAuthorities,
  ON_THE_WAY,
  TOO_MUCH,
  openFailingAuthorities,
} from '../helpers/failing-authorities.ts'
import { type OcspWish, makeOcspAnswer } from '../helpers/ocsp-answer.ts'
import { type TimestampWish, createTimestampAuthority } from '../helpers/timestamp-authority.ts'

let failing: FailingAuthorities
beforeAll(async () => {
  failing = await openFailingAuthorities()
})
afterAll(() => failing.close())
afterEach(() => failing.restore())

const TIMESTAMPS: readonly (readonly [string, string, TimestampWish])[] = [
  ['by who has no purpose', 'invalid usage', { usage: [] }],
  ['without its certificate', 'invalid signer', { hasCertificate: false }],
  ['with another signature', 'invalid signature', { spoil: 'signature' }],
  ['that is refused', 'refused timeNotAvailable', { status: [2, 14] }],
  // Before the signer's certificate began, by a clock that is behind.
  ['of last summer', 'invalid time', { time: '20260701000000Z' }],
]

const hour = 3600
const ANSWERS: readonly (readonly [string, string, string, OcspWish])[] = [
  ['unknown', 'unknown', 'issuing', { status: 'unknown' }],
  ['by another authority’s responder', 'invalid responder', 'another authority’s', {}],
  ['by SHA-1', 'invalid signature', 'issuing', { hash: 'SHA-1' }],
  ['of tomorrow', 'invalid time', 'issuing', { thisUpdate: 24 * hour, nextUpdate: 25 * hour }],
  [
    'of yesterday without an end',
    'invalid time',
    'issuing',
    { thisUpdate: -25 * hour, nextUpdate: null },
  ],
  ['that nobody understands', 'invalid extension', 'issuing', { extension: 'single' }],
]
const REFUSALS = [
  ['tryLater', 3],
  ['sigRequired', 5],
  ['unauthorized', 6],
] as const

const LISTS: readonly (readonly [string, string, CrlWish])[] = [
  ['that has ended', 'invalid time', { from: -3 * hour, to: -hour }],
  ['of tomorrow', 'invalid time', { from: 24 * hour, to: 25 * hour }],
  ['of authorities, for a person', 'invalid scope', idp('onlyCA:TRUE')],
  ['of attribute certificates', 'invalid scope', idp('onlyAA:TRUE')],
  ['for some reasons', 'invalid scope', idp('onlysomereasons:keyCompromise')],
  ['of others too', 'invalid scope', idp('indirectCRL:TRUE')],
  ['of another place', 'invalid scope', idp('fullname:URI:http://ca.example/other.crl')],
  ['that is a part', 'invalid extension', { extensions: ['2.5.29.27=critical,ASN1:INTEGER:1'] }],
  [
    'that is a part and says so quietly',
    'invalid extension',
    { extensions: ['2.5.29.27=ASN1:INTEGER:1'] },
  ],
  ['that nobody understands', 'invalid extension', { extensions: ['1.2.3.4=critical,ASN1:NULL'] }],
]

function idp(line: string): CrlWish {
  return { extensions: [`issuingDistributionPoint=critical,${line}`] }
}

describe.each(Object.keys(FORMATS))('%s', (format) => {
  /** Builds on it, and makes sure that nothing was half-written. @returns the code and why */
  async function fail(from: 'B-B' | 'B-T', options: UpgradeOptions): Promise<string> {
    const before = failing.signed.get(format)![from]
    const given = new Uint8Array(before)
    const error = (await upgrade(given, options).catch((reason: unknown) => reason)) as {
      readonly code: string
      readonly details: Readonly<Record<string, string>>
      readonly signed: Bytes
    }
    expect(Buffer.compare(given, before)).toBe(0)
    expect(Buffer.compare(error.signed, before)).toBe(0)
    const { reason, what } = error.details
    return [error.code, reason, what].filter((word) => word !== undefined).join(' ')
  }
  const failStamp = () =>
    fail('B-B', { to: 'B-LTA', timestamp: failing.tsa(), authorities: httpAuthorities() })
  const failStatus = () =>
    fail('B-T', { to: 'B-LTA', timestamp: failing.tsa(), authorities: httpAuthorities() })

  test.each(TIMESTAMPS)('a time stamp %s: %s', async (_, why, wish) => {
    const wrong = await createTimestampAuthority(wish)
    failing.answerWith('/tsa', (body) => wrong(body, { signal: new AbortController().signal }))
    expect(await failStamp()).toBe(`TRUST_TIMESTAMP ${why}`)
  })

  test.each([...ON_THE_WAY, ...TOO_MUCH])('a time stamp that is %s: %s', async (_, why, answer) => {
    failing.replace('/tsa', (_request, response) => answer(response))
    expect(await failStamp()).toBe(`TRUST_TIMESTAMP ${why}`)
  })

  test.each(ANSWERS)('an OCSP answer %s: %s', async (_, why, who, wish) => {
    failing.silence('/issuing.crl')
    failing.answerWith('/ocsp', (body) => makeOcspAnswer(body, failing.responders[who]!, wish))
    expect(await failStatus()).toBe(`TRUST_STATUS ${why}`)
  })

  test.each([...ON_THE_WAY, ...TOO_MUCH])(
    'an OCSP answer that is %s: %s',
    async (_, why, answer) => {
      failing.silence('/issuing.crl')
      failing.replace('/ocsp', (_request, response) => answer(response))
      expect(await failStatus()).toBe(`TRUST_STATUS ${why}`)
    },
  )

  test.each(REFUSALS)('an OCSP answer that is %s', async (what, status) => {
    failing.silence('/issuing.crl')
    failing.answerWith('/ocsp', () => Uint8Array.of(0x30, 3, 0x0a, 1, status))
    expect(await failStatus()).toBe(`TRUST_STATUS invalid ${what}`)
  })

  test('an OCSP answer of another certificate and to another question', async () => {
    failing.silence('/issuing.crl')
    const other = failing.authority.ocspRequest('colleague', { nonce: true })
    failing.answerWith('/ocsp', () => failing.authority.ocspAnswer(other))
    expect(await failStatus()).toBe('TRUST_STATUS invalid nonce')
  })

  test.each(LISTS)('a list %s: %s', async (_, why, wish) => {
    failing.silence('/ocsp')
    const list = failing.makeCrl(wish)
    failing.answerWith('/issuing.crl', () => list)
    expect(await failStatus()).toBe(`TRUST_STATUS ${why}`)
  })

  test.each(ON_THE_WAY)('a list that is %s: %s', async (_, why, answer) => {
    failing.silence('/ocsp')
    failing.replace('/issuing.crl', (_request, response) => answer(response))
    expect(await failStatus()).toBe(`TRUST_STATUS ${why}`)
  })

  test('of another authority', async () => {
    failing.silence('/ocsp')
    const root = failing.makeRootCrl()
    failing.answerWith('/issuing.crl', () => root)
    expect(await failStatus()).toBe('TRUST_STATUS invalid issuer')
  })

  test('of users, for an authority', async () => {
    const users = failing.makeRootCrl(idp('onlyuser:TRUE'))
    failing.answerWith('/root.crl', () => users)
    expect(await failStatus()).toBe('TRUST_STATUS invalid scope')
  })

  test('whoever was revoked, by who answers for the issuer', async () => {
    const status = new Date('2026-11-01T00:00:00Z')
    failing.answerWith('/ocsp', (body) =>
      makeOcspAnswer(body, failing.responders['deputy']!, { status }),
    )
    expect(await failStatus()).toBe('TRUST_REVOKED unspecified')
  })

  test('an issuer that nobody brings', async () => {
    failing.silence('/root.crl')
    expect(await failStatus()).toBe('TRUST_STATUS unreachable')
  })

  test('all of them in order again, and B-LTA is reached from what was left', async () => {
    const before = failing.signed.get(format)!['B-T']
    const options = {
      to: 'B-LTA',
      timestamp: failing.tsa(),
      authorities: httpAuthorities(),
    } as const
    const lasting = await upgrade(new Uint8Array(before), options)
    expect(lasting.length).toBeGreaterThan(before.length)
  })
})

describe('a list of 100,000', () => {
  test.each(['CMS', 'PDF'])('is embedded whole in %s', async (format) => {
    failing.silence('/ocsp')
    const revoked = Array.from({ length: 100_000 }, (_, at) => (0xabc0000 + at).toString(16))
    const list = failing.makeCrl({ revoked: revoked.map((serial) => `0${serial}`.toUpperCase()) })
    failing.answerWith('/issuing.crl', () => list)
    const options = {
      to: 'B-LT',
      timestamp: failing.tsa(),
      authorities: httpAuthorities(),
    } as const
    const lasting = await upgrade(failing.signed.get(format)!['B-T'], options)
    expect(list.length).toBeGreaterThan(3_000_000)
    const whole = Buffer.from(list)
    const crls = format === 'CMS' ? crlsInCms(lasting) : await crlsInPdf(lasting)
    expect(crls.filter((crl) => whole.equals(crl))).toHaveLength(1)
  })
})

const crlsInCms = (cms: Bytes): readonly Uint8Array[] =>
  listIn(parseSignedData(cms, 'signature'), 1)

async function crlsInPdf(pdf: Bytes): Promise<readonly Uint8Array[]> {
  return (await readStoredData(await openDocument(pdf, undefined))).crls
}
