import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { WORD, zipOffice } from '../../../../test/helpers/office-file.ts'
import { assertClaims } from '../../../bridge/src/claims.ts'
import { createAuthority } from '../../../bridge/src/soft/authority.ts'
import { getAlgorithm } from '../algorithms.ts'
import type { Bytes } from '../bytes.ts'
import type { AlgorithmName } from '../types.ts'
import { type SignItem, sign } from '../wire/sign.ts'
import { prepareOffice } from './office.ts'

const NOW = new Date('2026-11-22T01:02:04Z')

/** What goes over the wire, as the bridge reads it. */
async function carry(certificate: Bytes, algorithm: AlgorithmName): Promise<SignItem> {
  const file = new File([zipOffice(WORD)], 'Đơn.docx')
  const prepared = await prepareOffice(file, { certificate, algorithm, signingTime: NOW })
  const { digest } = getAlgorithm(algorithm)
  const document = {
    ...prepared.document,
    digest: { algorithm: digest, value: prepared.documentDigest },
  }
  const item = { ...prepared, id: '1', document } as SignItem
  const params = { certificate: new Uint8Array(32), items: [item] }
  return sign.params.read(sign.params.write(params), 'params').items[0] as SignItem
}

describe('the bridge reads an Office signature', () => {
  it.each(['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'] as const)(
    'of %s',
    async (algorithm) => {
      const { certificate } = await makeCertificate(algorithm)
      const item = await carry(certificate, algorithm)
      expect(assertClaims([item], certificate, NOW)).toEqual({ namesCertificate: true, said: [] })
    },
  )

  it('whatever the issuer is called', async () => {
    const { certificate } = await createAuthority([
      ['2.5.4.6', 'VN'],
      ['2.5.4.10', ' Cục "A, B + C" <ký>; \\ số #1 '],
      ['2.5.4.3', '#1'],
      ['2.5.4.5', '0123'],
      ['1.2.840.113549.1.9.1', 'a@b.test'],
      ['2.5.4.97', 'MST:0123'],
      ['2.999.1234567', 'ngoài bảng'],
    ])
    const item = await carry(certificate, 'ES256')
    expect(new TextDecoder().decode(item.signedProperties)).toContain('2.999.1234567=#0c')
    expect(assertClaims([item], certificate, NOW)).toEqual({ namesCertificate: true, said: [] })
  })
})
