import { beforeAll, describe, expect, it, vi } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { idAaTimeStampToken } from '../asn1/authority-oid.ts'
import { type Bytes, encodeUtf8, equalBytes } from '../bytes.ts'
import { findValue, parseAttributes, parseSignedData } from '../cms/parse.ts'
import { digestBytes } from '../digest.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { type RequestToken, requestTimestamp } from '../trust/request-timestamp.ts'
import { isStampOf, readTimestamp } from '../trust/timestamp-token.ts'
import type { Signer, TimestampSource } from '../types.ts'
import { type SignCmsOptions, signCms } from './cms.ts'
import { stampCms } from './stamp-cms.ts'

const DATA = encodeUtf8('Quyết định')
let signer: Signer
let timestamp: TimestampSource

beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
  timestamp = await createTimestampAuthority()
})

const askOf =
  (...sources: readonly TimestampSource[]): RequestToken =>
  (imprint) =>
    requestTimestamp(imprint, { sources })

async function stampsOf(signed: Bytes): Promise<boolean[]> {
  const { signerInfos } = parseSignedData(signed, 'signature')
  return Promise.all(
    signerInfos.map(async ({ signature, unsignedAttributes }) => {
      const token = findValue(parseAttributes(unsignedAttributes), idAaTimeStampToken)!
      const value = await digestBytes('SHA-256', signature)
      return isStampOf(await readTimestamp(token.bytes), { digest: 'SHA-256', value })
    }),
  )
}

describe('signCms at B-T', () => {
  it.each([true, false])('stamps the signature value (detached: %s)', async (detached) => {
    const signed = await signCms(DATA, { signer, level: 'B-T', timestamp, detached })
    expect(await stampsOf(signed)).toEqual([true])
  })

  it('is B-B but for the stamp', async () => {
    const plain = await signCms(DATA, { signer })
    const stamped = parseSignedData(await stampCms(plain, askOf(timestamp)), 'signature')
    const [before, after] = [parseSignedData(plain, 'signature'), stamped]
    const parts = (of: typeof before) => of.signerInfos[0]!.signerInfo.children
    expect(
      parts(after)
        .slice(0, -1)
        .map(({ bytes }) => bytes),
    ).toEqual(parts(before).map(({ bytes }) => bytes))
    expect(after.certificates).toEqual(before.certificates)
  })

  it('leaves a stamp that is there as it is, and asks nobody', async () => {
    const signed = await signCms(DATA, { signer, level: 'B-T', timestamp })
    const source = vi.fn(timestamp)
    expect(equalBytes(await stampCms(signed, askOf(source)), signed)).toBe(true)
    expect(source).not.toHaveBeenCalled()
  })

  it('keeps the signature that was made where nobody stamps it', async () => {
    const gone: TimestampSource = () => Promise.reject(new TypeError('Failed to fetch'))
    const error: unknown = await signCms(DATA, { signer, level: 'B-T', timestamp: gone }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'TRUST_TIMESTAMP', details: { reason: 'unreachable' } })
    const { signed } = error as { signed: Bytes }
    expect(await stampsOf(await stampCms(signed, askOf(timestamp)))).toEqual([true])
  })

  it('keeps it too where the portal’s own callback throws, or the person has waited long enough', async () => {
    const controller = new AbortController()
    const waiting: TimestampSource = () => {
      controller.abort()
      return new Promise(() => {})
    }
    const options = { signer, level: 'B-T', timestamp: waiting } as const
    await expect(signCms(DATA, { ...options, signal: controller.signal })).rejects.toMatchObject({
      code: 'USER_CANCELLED',
      signed: expect.any(Uint8Array),
    })
    const onTimestamp = (): never => {
      throw new RangeError('portal')
    }
    await expect(signCms(DATA, { ...options, onTimestamp })).rejects.toMatchObject({
      message: 'portal',
      signed: expect.any(Uint8Array),
    })
  })

  it('does not take a time after the end of the signer’s certificate', async () => {
    const expired = await makeCertificate('ES256', { notAfter: new Date('2026-11-01') })
    const options = { signer: softwareSigner(expired), level: 'B-T', timestamp } as const
    await expect(signCms(DATA, options)).rejects.toMatchObject({ details: { reason: 'expired' } })
  })

  it.each<[string, Partial<Record<keyof SignCmsOptions, unknown>>]>([
    ['level', { level: 'B-X' }],
    ['timestamp', { timestamp: undefined }],
    ['timestamp', { timestamp: [] }],
    ['timestamp', { timestamp: 'https://tsa.example' }],
    ['timestampTimeoutMs', { timestampTimeoutMs: 0 }],
    ['timestampTimeoutMs', { timestampTimeoutMs: Number.NaN }],
  ])('asks nobody for a PIN where %s is wrong: %o', async (argument, change) => {
    const sign = vi.fn()
    const options = { signer: { ...signer, sign }, level: 'B-T', timestamp, ...change }
    await expect(signCms(DATA, options as SignCmsOptions)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument },
    })
    expect(sign).not.toHaveBeenCalled()
  })
})
