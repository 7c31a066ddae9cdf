import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { CountingBlob } from '../../../../test/helpers/counting-blob.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { idCountersignature } from '../asn1/signature-oid.ts'
import { type Bytes, encodeUtf8, equalBytes } from '../bytes.ts'
import { encloseContent, takeContentOut } from '../cms/content-blob.ts'
import { parseAttributes, parseSignedData } from '../cms/parse.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { signCms } from './cms.ts'
import { addSignature, counterSign } from './cosign.ts'

const DATA = encodeUtf8('Biên bản họp'.repeat(50))
const first = softwareSigner(await makeCertificate('RS256', { subject: 'Một', serial: 1 }))
const second = softwareSigner(await makeCertificate('ES384', { subject: 'Hai', serial: 2 }))
const timestamp = await createTimestampAuthority()
const read = (cms: Bytes) => parseSignedData(cms, 'signature')

describe('content inside of a Blob', () => {
  const signingTime = new Date('2026-11-22T01:02:04Z')

  it('goes in again as it was, stamped or not, and where no stamp was to be had', async () => {
    const one = await signCms(DATA, { signer: second, detached: false })
    const type = 'application/pkcs7-mime'
    for (const add of [addSignature as typeof counterSign, counterSign]) {
      const options = { signer: first, signingTime }
      const ofBytes = await add(one, options)
      const ofBlob = await add(new Blob([one], { type }), options)
      expect(ofBlob.type).toBe(type)
      expect(equalBytes(new Uint8Array(await ofBlob.arrayBuffer()), ofBytes)).toBe(true)
      const stamped = await add(new Blob([one]), { ...options, level: 'B-T', timestamp })
      expect(read(new Uint8Array(await stamped.arrayBuffer())).content).toEqual(DATA)
      const gone = () => Promise.reject(new Error())
      const failing = { ...options, level: 'B-T', timestamp: gone } as const
      const error = await add(new Blob([one], { type }), failing).catch((reason: unknown) => reason)
      const { signed } = error as { readonly signed: Blob }
      expect(signed.type).toBe(type)
      expect(equalBytes(new Uint8Array(await signed.arrayBuffer()), ofBytes)).toBe(true)
    }
  })

  it('must be what the others signed', async () => {
    const detached = await signCms(DATA, { signer: second })
    const other = encloseContent(detached, new Blob([encodeUtf8('khác')]))
    await expect(addSignature(other, { signer: first })).rejects.toMatchObject({
      code: 'FORMAT_CHANGED',
    })
  })

  it('is not read by who signs a signature on it, and may be larger than memory', async () => {
    const part = new Blob([new Uint8Array(64 << 20)])
    const detached = await signCms(DATA, { signer: second })
    const content = new Blob(Array<Blob>(48).fill(part))
    const large = new CountingBlob([encloseContent(detached, content)])
    const both = await counterSign(large, { signer: first })
    expect(both.size).toBeGreaterThan(content.size)
    expect(large.read).toBeLessThan(100_000)
    const opened = await takeContentOut(both)
    expect(opened.content?.size).toBe(content.size)
    const counters = parseAttributes(read(opened.detached).signerInfos[0]!.unsignedAttributes)
      .filter(({ oid }) => oid === idCountersignature)
      .flatMap(({ values }) => values)
    expect(counters).toHaveLength(1)
  })
})
