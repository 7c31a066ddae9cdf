import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type TestAuthority, createTestAuthority } from '../../../../test/helpers/pki.ts'
import { softwareSignerOf } from '../../../../test/helpers/software-signer.ts'
import { idAaEtsArchiveTimestampV3, idAaTimeStampToken } from '../asn1/authority-oid.ts'
import { type Bytes, encodeUtf8, equalBytes } from '../bytes.ts'
import { idCountersignature } from '../asn1/signature-oid.ts'
import { replaceSigners, replaceUnsigned } from '../cms/add-attribute.ts'
import { withCounterSigners } from '../cms/counter-signers.ts'
import { listIn } from '../cms/add-validation-data.ts'
import { type SignerInfoParts, parseAttributes, parseSignedData } from '../cms/parse.ts'
import { encodeAttribute } from '../cms/signed-attributes.ts'
import { requestTimestamp } from '../trust/request-timestamp.ts'
import type { Authorities, Signer, TimestampSource } from '../types.ts'
import { signCms } from './cms.ts'
import { type CounterSignOptions, addSignature, counterSign } from './cosign.ts'
import { collectEvidence, createRungs } from './upgrade-cms.ts'
import { upgrade } from './upgrade.ts'

const DATA = encodeUtf8('Tờ trình')
let folder: string
let authority: TestAuthority
let first: Signer
let second: Signer
let timestamp: TimestampSource
let authorities: Authorities

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-counter-'))
  authority = createTestAuthority(folder)
  first = await issue('first')
  second = await issue('second')
  timestamp = authority.openTimestamps()
  authorities = authority.openAuthorities()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const issue = (name: string): Promise<Signer> =>
  softwareSignerOf(authority.issue('P-256', name), 'ES256', authority)
const counterSigned = (level?: CounterSignOptions['level'], change: object = {}) =>
  signCms(DATA, { signer: first }).then((cms) =>
    counterSign(cms, { signer: second, level, timestamp, authorities, ...change }),
  )
const read = (cms: Bytes) => parseSignedData(cms, 'signature')
const countOf = ({ unsignedAttributes }: SignerInfoParts, oid: string): number =>
  parseAttributes(unsignedAttributes).filter((attribute) => attribute.oid === oid).length
/** Of the signer and of who confirms him: how many time stamps, how many archive time stamps. */
const stampsOf = (cms: Bytes) =>
  withCounterSigners(read(cms).signerInfos).map((signer) => [
    countOf(signer, idAaTimeStampToken),
    countOf(signer, idAaEtsArchiveTimestampV3),
  ])
const certificatesOf = (cms: Bytes): number => listIn(read(cms), 0).length
const answersOf = (cms: Bytes): number => listIn(read(cms), 1).length

