import { openAsBlob } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { watched } from '../../../../test/helpers/watched-signer.ts'
import { readDer } from '../asn1/reader.ts'
import { describeCertificate } from './describe-certificate.ts'
import { encodeHex, encodeUtf8, equalBytes } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { AlgorithmName, Signer } from '../types.ts'
import { completeCms, prepareCms, signCms } from './cms.ts'

const data = encodeUtf8('Đơn đề nghị')
const signer = softwareSigner(await makeCertificate('ES256'))
const signingTime = new Date('2026-11-21T18:23:23Z')

function contentOf(contentInfo: Uint8Array): string | undefined {
  const signedData = readDer(contentInfo, 'test').getChild(1, 0xa0).getChild(0, 0x30)
  const octets = signedData.getChild(2, 0x30).children[1]?.getChild(0, 0x04).contents
  return octets && encodeHex(octets)
}

describe('signCms', () => {
  it('is detached unless told otherwise', async () => {
    expect(contentOf(await signCms(data, { signer }))).toBeUndefined()
    expect(contentOf(await signCms(data, { signer, detached: false }))).toBe(encodeHex(data))
    const around = await signCms(new Blob([data]), { signer, detached: false })
    expect(around.type).toBe('application/pkcs7-mime')
    expect(contentOf(new Uint8Array(await around.arrayBuffer()))).toBe(encodeHex(data))
  })

  it('asks for the same bytes whether data is bytes or a Blob', async () => {
    const keeper = watched(signer)
    await signCms(data, { signer: keeper, signingTime })
    await signCms(new Blob([data.subarray(0, 3), data.subarray(3)]), {
      signer: keeper,
      signingTime,
    })
    expect(keeper.asked[1]?.toBeSigned).toEqual(keeper.asked[0]?.toBeSigned)
  })

  it('signs nothing at all', async () => {
    expect(contentOf(await signCms(new Uint8Array(0), { signer, detached: false }))).toBe('')
  })

  it('tells the signer of the document, and nothing of the format’s state', async () => {
    const keeper = watched(signer)
    const file = new File([data], 'đơn.txt', { type: 'text/plain' })
    await signCms(file, { signer: keeper, detached: false })
    await signCms(data, { signer: keeper })
    await signCms(file, { signer: keeper, document: { name: 'Đơn', mediaType: 'text/x' } })
    expect(keeper.asked.map(({ document }) => document)).toEqual([
      { name: 'đơn.txt', mediaType: 'text/plain', size: data.length },
      { name: 'document', mediaType: 'application/octet-stream', size: data.length },
      { name: 'Đơn', mediaType: 'text/x', size: data.length },
    ])
    const members = ['algorithm', 'document', 'documentDigest', 'kind', 'toBeSigned']
    expect(Object.keys(keeper.asked[0]!).sort()).toEqual(members)
  })

  it('encloses what was hashed even where the caller goes on writing', async () => {
    const mine = new Uint8Array(data)
    const running = signCms(mine, { signer, detached: false })
    mine.fill(0)
    expect(contentOf(await running)).toBe(encodeHex(data))
  })

  it('stops when the signal aborts', async () => {
    const blob = new Blob([new Uint8Array(9 << 20)])
    const abort = new AbortController()
    const running = signCms(blob, {
      signer,
      signal: abort.signal,
      onProgress: () => abort.abort(),
    })
    await expect(running).rejects.toMatchObject({ code: 'USER_CANCELLED' })
  })

  it('gives nothing where the signal aborts while a deaf signer signs, or at the last byte hashed', async () => {
    const run = new AbortController()
    const deaf: Signer = {
      ...signer,
      sign: async (requests) => (run.abort(), signer.sign(requests)),
    }
    const cancelled = { code: 'USER_CANCELLED' }
    await expect(signCms(data, { signer: deaf, signal: run.signal })).rejects.toMatchObject(
      cancelled,
    )
    const late = new AbortController()
    const { certificate } = signer
    const options = { certificate, algorithm: 'ES256', signal: late.signal } as const
    const preparing = prepareCms(data, { ...options, onProgress: () => late.abort() })
    await expect(preparing).rejects.toMatchObject(cancelled)
    const nothing = prepareCms(new Uint8Array(0), { ...options, signal: AbortSignal.abort() })
    await expect(nothing).rejects.toMatchObject(cancelled)
  })

  it('notices a file that was removed since it was chosen', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'trien-removed-'))
    const file = path.join(folder, 'a.txt')
    await writeFile(file, data)
    const blob = await openAsBlob(file)
    await rm(folder, { recursive: true })
    for (const detached of [true, false]) {
      const signing = signCms(blob, { signer, detached })
      await expect(signing).rejects.toMatchObject({ code: 'FORMAT_CHANGED' })
    }
  })

  it('never returns a signature that does not verify', async () => {
    const swapped = softwareSigner(await makeCertificate('ES256'))
    const liar = { ...signer, sign: swapped.sign }
    await expect(signCms(data, { signer: liar })).rejects.toMatchObject({
      code: 'TOKEN_SIGNATURE_INVALID',
    })
  })

  const argument = (name: string) => ({
    code: 'USAGE_ARGUMENT',
    details: { argument: name, expected: expect.any(String) },
  })
  const algorithm = { code: 'USAGE_UNSUPPORTED_ALGORITHM' }
  it.each<[string, unknown, object, object]>([
    ['text for data', 'văn bản', {}, argument('data')],
    ['an ArrayBuffer for data', new ArrayBuffer(3), {}, argument('data')],
    ['no signer', data, { signer: undefined }, argument('signer')],
    ['a signer without sign', data, { signer: { ...signer, sign: 1 } }, argument('signer')],
    ['an invalid time', data, { signingTime: new Date('x') }, argument('signingTime')],
    ['a time that is text', data, { signingTime: '2026-11-21' }, argument('signingTime')],
    ['a name too long', data, { document: { name: 'x'.repeat(256) } }, argument('document.name')],
    ['an empty type', data, { document: { mediaType: '' } }, argument('document.mediaType')],
    ['an algorithm of another key', data, { algorithm: 'RS256' }, algorithm],
    ['an algorithm that is none', data, { algorithm: 'ES256K' }, algorithm],
    ['a signer without algorithms', data, { signer: { ...signer, algorithms: [] } }, algorithm],
    [
      'a signer that boasts',
      data,
      { signer: { ...signer, algorithms: ['RS256'] as AlgorithmName[] } },
      algorithm,
    ],
    [
      'a signer that answers nothing',
      data,
      { signer: { ...signer, sign: () => Promise.resolve([]) } },
      argument('signer'),
    ],
  ])('refuses %s', async (_, wrongData, wrong, expected) => {
    const options = { signer, ...wrong } as Parameters<typeof signCms>[1]
    await expect(signCms(wrongData as Uint8Array, options)).rejects.toMatchObject(expected)
  })
})

