import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { encodeHex } from '../bytes.ts'
import { convertBerToDer } from './ber.ts'

const convert = (hex: string): string => encodeHex(convertBerToDer(Buffer.from(hex, 'hex'), 'x'))

describe('convertBerToDer', () => {
  it.each([
    ['a sequence that ends with two zeros', '308002010500000000', '3003020105'],
    ['one in another', '3080a08002010500000000', '3005a003020105'],
    ['a string in pieces', '2480040101040202030000', '0403010203'],
    ['a string in pieces of a length', '240704010104020203', '0403010203'],
    ['pieces in pieces', '24802480040101000004010200000000', '04020102'],
    ['an empty one', '30800000', '3000'],
    ['what is DER, without what stands behind it', '30030201050000', '3003020105'],
    ['a long length that was written, as it is', '308103020105', '308103020105'],
  ])('%s', (_, ber, der) => {
    expect(convert(ber)).toBe(der)
  })

  it('keeps a certificate byte for byte', async () => {
    const { certificate } = await makeCertificate('ES256')
    const hex = encodeHex(certificate)
    expect(convert(hex)).toBe(hex)
    expect(convert(`3080${hex}0000`).endsWith(hex)).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['no end', '3080020105'],
    ['half an end', '308002010500'],
    ['more than there is', '30050201'],
    ['a child that is longer than its parent', '3003020501'],
    ['a primitive without a length', '048001010000'],
    ['a tag of several octets', '1f8101020105'],
    ['too deep', '3080'.repeat(100)],
    ['a length of five octets', '30850000000001'],
    ['elements without number', `3080${'0500'.repeat(60_000)}0000`],
    ['pieces without number', `248301d4c0${'0400'.repeat(60_000)}`],
  ])('refuses %s', (_, ber) => {
    expect(() => convert(ber)).toThrow(expect.objectContaining({ code: 'FORMAT_MALFORMED' }))
  })
})
