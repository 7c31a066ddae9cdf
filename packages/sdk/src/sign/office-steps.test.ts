/** An Office file in two steps, and at a later day. */
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../../../test/helpers/code-of.ts'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { WORD, relationships, zipOffice } from '../../../../test/helpers/office-file.ts'
import { bytesOf, namesOf, readText } from '../../../../test/helpers/read-zip.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { completeOffice, prepareOffice, signOffice } from './office.ts'
import { upgrade } from './upgrade.ts'

const signer = softwareSigner(await makeCertificate('ES256'))
const signingTime = new Date('2026-11-22T01:02:04Z')

describe('prepareOffice and completeOffice', () => {
  it('make in two steps what signOffice makes in one', async () => {
    const rsa = softwareSigner(await makeCertificate('RS256'))
    const file = zipOffice(WORD)
    const { certificate } = rsa
    const options = { certificate, algorithm: 'RS256' as const, signingTime }
    const prepared = structuredClone(await prepareOffice(file, options))
    const [value] = await rsa.sign([prepared])
    const signed = await completeOffice(new Blob([file]), prepared, value!)
    expect(Buffer.from(await bytesOf(signed))).toEqual(
      Buffer.from(await signOffice(file, { signer: rsa, signingTime })),
    )
  })

  it('refuse another value and another file', async () => {
    const file = zipOffice(WORD)
    const { certificate } = signer
    const prepared = await prepareOffice(file, { certificate, algorithm: 'ES256' })
    const [value] = await signer.sign([prepared])
    expect(await codeOf(completeOffice(file, prepared, new Uint8Array(64)))).toBe(
      'TOKEN_SIGNATURE_INVALID',
    )
    for (const entries of [
      { ...WORD, 'word/document.xml': 'other' },
      { ...WORD, 'word/new.xml': '<a/>' },
      {
        ...WORD,
        'word/_rels/document.xml.rels': relationships(['rId2', 'urn:a', 'media/a.png', 'External']),
      },
    ]) {
      const completing = completeOffice(zipOffice(entries), prepared, value!)
      expect(await codeOf(completing)).toBe('FORMAT_CHANGED')
    }
    const once = await signOffice(file, { signer })
    expect(await codeOf(completeOffice(once, prepared, value!))).toBe('FORMAT_CHANGED')
  })
})

describe('upgrade', () => {
  it('stamps each signature of a file, and leaves all else as it is', async () => {
    const timestamp = await createTimestampAuthority()
    const twice = await signOffice(await signOffice(zipOffice(WORD), { signer }), { signer })
    const stamped = await upgrade(twice, { to: 'B-T', timestamp })
    for (const name of ['_xmlsignatures/sig1.xml', '_xmlsignatures/sig2.xml']) {
      const [before, after] = [await readText(twice, name), await readText(stamped, name)]
      expect(after).toContain('<xades:SignatureTimeStamp')
      expect(after.startsWith(before.slice(0, before.indexOf('</xd:QualifyingProperties>')))).toBe(
        true,
      )
    }
    expect(await namesOf(stamped)).toEqual(await namesOf(twice))
    const direct = await signOffice(new Blob([twice]), { signer, level: 'B-T', timestamp })
    expect(await readText(direct, '_xmlsignatures/sig3.xml')).toContain('<xades:SignatureTimeStamp')
    expect(await readText(direct, '_xmlsignatures/sig2.xml')).not.toContain('TimeStamp')
  })

  it('refuses a file without a signature', async () => {
    const timestamp = await createTimestampAuthority()
    expect(await codeOf(upgrade(zipOffice(WORD), { to: 'B-T', timestamp }))).toBe(
      'FORMAT_UNSUPPORTED',
    )
  })
})
