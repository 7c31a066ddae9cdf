import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { SIGNED_ORDERS, signUnsorted } from '../../../../test/helpers/unsorted-cms.ts'
import { watched } from '../../../../test/helpers/watched-signer.ts'
import { type Bytes, compareBytes, encodeUtf8 } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { addSignature, counterSign } from '../sign/cosign.ts'
import { checkSignerInfo } from './check-signer.ts'
import { parseSignedData } from './parse.ts'

const DATA = encodeUtf8('Quyết định')
const first = softwareSigner(await makeCertificate('RS256'))
const read = (cms: Bytes) => parseSignedData(cms, 'signature')

describe.each(SIGNED_ORDERS)('attributes out of order, signed %s', async (order) => {
  const cms = await signUnsorted(DATA, first, order)
  const [one] = read(cms).signerInfos
  const standing = one!.signedAttributes!.bytes

  it('are of who signed them', async () => {
    expect(await checkSignerInfo(read(cms), one!)).toMatchObject({
      certificateDer: first.certificate,
    })
    const other = await signUnsorted(encodeUtf8('khác'), first, order)
    const { signature } = read(other).signerInfos[0]!
    expect(await checkSignerInfo(read(cms), { ...one!, signature })).toBe('signature')
  })

  it('are confirmed by what was signed, and stay as they stand', async () => {
    const second = watched(softwareSigner(await makeCertificate('ES256')))
    const countersigned = await counterSign(cms, { signer: second })
    const [asked] = second.asked
    const shown = (asked as { countersigned?: { toBeSigned: Bytes } }).countersigned?.toBeSigned
    const elements = read(cms).signerInfos[0]!.signedAttributes!.children.map(({ bytes }) => bytes)
    const expected = order === 'in order' ? elements.toSorted(compareBytes) : elements
    expect(shown?.subarray(-Buffer.concat(expected).length)).toEqual(
      new Uint8Array(Buffer.concat(expected)),
    )
    const both = await addSignature(cms, { signer: second })
    for (const changed of [countersigned, both]) {
      const kept = read(changed).signerInfos.map(({ signedAttributes }) => signedAttributes!.bytes)
      expect(kept).toContainEqual(standing)
    }
  })
})
