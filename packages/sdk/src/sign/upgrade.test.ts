import { beforeAll, describe, expect, it, vi } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { streamFile, tableFile } from '../../../../test/helpers/pdf-file.ts'
import { documentStampIn, stampIn } from '../../../../test/helpers/read-stamp.ts'
import { readSigned } from '../../../../test/helpers/read-signed-pdf.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { type Bytes, encodeUtf8, equalBytes } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer, TimestampSource } from '../types.ts'
import { signCms } from './cms.ts'
import { signPdf } from './pdf.ts'
import { type UpgradeOptions, timestampPdf, upgrade } from './upgrade.ts'

let signer: Signer
let timestamp: TimestampSource
/** Its tokens are larger than any room that is kept for one. */
let wordy: TimestampSource
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
  timestamp = await createTimestampAuthority()
  const certificates = Array.from({ length: 60 }, (_, serial) =>
    makeCertificate('ES256', { serial: 5000 + serial }),
  )
  wordy = await createTimestampAuthority({
    more: (await Promise.all(certificates)).map(({ certificate }) => certificate),
  })
})

const toBytes = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer())

describe('upgrade', () => {
  it.each([
    ['a table', tableFile()],
    ['a stream', streamFile()],
  ])('stamps the last signature of a PDF with %s, and changes nothing else', async (_, input) => {
    const first = await signPdf(input, { signer, level: 'B-T', timestamp })
    const signed = await signPdf(first, { signer })
    expect(await stampIn(signed)).toBeUndefined()
    const stamped = await upgrade(signed, { to: 'B-T', timestamp })
    expect(await stampIn(stamped)).toBe(true)
    const changed = stamped.findIndex((octet, index) => octet !== signed[index])
    const contents = Buffer.from(signed).lastIndexOf('/Contents')
    expect(stamped).toHaveLength(signed.length)
    expect(changed).toBeGreaterThan(contents)
    const ofBlob = await toBytes(await upgrade(new Blob([signed]), { to: 'B-T', timestamp }))
    expect(await stampIn(ofBlob)).toBe(true)
  })

  it('stamps a CMS, of bytes or a Blob', async () => {
    const signed = await signCms(encodeUtf8('Tờ trình'), { signer })
    const stamped = await upgrade(signed, { to: 'B-T', timestamp })
    expect(stamped.length).toBeGreaterThan(signed.length)
    const blob = new Blob([stamped], { type: 'application/pkcs7-signature' })
    const again = await upgrade(blob, { to: 'B-T', timestamp })
    expect(again.type).toBe('application/pkcs7-signature')
    expect(equalBytes(await toBytes(again), stamped)).toBe(true)
  })

  it('goes on where signing found no authority', async () => {
    const gone: TimestampSource = () => Promise.reject(new TypeError('Failed to fetch'))
    const error = (await signPdf(tableFile(), { signer, level: 'B-T', timestamp: gone }).catch(
      (reason: unknown) => reason,
    )) as { signed: Bytes }
    expect(await stampIn(await upgrade(error.signed, { to: 'B-T', timestamp }))).toBe(true)
    await expect(upgrade(error.signed, { to: 'B-T', timestamp: gone })).rejects.toMatchObject({
      code: 'TRUST_TIMESTAMP',
      signed: error.signed,
    })
  })

  it('gives the file a time stamp where the signature has no room, or does not end it', async () => {
    const signed = await signPdf(tableFile(), { signer })
    const { details } = (await signPdf(tableFile(), { signer, reserveBytes: 0 }).catch(
      (reason: unknown) => reason,
    )) as { details: { needed: number } }
    const tight = await signPdf(tableFile(), { signer, reserveBytes: details.needed })
    const nearly = await signPdf(tableFile(), { signer, reserveBytes: details.needed + 1024 })
    const longer = new Uint8Array(Buffer.concat([signed, encodeUtf8('\n')]))
    for (const file of [tight, nearly, longer]) {
      const stamped = await upgrade(file, { to: 'B-T', timestamp: wordy })
      expect(equalBytes(stamped.subarray(0, file.length), file)).toBe(true)
      expect(await documentStampIn(stamped)).toBe(true)
      const gone: TimestampSource = () => Promise.reject(new Error())
      const again = await upgrade(stamped, { to: 'B-T', timestamp: gone })
      expect(equalBytes(again, stamped)).toBe(true)
    }
  })

  it('gives the file one time stamp where several signatures have none', async () => {
    const twice = await signPdf(await signPdf(streamFile(), { signer }), { signer })
    const source = vi.fn(timestamp)
    const stamped = await upgrade(new Blob([twice]), { to: 'B-T', timestamp: source })
    expect(source).toHaveBeenCalledTimes(1)
    expect(await documentStampIn(await toBytes(stamped))).toBe(true)
    const thrice = await signPdf(await toBytes(stamped), { signer })
    const last = await upgrade(thrice, { to: 'B-T', timestamp })
    expect(await stampIn(last)).toBe(true)
    expect(last).toHaveLength(thrice.length)
  })

  it('asks once more where the token is larger than the room for it', async () => {
    const large = vi.fn(wordy)
    const stamped = await timestampPdf(tableFile(), { timestamp: large })
    expect(large).toHaveBeenCalledTimes(2)
    expect(await documentStampIn(stamped)).toBe(true)
  })

  it('refuses a PDF without a signature', async () => {
    const unsigned = upgrade(tableFile(), { to: 'B-T', timestamp })
    await expect(unsigned).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED' })
    const stamped = await timestampPdf(tableFile(), { timestamp })
    await expect(upgrade(stamped, { to: 'B-T', timestamp })).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
  })

  it('gives no time to a signature whose certificate had ended, which keeps no other from one', async () => {
    const ended = softwareSigner(
      await makeCertificate('ES256', { notAfter: new Date('2020-01-01') }),
    )
    const old = await signPdf(tableFile(), { signer: ended })
    await expect(upgrade(old, { to: 'B-T', timestamp })).rejects.toMatchObject({
      code: 'TRUST_TIMESTAMP',
      details: { reason: 'expired' },
    })
    const both = await signPdf(old, { signer })
    const stamped = await upgrade(both, { to: 'B-T', timestamp })
    expect(await stampIn(stamped)).toBe(true)
    expect(stamped).toHaveLength(both.length)
    const gone: TimestampSource = () => Promise.reject(new Error())
    expect(equalBytes(await upgrade(stamped, { to: 'B-T', timestamp: gone }), stamped)).toBe(true)
    const thrice = await signPdf(await signPdf(both, { signer }), { signer })
    expect(await documentStampIn(await upgrade(thrice, { to: 'B-T', timestamp }))).toBe(true)
    const atOnce = await signPdf(old, { signer, level: 'B-T', timestamp, revocation: 'off' })
    expect(await stampIn(atOnce)).toBe(true)
  })

  it.each<[string, unknown, object]>([
    ['signed', 'a.pdf', { to: 'B-T' }],
    ['to', tableFile(), { to: 'B-B' }],
    ['to', tableFile(), { to: undefined }],
    ['timestamp', tableFile(), { to: 'B-T', timestamp: undefined }],
  ])('asks nobody where %s is wrong', async (argument, signed, change) => {
    const source = vi.fn()
    const options = { timestamp: source, ...change } as unknown as UpgradeOptions
    await expect(upgrade(signed as Bytes, options)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument },
    })
    expect(source).not.toHaveBeenCalled()
  })
})

