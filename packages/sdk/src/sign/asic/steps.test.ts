import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../../test/helpers/certificate.ts'
import { bytesOf } from '../../../../../test/helpers/read-zip.ts'
import { encodeUtf8 } from '../../bytes.ts'
import { softwareSigner } from '../../provider/webcrypto.ts'
import { openZip } from '../../zip/archive.ts'
import { extendZip } from '../../zip/write.ts'
import { addAsicSignature, completeAsic, packAsic, prepareAsic } from '../asic.ts'

const signingTime = new Date('2026-11-22T01:02:04Z')
const signatures = 'CAdES'
const files = [
  { name: 'Đơn/tờ 1.txt', data: encodeUtf8('một'), mediaType: 'text/plain' },
  { name: 'a&b.bin', data: Uint8Array.of(1, 2) },
]

describe('packAsic, prepareAsic and completeAsic', async () => {
  const rsa = softwareSigner(await makeCertificate('RS256'))
  const { certificate } = rsa
  const container = await bytesOf(await packAsic(files, { time: signingTime }))
  const options = { certificate, algorithm: 'RS256', signingTime, signatures } as const
  const prepared = await prepareAsic(container, options)
  const [value] = await rsa.sign([prepared])

  it('make what signAsic makes, across a structured clone', async () => {
    expect(Object.isFrozen(prepared) && Object.isFrozen(prepared.state)).toBe(true)
    const signed = await completeAsic(container, structuredClone(prepared), value!)
    expect(signed).toEqual(
      await addAsicSignature(container, { signer: rsa, signingTime, signatures }),
    )
  })

  it('refuse a container that somebody else signed meanwhile', async () => {
    const meanwhile = await addAsicSignature(container, { signer: rsa, signatures })
    await expect(completeAsic(meanwhile, prepared, value!)).rejects.toMatchObject({
      code: 'FORMAT_CHANGED',
    })
  })

  it('refuse a container whose files are others, and a value that is not the key’s', async () => {
    const other = await bytesOf(
      await packAsic([{ ...files[0]!, data: Uint8Array.of(9) }, files[1]!]),
    )
    const more = await bytesOf(
      await extendZip(
        await openZip(container),
        [{ name: 'c', data: Uint8Array.of(1) }],
        signingTime,
      ),
    )
    for (const wrong of [other, more]) {
      await expect(completeAsic(wrong, prepared, value!)).rejects.toMatchObject({
        code: 'FORMAT_CHANGED',
      })
    }
    const forged = new Uint8Array(value!)
    forged[5]! ^= 1
    await expect(completeAsic(container, prepared, forged)).rejects.toMatchObject({
      code: 'TOKEN_SIGNATURE_INVALID',
    })
  })
})