describe('plain JavaScript', async () => {
  const call = (f: unknown, ...args: unknown[]) =>
    (f as (...all: unknown[]) => Promise<unknown>)(...args)
  const prepared = await prepareCms(data, { certificate: signer.certificate, algorithm: 'ES256' })

  it.each<[string, () => Promise<unknown>, string]>([
    ['options', () => call(signCms, data), 'signer'],
    ['all options', () => call(prepareCms, data), 'certificate'],
    ['a certificate', () => call(prepareCms, data, { algorithm: 'ES256' }), 'certificate'],
    [
      'a list as chain',
      () => call(prepareCms, data, { algorithm: 'ES256', certificate: data, chain: data }),
      'chain',
    ],
    ['a signature value', () => call(completeCms, prepared), 'signatureValue'],
  ])('that forgot %s is told so', async (_, wrong, argument) => {
    await expect(wrong()).rejects.toMatchObject({ code: 'USAGE_ARGUMENT', details: { argument } })
  })
})

describe('prepareCms and completeCms', () => {
  it('make what signCms makes, across a structured clone', async () => {
    const rsa = softwareSigner(await makeCertificate('RS256'))
    const options = { signingTime, detached: false } as const
    const prepared = await prepareCms(data, {
      ...options,
      certificate: rsa.certificate,
      algorithm: 'RS256',
    })
    expect(Object.isFrozen(prepared) && Object.isFrozen(prepared.state)).toBe(true)
    const [value] = await rsa.sign([structuredClone(prepared)])
    expect(await completeCms(structuredClone(prepared), value!)).toEqual(
      await signCms(data, { ...options, signer: rsa }),
    )
  })

  it('make of a Blob what they make of its bytes, without reading it but to hash it', async () => {
    const rsa = softwareSigner(await makeCertificate('RS256'))
    for (const size of [0, 1, 127, 128, 255, 256, 65_535, 65_536, 1 << 24]) {
      const bytes = new Uint8Array(size).fill(7)
      const options = { signingTime, detached: false, signer: rsa } as const
      const ofBytes = await signCms(bytes, options)
      const blob = new Blob([bytes])
      const ofBlob = await signCms(blob, options)
      expect(equalBytes(new Uint8Array(await ofBlob.arrayBuffer()), ofBytes)).toBe(true)
    }
  })

  it('refuse a Blob that is not the one that was hashed', async () => {
    const { certificate } = signer
    const options = { certificate, algorithm: 'ES256', detached: false } as const
    const prepared = await prepareCms(new Blob([data]), options)
    const [value] = await signer.sign([prepared])
    const cloned = structuredClone(prepared)
    expect(await completeCms(cloned, value!)).toBeInstanceOf(Blob)
    const other = { ...prepared, state: { ...prepared.state, content: new Blob(['khác']) } }
    await expect(completeCms(other, value!)).rejects.toMatchObject({ code: 'FORMAT_CHANGED' })
  })

  it('refuse content that was changed on the way', async () => {
    const { certificate } = signer
    const prepared = await prepareCms(data, { certificate, algorithm: 'ES256', detached: false })
    const [value] = await signer.sign([prepared])
    prepared.state.content![0]! ^= 1
    await expect(completeCms(prepared, value!)).rejects.toMatchObject({ code: 'FORMAT_CHANGED' })
  })
})

describe('describeCertificate', () => {
  it('refuses what are no bytes', () => {
    const refusal = expect.objectContaining({ code: 'USAGE_ARGUMENT' })
    for (const other of [undefined, null, '-----BEGIN CERTIFICATE-----']) {
      expect(() => describeCertificate(other as never)).toThrow(refusal)
    }
  })

  it('says who holds it, until when', () => {
    expect(describeCertificate(signer.certificate)).toEqual({
      holder: 'Người ký',
      issuer: 'CA thử nghiệm',
      serialNumber: '1234',
      notBefore: '2026-01-01T00:00:00.000Z',
      notAfter: '2050-01-01T00:00:00.000Z',
      signsDocuments: true,
    })
  })
})
