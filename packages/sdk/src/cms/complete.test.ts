import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { makeCertificate, signBytes } from '../../../../test/helpers/certificate.ts'
import { ALGORITHM_NAMES, getAlgorithm } from '../algorithms.ts'
import { readDer } from '../asn1/reader.ts'
import { encodeHex, encodeUtf8 } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import type { AlgorithmName } from '../types.ts'
import { completeSignedData, estimateSignedDataBytes } from './complete.ts'
import { prepareSignedAttributes } from './prepare.ts'

const content = encodeUtf8('Đơn đề nghị cấp giấy phép')
const signingTime = new Date('2026-11-21T18:23:23Z')

async function prepare(name: AlgorithmName) {
  const { digest } = getAlgorithm(name)
  const signer = await makeCertificate(name)
  const issuer = await makeCertificate('ES256', { subject: 'CA thử nghiệm', issuer: 'Gốc' })
  const root = await makeCertificate('ES256', { subject: 'Gốc', issuer: 'Gốc' })
  const prepared = await prepareSignedAttributes({
    certificate: signer.certificate,
    chain: [root.certificate, issuer.certificate],
    algorithm: name,
    documentDigest: await digestBytes(digest, content),
    signingTime,
  })
  const value = await signBytes(getAlgorithm(name), signer.privateKey, prepared.toBeSigned)
  return { signer, issuer, root, prepared, value }
}

describe.each(ALGORITHM_NAMES)('a signature by %s', (name) => {
  it('is no larger than was foretold, and hardly smaller', async () => {
    const { prepared, value } = await prepare(name)
    const { certificate, chain } = prepared
    const signed = await completeSignedData(prepared, value)
    const bound = estimateSignedDataBytes({ certificate, chain, algorithm: name, signingTime })
    expect(signed.length).toBeLessThanOrEqual(bound)
    expect(bound - signed.length).toBeLessThan(12)
  })

  it('is refused with one bit turned', async () => {
    const { prepared, value } = await prepare(name)
    value[10]! ^= 1
    await expect(completeSignedData(prepared, value)).rejects.toMatchObject({
      name: 'TokenError',
      code: 'TOKEN_SIGNATURE_INVALID',
    })
  })
})

describe('the container', () => {
  it('is DER, its certificates sorted, without the root', async () => {
    const { prepared, value, signer, issuer } = await prepare('RS256')
    const signed = readDer(await completeSignedData(prepared, value), 'ContentInfo')
    const signedData = signed.getChild(1, 0xa0).getChild(0, 0x30)
    const certificates = signedData.getChild(3, 0xa0).children.map(({ bytes }) => encodeHex(bytes))
    expect(certificates).toEqual([issuer, signer].map((one) => encodeHex(one.certificate)))
    expect(issuer.certificate.length).toBeLessThan(signer.certificate.length)
  })

  it('holds exactly the bytes that were signed, under [0]', async () => {
    const { prepared, value } = await prepare('ES256')
    const signed = encodeHex(await completeSignedData(prepared, value))
    expect(encodeHex(prepared.toBeSigned).slice(0, 2)).toBe('31')
    expect(signed).toContain(`a0${encodeHex(prepared.toBeSigned).slice(2)}`)
  })

  it('encloses the content that was hashed and no other', async () => {
    const { prepared, value } = await prepare('ES256')
    const signed = encodeHex(await completeSignedData(prepared, value, content))
    expect(signed).toContain(
      `a0${(content.length + 2).toString(16)}04${content.length.toString(16)}`,
    )
    await expect(completeSignedData(prepared, value, encodeUtf8('khác'))).rejects.toMatchObject({
      code: 'FORMAT_CHANGED',
    })
  })

  it('is refused where the value is another key’s, of another width, or empty', async () => {
    const { prepared, value } = await prepare('ES256')
    const other = await prepare('ES256')
    for (const wrong of [other.value, value.subarray(1), new Uint8Array(0), new Uint8Array(64)]) {
      await expect(completeSignedData(prepared, wrong)).rejects.toMatchObject({
        code: 'TOKEN_SIGNATURE_INVALID',
      })
    }
  })
})

describe('what was prepared', () => {
  it('is frozen and owns its bytes', async () => {
    const { certificate } = await makeCertificate('ES256')
    const documentDigest = new Uint8Array(32).fill(7)
    const input = {
      certificate,
      chain: [],
      algorithm: 'ES256',
      documentDigest,
      signingTime,
    } as const
    const prepared = await prepareSignedAttributes(input)
    certificate.fill(0)
    documentDigest.fill(0)
    expect(Object.isFrozen(prepared)).toBe(true)
    expect(prepared.certificate[0]).toBe(0x30)
    expect(prepared.documentDigest[0]).toBe(7)
  })

  it('can cross a worker and be completed from the copy', async () => {
    const { prepared, value } = await prepare('PS256')
    const echo = `const { parentPort } = require('node:worker_threads')
      parentPort.once('message', (message) => parentPort.postMessage(message))`
    const worker = new Worker(echo, { eval: true })
    const copy = new Promise<typeof prepared>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    worker.postMessage(prepared)
    expect(await copy).toEqual(prepared)
    expect(await completeSignedData(await copy, value)).toEqual(
      await completeSignedData(prepared, value),
    )
    await worker.terminate()
  })

  it.each([
    ['a digest of another length', { documentDigest: new Uint8Array(48) }, 'USAGE_ARGUMENT'],
    ['no time', { signingTime: new Date(Number.NaN) }, 'USAGE_ARGUMENT'],
    ['a time before 1950', { signingTime: new Date('1949-12-31') }, 'USAGE_ARGUMENT'],
    ['another kind of key', { algorithm: 'RS256' as const }, 'USAGE_UNSUPPORTED_ALGORITHM'],
    [
      'another curve',
      { algorithm: 'ES384' as const, documentDigest: new Uint8Array(48) },
      'USAGE_UNSUPPORTED_ALGORITHM',
    ],
    ['a certificate that is none', { certificate: encodeUtf8('x') }, 'FORMAT_MALFORMED'],
    ['an issuer that is none', { chain: [encodeUtf8('x')] }, 'FORMAT_MALFORMED'],
  ])('refuses %s', async (_, wrong, code) => {
    const { certificate } = await makeCertificate('ES256')
    const good = {
      certificate,
      chain: [],
      algorithm: 'ES256' as const,
      documentDigest: new Uint8Array(32),
      signingTime,
    }
    await expect(prepareSignedAttributes({ ...good, ...wrong })).rejects.toMatchObject({ code })
  })
})
