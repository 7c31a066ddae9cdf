import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { CountingBlob } from '../../../../test/helpers/counting-blob.ts'
import { type Bytes, encodeUtf8, equalBytes } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { signCms } from '../sign/cms.ts'
import { encloseContent, takeContentOut } from './content-blob.ts'

const signer = softwareSigner(await makeCertificate('ES256'))
const DATA = encodeUtf8('Biên bản').slice()
const signed = async (detached: boolean): Promise<Bytes> =>
  signCms(DATA, { signer, detached, signingTime: new Date('2026-11-22T00:00:00Z') })
const bytesOf = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer())

describe('content that is not held in memory', () => {
  it('goes out and in again', async () => {
    const whole = await signed(false)
    const { detached, content } = await takeContentOut(new Blob([whole]))
    expect(await bytesOf(content!)).toEqual(DATA)
    expect(detached.length).toBeLessThan(whole.length - DATA.length)
    const again = encloseContent(detached, content!, 'a/b')
    expect(again.type).toBe('a/b')
    expect(await bytesOf(again)).toEqual(whole)
  })

  it('is none in a detached one', async () => {
    const whole = await signed(true)
    const { detached, content } = await takeContentOut(new Blob([whole]))
    expect([content, equalBytes(detached, whole)]).toEqual([undefined, true])
  })

  it('is not read, and may be larger than memory', async () => {
    const part = new CountingBlob([new Uint8Array(64 << 20)])
    const content = new Blob(Array<Blob>(48).fill(part))
    const around = encloseContent(await signed(true), content)
    const [tag, length, ...octets] = await bytesOf(around.slice(0, 6))
    expect([tag, length]).toEqual([0x30, 0x84])
    expect(octets.reduce((sum, octet) => sum * 256 + octet, 0)).toBe(around.size - 6)
    expect(part.read).toBe(0)
    const large = new CountingBlob([encloseContent(await signed(true), part)])
    const opened = await takeContentOut(large)
    expect(opened.content?.size).toBe(part.size)
    expect(large.read).toBeLessThan(70_000)
  })

  it('is not looked for in what is cut off, longer than it says, or no CMS', async () => {
    const whole = await signed(false)
    const refused = { code: 'FORMAT_MALFORMED' }
    // Where the tail begins, what is inside is not looked at here.
    for (const end of [0, 1, 2, 10, 20, 30, 40, 60, whole.length - 1]) {
      await expect(takeContentOut(new Blob([whole.subarray(0, end)]))).rejects.toMatchObject(
        refused,
      )
    }
    const longer = new Blob([whole, new Uint8Array(1)])
    await expect(takeContentOut(longer)).rejects.toMatchObject(refused)
    const ber = new Uint8Array(whole)
    ber[1] = 0x80
    await expect(takeContentOut(new Blob([ber]))).rejects.toMatchObject(refused)
    await expect(takeContentOut(new Blob(['%PDF-1.7']))).rejects.toMatchObject(refused)
  })
})
