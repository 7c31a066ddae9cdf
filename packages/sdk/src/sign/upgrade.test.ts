import { beforeAll, describe, expect, it, vi } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { streamFile, tableFile } from '../../../../test/helpers/pdf-file.ts'
import { stampIn } from '../../../../test/helpers/read-stamp.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { type Bytes, encodeUtf8, equalBytes } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer, TimestampSource } from '../types.ts'
import { signCms } from './cms.ts'
import { signPdf } from './pdf.ts'
import { type UpgradeOptions, upgrade } from './upgrade.ts'

let signer: Signer
let timestamp: TimestampSource
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
  timestamp = await createTimestampAuthority()
})

const toBytes = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer())

describe('upgrade', () => {
  it.each([
    ['a table', tableFile()],
    ['a stream', streamFile()],
  ])('stamps the last signature of a PDF with %s, and changes nothing else', async (_, input) => {
    const signed = await signPdf(await signPdf(input, { signer }), { signer })
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

  it('refuses a PDF without a signature at its end, and one whose room is too small', async () => {
    const unsigned = upgrade(tableFile(), { to: 'B-T', timestamp })
    await expect(unsigned).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED' })
    const signed = await signPdf(tableFile(), { signer })
    const more = Buffer.concat([signed, encodeUtf8('\n')])
    await expect(upgrade(more, { to: 'B-T', timestamp })).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
    const { details } = (await signPdf(tableFile(), { signer, reserveBytes: 0 }).catch(
      (reason: unknown) => reason,
    )) as { details: { needed: number } }
    const tight = await signPdf(tableFile(), { signer, reserveBytes: details.needed })
    await expect(upgrade(tight, { to: 'B-T', timestamp })).rejects.toMatchObject({
      code: 'FORMAT_PLACEHOLDER_TOO_SMALL',
    })
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
