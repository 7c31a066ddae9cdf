import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { encodeUtf8 } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { DocumentStream, Signer } from '../types.ts'
import { prepareCms, signCms } from './cms.ts'

const DATA = encodeUtf8('Hồ sơ rất dài '.repeat(1000))
const signingTime = new Date('2026-11-21')
let signer: Signer
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('RS256'))
})

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < DATA.length; start += 1009) yield DATA.subarray(start, start + 1009)
}

/** Gives one piece, then nothing more; what it was told when nobody wanted it any more. */
function silent() {
  const told: unknown[] = []
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(DATA),
    cancel: (reason) => void told.push(reason),
  })
  return { stream, told }
}

describe('a document that comes in pieces', () => {
  it.each<[string, () => DocumentStream]>([
    ['an async iterable', pieces],
    ['a ReadableStream', () => new Blob([DATA]).stream()],
    ['of no piece but an empty one', () => new Blob([]).stream()],
  ])('is signed as the whole is: %s', async (name, open) => {
    const whole = name.startsWith('of no') ? new Uint8Array(0) : DATA
    const [pieced, joined] = await Promise.all(
      [open(), whole].map((data) => signCms(data, { signer, signingTime })),
    )
    expect(pieced).toEqual(joined)
  })

  it('is described by the bytes that came', async () => {
    const { certificate } = signer
    const seen: number[] = []
    const { document, documentDigest } = await prepareCms(pieces(), {
      ...{ certificate, algorithm: 'RS256', document: { name: 'hồ sơ.zip' } },
      onProgress: (done) => seen.push(done),
    })
    expect(document).toEqual({
      ...{ name: 'hồ sơ.zip', mediaType: 'application/octet-stream', size: DATA.length },
    })
    expect(documentDigest).toEqual(await digestBytes('SHA-256', DATA))
    expect(seen.at(-1)).toBe(DATA.length)
  })

  it('can be given up while it is silent, and is told so', async () => {
    const controller = new AbortController()
    const { stream, told } = silent()
    const signing = signCms(stream, {
      signer,
      signal: controller.signal,
      onProgress: () => setTimeout(() => controller.abort(), 0),
    })
    await expect(signing).rejects.toMatchObject({ code: 'USER_CANCELLED' })
    expect(told).toMatchObject([{ code: 'USER_CANCELLED' }])
  })

  it('fails with its own error', async () => {
    const gone = new Error('the disk is gone')
    const stream = new ReadableStream({ pull: (controller) => controller.error(gone) })
    await expect(signCms(stream, { signer })).rejects.toBe(gone)
  })

  it.each<[string, unknown, object]>([
    ['enclosed', new Blob([DATA]).stream(), { detached: false }],
    ['not of bytes', new Blob([DATA]).stream().pipeThrough(new TextDecoderStream()), {}],
    ['no stream', 'Hồ sơ', {}],
    ['nothing', undefined, {}],
  ])('is refused where it is %s', async (_, data, options) => {
    await expect(signCms(data as Blob, { signer, ...options })).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument: 'data' },
    })
  })
})
