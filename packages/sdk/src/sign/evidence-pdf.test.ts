import { expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { tableFile } from '../../../../test/helpers/pdf-file.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { findEvidence } from './evidence-pdf.ts'
import { signPdf } from './pdf.ts'

it('finds in BER what it finds in DER', async () => {
  const signer = softwareSigner(await makeCertificate('ES256'))
  const timestamp = await createTimestampAuthority()
  const signed = await signPdf(tableFile(), { signer, level: 'B-T', timestamp, revocation: 'off' })
  // A length at the end, by two zeros, takes as much room as one of two octets at the beginning.
  const inBer = Buffer.from(signed)
    .toString('latin1')
    .replace(/<3082([0-9a-f]{4})([0-9a-f]+)>/i, (_, length: string, rest: string) => {
      const digits = parseInt(length, 16) * 2
      return `<3080${rest.slice(0, digits)}0000${rest.slice(digits)}>`
    })
  const ber = new Uint8Array(Buffer.from(inBer, 'latin1'))
  expect(ber).toHaveLength(signed.length)
  expect(ber).not.toEqual(signed)
  const found = await findEvidence(ber, undefined)
  expect(found.signers[0]!.certificate).toEqual(signer.certificate)
  expect(found.signers[0]!.provenAt).toBeInstanceOf(Date)
  expect(found).toEqual(await findEvidence(signed, undefined))
})
