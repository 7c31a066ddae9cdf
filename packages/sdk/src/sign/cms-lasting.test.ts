import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createPrivateKey } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { withOneList } from '../../../../test/helpers/openssl-authorities.ts'
import { type TestAuthority, createTestAuthority } from '../../../../test/helpers/pki.ts'
import { getAlgorithm, webCryptoParameters } from '../algorithms.ts'
import { idAaAtsHashIndexV3, idAaEtsArchiveTimestampV3 } from '../asn1/authority-oid.ts'
import { type Bytes, encodeUtf8 } from '../bytes.ts'
import { listIn } from '../cms/add-validation-data.ts'
import { type SignerInfoParts, parseAttributes, parseSignedData } from '../cms/parse.ts'
import type { SigningError } from '../errors.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { requestTimestamp } from '../trust/request-timestamp.ts'
import type { Authorities, Signer, TimestampSource } from '../types.ts'
import { type SignCmsOptions, signCms } from './cms.ts'
import { addSignature } from './cosign.ts'
import { upgrade } from './upgrade.ts'

const DATA = encodeUtf8('Quyết định')
let folder: string
let authority: TestAuthority
let signer: Signer
let timestamp: TimestampSource
let authorities: Authorities

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-lasting-'))
  authority = createTestAuthority(folder)
  const { certificate, keyFile } = authority.issue('P-256', 'signer')
  const der = createPrivateKey(readFileSync(keyFile)).export({ type: 'pkcs8', format: 'der' })
  const parameters = webCryptoParameters(getAlgorithm('ES256'))
  const pkcs8 = new Uint8Array(der)
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, parameters, false, ['sign'])
  signer = softwareSigner({ privateKey, certificate, chain: [authority.certificate] })
  timestamp = authority.openTimestamps()
  authorities = authority.openAuthorities()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sign = (level: SignCmsOptions['level'], change: Partial<SignCmsOptions> = {}) =>
  signCms(DATA, { signer, level, timestamp, authorities, ...change })
const failing = (signing: Promise<Bytes>): Promise<{ code: string; signed: Bytes }> =>
  signing.then(
    () => expect.fail('signed'),
    (error: { code: string; signed: Bytes }) => error,
  )
const valuesOf = ({ unsignedAttributes }: SignerInfoParts, oid: string) =>
  parseAttributes(unsignedAttributes)
    .filter((attribute) => attribute.oid === oid)
    .flatMap(({ values }) => values)

/** Version, how many certificates, how many answers, how many archive time stamps. */
function read(cms: Bytes): readonly number[] {
  const parts = parseSignedData(cms, 'signature')
  const stamps = valuesOf(parts.signerInfos[0]!, idAaEtsArchiveTimestampV3)
  for (const stamp of stamps) {
    const [tsa] = parseSignedData(stamp.bytes, 'time stamp').signerInfos
    expect(valuesOf(tsa!, idAaAtsHashIndexV3)).toHaveLength(1)
  }
  const version = parts.signedData.children[0]!.contents[0]!
  return [version, listIn(parts, 0).length, listIn(parts, 1).length, stamps.length]
}