describe('timestampPdf', () => {
  it.each([
    ['a table', tableFile()],
    ['a stream', streamFile()],
  ])('stamps a file that nobody signed: %s', async (_, input) => {
    const onProgress = vi.fn()
    const once = await timestampPdf(input, { timestamp, onProgress })
    expect(equalBytes(once.subarray(0, input.length), input)).toBe(true)
    expect(await documentStampIn(once)).toBe(true)
    expect(onProgress).toHaveBeenCalled()
    const twice = await timestampPdf(new Blob([once]), { timestamp })
    expect(await documentStampIn(await toBytes(twice))).toBe(true)
    const { fields } = await readSigned(await toBytes(twice))
    expect(fields.map(({ name }) => name)).toEqual(['Timestamp1', 'Timestamp2'])
    // Not even an empty one: a certification that allows no changes need not allow it.
    expect(fields.some(({ dict }) => dict.entries.has('AP'))).toBe(false)
  })

  it('asks nobody where it is told nonsense', async () => {
    const timestamp = vi.fn()
    const nobody = timestampPdf(tableFile(), undefined as unknown as { timestamp: TimestampSource })
    await expect(nobody).rejects.toMatchObject({ details: { argument: 'timestamp' } })
    const nothing = timestampPdf('a.pdf' as unknown as Bytes, { timestamp })
    await expect(nothing).rejects.toMatchObject({ details: { argument: 'pdf' } })
    expect(timestamp).not.toHaveBeenCalled()
  })
})
