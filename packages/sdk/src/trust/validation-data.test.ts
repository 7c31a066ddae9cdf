import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type IssuedKey,
  type TestAuthority,
  createTestAuthority,
} from '../../../../test/helpers/pki.ts'
import type { Authorities } from '../types.ts'
import { checkIdentity } from './check-identity.ts'
import { collectValidationData } from './validation-data.ts'
import { requestTimestamp } from './request-timestamp.ts'

let folder: string
let authority: TestAuthority
let authorities: Authorities
let signer: IssuedKey
let revoked: IssuedKey

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-trust-'))
  authority = createTestAuthority(folder)
  authorities = authority.openAuthorities()
  signer = authority.issue('P-256', 'good')
  revoked = authority.issue('P-256', 'revoked')
  authority.revoke(revoked, { since: new Date('2026-11-01T00:00:00Z'), reason: 'superseded' })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const evidence = ({ certificate }: IssuedKey, provenAt?: Date) => ({
  signers: [{ certificate, pool: [], provenAt }],
  tokens: [],
  pool: [],
})
const collect = (key: IssuedKey, ...from: readonly Authorities[]) =>
  collectValidationData(evidence(key), { authorities: from })
const failure = (code: string, details: object): unknown =>
  expect.objectContaining({ code, details: expect.objectContaining(details) })

describe('validation data', () => {
  it('are the way up and the issuer’s word', async () => {
    const data = await collect(signer, authorities)
    expect(data.certificates).toEqual([signer.certificate, authority.certificate])
    expect(data.ocspResponses).toHaveLength(1)
    expect(data.crls).toEqual([])
  })

  it('are those of a responder that the issuer certified', async () => {
    const data = await collect(signer, authority.openAuthorities({ hasDeputy: true }))
    expect(data.ocspResponses).toHaveLength(1)
  })

  it('are the list where nobody answers for one', async () => {
    const { crl, issuers } = authorities
    const data = await collect(signer, { crl: crl!, issuers: issuers! })
    expect(data.ocspResponses).toEqual([])
    expect(data.crls).toHaveLength(1)
  })

  it('hold those of time stamps, and nothing twice', async () => {
    const source = authority.openTimestamps()
    const value = new Uint8Array(32)
    const { tokenDer } = await requestTimestamp({ digest: 'SHA-256', value }, { sources: [source] })
    const both = { ...evidence(signer), tokens: [tokenDer, tokenDer] }
    const data = await collectValidationData(both, { authorities: [authorities] })
    expect(data.certificates).toHaveLength(3)
    expect(data.ocspResponses).toHaveLength(2)
  })

  it.each([
    ['OCSP', (all: Authorities) => all],
    ['its list', ({ crl, issuers }: Authorities) => ({ crl: crl!, issuers: issuers! })],
  ])('are refused of who is revoked, by %s', async (_, choose) => {
    await expect(collect(revoked, choose(authorities))).rejects.toThrowError(
      failure('TRUST_REVOKED', {
        ...{ reason: 'superseded', since: '2026-11-01T00:00:00.000Z', of: 'signer' },
      }),
    )
  })

  it('are those of a signature that was proven before', async () => {
    const options = { authorities: [authorities] }
    const before = evidence(revoked, new Date('2026-10-31'))
    await expect(collectValidationData(before, options)).resolves.toBeDefined()
    const after = evidence(revoked, new Date('2026-11-02'))
    await expect(collectValidationData(after, options)).rejects.toThrowError(
      failure('TRUST_REVOKED', {}),
    )
  })

  it('come from the first who answers as it must', async () => {
    const gone = vi.fn(() => Promise.reject(new TypeError('Failed to fetch')))
    const silent: Authorities = { ocsp: gone, crl: gone, issuers: gone }
    const data = await collect(signer, silent, authorities)
    expect(data.ocspResponses).toHaveLength(1)
    expect(gone).toHaveBeenCalledTimes(2)
  })

  it('do not stop in the middle', async () => {
    await expect(collect(signer, { ocsp: authorities.ocsp! })).rejects.toThrowError(
      failure('TRUST_STATUS', { reason: 'no-issuer', of: 'signer' }),
    )
  })
})

describe('who wants to sign', () => {
  const check = (key: IssuedKey, isRequired: boolean, from: Authorities, now = new Date()) =>
    checkIdentity(
      { certificate: key.certificate, chain: [authority.certificate] },
      { isRequired, authorities: [from], now },
    )
  const gone: Authorities = { ocsp: () => Promise.reject(new TypeError('Failed to fetch')) }

  it('may, or may not', async () => {
    await expect(check(signer, true, authorities)).resolves.toBeUndefined()
    for (const isRequired of [true, false]) {
      await expect(check(revoked, isRequired, authorities)).rejects.toThrowError(
        failure('TRUST_REVOKED', { of: 'signer' }),
      )
    }
  })

  it('may where nobody answers, unless somebody must', async () => {
    await expect(check(signer, false, gone)).resolves.toBeUndefined()
    await expect(check(signer, true, gone)).rejects.toThrowError(
      failure('TRUST_STATUS', { reason: 'unreachable', of: 'signer' }),
    )
  })

  it.each([
    ['expired', '2090-01-01'],
    ['early', '2020-01-01'],
  ])('may not where the certificate is %s', async (reason, now) => {
    await expect(check(signer, false, gone, new Date(now))).rejects.toThrowError(
      failure('TRUST_VALIDITY', { reason, of: 'signer' }),
    )
  })
})