describe('signCms above B-T', () => {
  it('puts in what proves the signer and his time stamp', async () => {
    expect(read(await sign('B-T'))).toEqual([1, 1, 0, 0])
    expect(read(await sign('B-LT'))).toEqual([5, 3, 2, 0])
  })

  it('stays at its version where lists alone are put in', async () => {
    const lists = { authorities: withOneList(authorities) }
    expect(read(await sign('B-LT', lists))).toEqual([1, 3, 1, 0])
  })

  it('stamps all of it, and renews that', async () => {
    const archived = await sign('B-LTA', { detached: false })
    expect(read(archived)).toEqual([5, 3, 2, 1])
    const renewed = await upgrade(archived, { to: 'B-LTA', timestamp, authorities })
    const [version, certificates, answers, stamps] = read(renewed)
    expect([version, certificates, stamps]).toEqual([5, 3, 2])
    expect(answers).toBeGreaterThan(2)
  })

  it('is of a Blob a Blob, with the content where it was, at each level', async () => {
    const blob = new Blob([DATA])
    const options = { signer, detached: false, timestamp, authorities } as const
    const lasting = await signCms(blob, { ...options, level: 'B-LTA' })
    const later = await upgrade(await signCms(blob, options), { ...options, to: 'B-LTA' })
    for (const signed of [lasting, later]) {
      const bytes = new Uint8Array(await signed.arrayBuffer())
      expect(read(bytes)).toEqual([5, 3, 2, 1])
      expect(parseSignedData(bytes, 'signature').content).toEqual(DATA)
      expect(signed.type).toBe('application/pkcs7-mime')
    }
    const gone = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch'))
    const failing = signCms(blob, { ...options, level: 'B-T', timestamp: gone })
    const { signed } = (await failing.catch((reason: unknown) => reason)) as { signed: Blob }
    expect(signed).toBeInstanceOf(Blob)
    const reached = parseSignedData(new Uint8Array(await signed.arrayBuffer()), 'signature')
    expect(reached.content).toEqual(DATA)
  })

  it('goes on from what was reached when somebody did not answer', async () => {
    const gone = vi.fn(() => Promise.reject(new TypeError('Failed to fetch')))
    const silent: Authorities = { ocsp: gone, crl: gone }
    const stamped = await failing(sign('B-LT', { authorities: silent, revocation: 'off' }))
    expect(stamped.code).toBe('TRUST_STATUS')
    expect(read(stamped.signed)).toEqual([1, 1, 0, 0])
    const options = { to: 'B-LTA', timestamp: gone, authorities } as const
    const proven = await failing(upgrade(stamped.signed, options))
    expect(proven.code).toBe('TRUST_TIMESTAMP')
    expect(read(proven.signed)).toEqual([5, 3, 2, 0])
    const done = await upgrade(proven.signed, { to: 'B-LTA', timestamp, authorities })
    expect(read(done)[3]).toBe(1)
  })

  it('keeps no archive stamp of somebody who was revoked', async () => {
    const proven = await sign('B-LT')
    const other = createTestAuthority(mkdtempSync(path.join(folder, 'other-')), 'Other CA')
    const stampers = other.openTimestamps()
    const imprint = { digest: 'SHA-256', value: new Uint8Array(32) } as const
    const { certificate } = await requestTimestamp(imprint, { sources: [stampers] })
    const everybody = [authorities, other.openAuthorities()]
    const options = { to: 'B-LTA', timestamp: stampers, authorities: everybody } as const
    expect(read(await upgrade(proven, options))[3]).toBe(1)
    other.revoke({ certificate: certificate.certificateDer })
    const error = await failing(upgrade(proven, options))
    expect(error).toMatchObject({ code: 'TRUST_REVOKED', details: { of: 'timestamp' } })
    expect(read(error.signed)[3]).toBe(0)
  })

  it('asks but once about who stamps the signatures of several', async () => {
    const other = createTestAuthority(mkdtempSync(path.join(folder, 'stampers-')), 'Stampers')
    const { ocsp, ...others } = other.openAuthorities()
    const asked = vi.fn(ocsp!)
    const one = await sign('B-LT', { detached: false })
    const two = await addSignature(one, { signer, level: 'B-LT', timestamp, authorities })
    const lasting = await upgrade(two, {
      ...{ to: 'B-LTA', timestamp: other.openTimestamps() },
      authorities: [authorities, { ...others, ocsp: asked }],
    })
    const { signerInfos } = parseSignedData(lasting, 'signature')
    expect(signerInfos.map((one) => valuesOf(one, idAaEtsArchiveTimestampV3).length)).toEqual([
      1, 1,
    ])
    const subjects = asked.mock.calls.map(([certificate]) =>
      Buffer.from(certificate).toString('hex'),
    )
    expect(subjects.length).toBe(new Set(subjects).size)
    expect(subjects.length).toBeGreaterThan(0)
  })

  it.each([
    ['B-LT', undefined],
    ['B-B', 'required'],
    ['B-B', 'if-available'],
  ] as const)('asks no key of who is revoked: %s, %s', async (level, revocation) => {
    const other = authority.issue('P-256', `revoked-${level}-${revocation}`)
    authority.revoke(other)
    const key = vi.fn()
    const revoked = { ...signer, certificate: other.certificate, sign: key }
    const error = await failing(sign(level, { signer: revoked, revocation }))
    expect(error.code).toBe('TRUST_REVOKED')
    expect(key).not.toHaveBeenCalled()
  })

  it.each([
    ['required', 'TRUST_STATUS'],
    ['if-available', undefined],
  ] as const)('waits for who says nothing as long as it may: %s', async (revocation, code) => {
    const heard: AbortSignal[] = []
    const silent: Authorities = {
      ocsp: (_certificate, _request, { signal }) => waitFor(signal),
      crl: (_certificate, { signal }) => waitFor(signal),
    }
    const waitFor = (signal: AbortSignal): Promise<never> => {
      heard.push(signal)
      return new Promise(() => {})
    }
    const signing = sign('B-B', { authorities: silent, authoritiesTimeoutMs: 20, revocation })
    const failed = await signing.then(
      () => ({}),
      ({ code, details }: SigningError) => ({ code, ...details }),
    )
    expect(failed).toEqual(code === undefined ? {} : { code, reason: 'late', of: 'signer' })
    expect(heard.map(({ aborted }) => aborted)).toEqual([true, true])
  })

  it.each<[string, Partial<Record<keyof SignCmsOptions, unknown>>]>([
    ['authorities', { authorities: undefined }],
    ['authorities', { authorities: [] }],
    ['authorities', { authorities: {} }],
    ['authorities', { authorities: 'https://ca.example' }],
    ['authorities', { authorities: { ocsp: 'https://ocsp.example' } }],
    ['authoritiesTimeoutMs', { authoritiesTimeoutMs: 0 }],
    ['authoritiesTimeoutMs', { authoritiesTimeoutMs: '5s' }],
    ['revocation', { revocation: 'sometimes' }],
  ])('asks nobody where %s is wrong: %o', async (argument, change) => {
    const key = vi.fn()
    const wrong = { signer: { ...signer, sign: key }, ...change } as Partial<SignCmsOptions>
    await expect(sign('B-LT', wrong)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument },
    })
    expect(key).not.toHaveBeenCalled()
  })
})