describe('a counter-signature', () => {
  it.each([
    [
      'B-T',
      [
        [0, 0],
        [1, 0],
      ],
      2,
      0,
    ],
    [
      'B-LT',
      [
        [1, 0],
        [1, 0],
      ],
      4,
      3,
    ],
    [
      'B-LTA',
      [
        [1, 1],
        [1, 0],
      ],
      4,
      3,
    ],
  ] as const)('at %s', async (level, stamps, certificates, answers) => {
    const signed = await counterSigned(level)
    expect(stampsOf(signed)).toEqual(stamps)
    expect([certificatesOf(signed), answersOf(signed)]).toEqual([certificates, answers])
  })

  it('made at B-B gets all of it from `upgrade`', async () => {
    const signed = await upgrade(await counterSigned(), { to: 'B-LTA', timestamp, authorities })
    expect(stampsOf(signed)).toEqual([
      [1, 1],
      [1, 0],
    ])
    expect([certificatesOf(signed), answersOf(signed)]).toEqual([4, 3])
  })

  it('that an archive time stamp is over stays as it is; one made later is stamped', async () => {
    const one = await signCms(DATA, { signer: first, level: 'B-T', timestamp })
    // Without a stamp of its own inside of an archived signature, as others may make it.
    const both = await counterSign(one, { signer: second })
    const ask = vi.fn(timestamp)
    const archived = await archiveAsIs(both)
    const three = await counterSign(archived, { signer: first })
    const signed = await upgrade(three, { to: 'B-T', timestamp: ask })
    expect(ask).toHaveBeenCalledOnce()
    const [, ...counters] = withCounterSigners(read(signed).signerInfos)
    expect(counters.map((one) => countOf(one, idAaTimeStampToken)).toSorted()).toEqual([0, 1])
    const [old] = withCounterSigners(read(both).signerInfos).slice(1)
    const isKept = counters.some(({ signerInfo }) =>
      equalBytes(signerInfo.bytes, old!.signerInfo.bytes),
    )
    expect(isKept).toBe(true)
  })

  it('is not made by who is revoked, nor by who may be', async () => {
    const key = vi.fn()
    const other = authority.issue('P-256', 'revoked')
    authority.revoke(other)
    const revoked = { ...second, certificate: other.certificate, sign: key }
    for (const level of ['B-LT', 'B-T'] as const) {
      await expect(counterSigned(level, { signer: revoked })).rejects.toMatchObject({
        code: 'TRUST_REVOKED',
        details: { of: 'signer' },
      })
    }
    expect(key).not.toHaveBeenCalled()
  })

  it('of somebody who was revoked meanwhile cannot be proven', async () => {
    const gone = await issue('gone')
    const cms = await counterSign(await signCms(DATA, { signer: first }), { signer: gone })
    authority.revoke({ certificate: new Uint8Array(gone.certificate) })
    const error = (await upgrade(cms, { to: 'B-LT', timestamp, authorities }).catch(
      (reason: unknown) => reason,
    )) as { code: string; signed: Bytes }
    expect(error.code).toBe('TRUST_REVOKED')
    // At B-T, and nothing of the next rung.
    expect(stampsOf(error.signed)).toEqual([
      [1, 0],
      [1, 0],
    ])
    expect(answersOf(error.signed)).toBe(0)
  })

  it('is kept as far as it was built, of a Blob as a Blob', async () => {
    const silent = { ...authorities, ocsp: gone, crl: gone }
    const type = 'application/pkcs7-signature'
    const cms = new Blob([await signCms(DATA, { signer: first })], { type })
    const level = 'B-LT'
    const options = {
      signer: second,
      timestamp,
      authorities: silent,
      level,
      revocation: 'off',
    } as const
    const makings = [
      () => counterSign(cms, options),
      () => addSignature(cms, { ...options, data: DATA }),
    ]
    for (const make of makings) {
      const error = (await make().catch((reason: unknown) => reason)) as {
        code: string
        signed: Blob
      }
      expect([error.code, error.signed.type]).toEqual(['TRUST_STATUS', type])
      const reached = new Uint8Array(await error.signed.arrayBuffer())
      expect(stampsOf(reached)).toEqual([
        [1, 0],
        [1, 0],
      ])
    }
  })

  it('proves its time by a stamp of its own signature alone', async () => {
    const [one, other] = await Promise.all([counterSigned('B-T'), counterSigned('B-T')])
    const { signers } = await collectEvidence(read(one))
    expect(signers.map(({ provenAt }) => provenAt instanceof Date)).toEqual([false, true])
    const swapped = read(swapStamps(one, other))
    const evidence = await collectEvidence(swapped)
    expect(evidence.signers.map(({ provenAt }) => provenAt)).toEqual([undefined, undefined])
  })
})

const gone = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch'))

/** Archives without stamping first. */
function archiveAsIs(cms: Bytes): Promise<Bytes> {
  return createRungs().archive(cms, (imprint) =>
    requestTimestamp(imprint, { sources: [timestamp] }),
  )
}

/** Puts the time stamp of one file's counter-signature on that of another. */
function swapStamps(cms: Bytes, other: Bytes): Bytes {
  const [parent, counter] = withCounterSigners(read(cms).signerInfos)
  const [, stamped] = withCounterSigners(read(other).signerInfos)
  const stamps = stamped!.unsignedAttributes!.children.map(({ bytes }) => bytes)
  const swapped = encodeAttribute(idCountersignature, replaceUnsigned(counter!, stamps))
  return replaceSigners(read(cms), [replaceUnsigned(parent!, [swapped])])
}
