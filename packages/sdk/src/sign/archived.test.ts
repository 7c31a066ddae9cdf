import { describe, expect, it, vi } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { encodeManifest } from '../asic/manifest.ts'
import { encodeSequence } from '../asn1/der.ts'
import {
  idAaErExternal,
  idAaErInternal,
  idAaEtsArchiveTimestamp,
  idAaEtsArchiveTimestampV2,
} from '../asn1/signature-oid.ts'
import { type Bytes, encodeUtf8 } from '../bytes.ts'
import { addUnsignedAttribute } from '../cms/add-attribute.ts'
import { parseSignedData } from '../cms/parse.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Authorities } from '../types.ts'
import { openZip } from '../zip/archive.ts'
import { extendZip } from '../zip/write.ts'
import { type SignAsicOptions, addAsicSignature, counterSignAsic, signAsic } from './asic.ts'
import { signCms } from './cms.ts'
import { counterSign } from './cosign.ts'
import type { Level } from './level.ts'
import { upgrade } from './upgrade.ts'
import { signXml } from './xml.ts'

// What an archive keeps as it is. How its records look does not matter here: that they are there is what counts.
const ARCHIVED = { code: 'FORMAT_NOT_ALLOWED', details: { rule: 'archived' } }
const LEVELS = ['B-T', 'B-LT', 'B-LTA'] as const
const signer = softwareSigner(await makeCertificate('ES256'))
const timestamp = await createTimestampAuthority()
const DATA = encodeUtf8('Quyết định')

/** Has each level asked for, and nobody asked for anything. */
async function refusesAll(file: Bytes, levels: readonly Exclude<Level, 'B-B'>[] = LEVELS) {
  const nobody = vi.fn(() => Promise.reject(new Error('asked')))
  const authorities: Authorities = { ocsp: nobody, crl: nobody, issuers: nobody }
  for (const to of levels) {
    const building = upgrade(file, { to, timestamp: nobody, authorities })
    await expect(building, to).rejects.toMatchObject(ARCHIVED)
  }
  expect(nobody).not.toHaveBeenCalled()
}

describe('a CMS', () => {
  const close = (cms: Bytes, oid: string): Bytes =>
    addUnsignedAttribute(parseSignedData(cms, 'signature'), oid, new Map([[0, encodeSequence()]]))
  const oids = [idAaErInternal, idAaErExternal, idAaEtsArchiveTimestamp, idAaEtsArchiveTimestampV2]

  it.each(oids)('is not added to where %s is over it', async (oid) => {
    const closed = close(await signCms(DATA, { signer, detached: false }), oid)
    await refusesAll(closed)
    await expect(counterSign(closed, { signer })).rejects.toMatchObject(ARCHIVED)
  })

  it('stays as it is where it has what is asked for', async () => {
    const stamped = await signCms(DATA, { signer, level: 'B-T', timestamp })
    const closed = close(stamped, idAaErInternal)
    expect(await upgrade(closed, { to: 'B-T', timestamp })).toEqual(closed)
    await refusesAll(closed, ['B-LT', 'B-LTA'])
  })
})

describe('a signature in XML', () => {
  const application = encodeUtf8('<don Id="d"><ten>Nguyễn</ten></don>')
  const seal = (xml: Bytes): Bytes => {
    const text = new TextDecoder().decode(xml)
    const records =
      '<xadesen:SealingEvidenceRecords xmlns:xadesen="http://uri.etsi.org/19132/v1.1.1#"/>'
    const end = '</xades:UnsignedSignatureProperties>'
    const unsigned = `<xades:UnsignedProperties><xades:UnsignedSignatureProperties>${records}${end}</xades:UnsignedProperties>`
    return encodeUtf8(
      text.includes(end)
        ? text.replace(end, `${records}${end}`)
        : text.replace('</xades:SignedProperties>', `</xades:SignedProperties>${unsigned}`),
    )
  }

  it('is not added to where evidence records seal it', async () => {
    const sealed = seal(await signXml(application, { signer }))
    await refusesAll(sealed)
    const confirming = signXml(sealed, { signer, packaging: 'counter-signature' })
    await expect(confirming).rejects.toMatchObject(ARCHIVED)
  })

  it('stays as it is where it has what is asked for', async () => {
    const sealed = seal(await signXml(application, { signer, level: 'B-T', timestamp }))
    expect(await upgrade(sealed, { to: 'B-T', timestamp })).toEqual(sealed)
    await refusesAll(sealed, ['B-LT', 'B-LTA'])
  })

  it('keeps a confirmation that is sealed with what it confirms', async () => {
    const stamped = await signXml(application, { signer, level: 'B-T', timestamp })
    const both = await signXml(stamped, { signer, packaging: 'counter-signature' })
    const sealed = seal(both)
    expect(await upgrade(sealed, { to: 'B-T', timestamp })).toEqual(sealed)
  })
})

describe.each(['CAdES', 'XAdES'] as const)('a container by %s', (signatures) => {
  const files = [{ name: 'a.txt', data: DATA, mediaType: 'text/plain' }]
  const record = { name: 'META-INF/evidencerecord001.ers', mediaType: 'application/ers' }
  const signed = async (change: Partial<SignAsicOptions>) =>
    (await signAsic(files, { signer, signatures, ...change })) as Bytes
  /** As an archive would that keeps a record over all of it. */
  const close = async (container: Bytes): Promise<Bytes> => {
    const archive = await openZip(container)
    const digest = { algorithm: 'SHA-256', value: new Uint8Array(32) } as const
    const all = archive.entries.filter(({ name }) => name !== 'mimetype')
    const manifest = encodeManifest(
      record,
      all.map(({ name }) => ({ name, mediaType: undefined, digest })),
    )
    const added = [
      { name: 'META-INF/ASiCEvidenceRecordManifest001.xml', data: manifest },
      { name: record.name, data: encodeSequence() },
    ]
    return (await extendZip(archive, added, new Date())) as Bytes
  }

  it.each(['ASiC-E', 'ASiC-S'] as const)(
    '(%s) changes no signature that an evidence record is over',
    async (container) => {
      const closed = await close(await signed({ container }))
      await refusesAll(closed)
      await expect(counterSignAsic(closed, { signer })).rejects.toMatchObject(ARCHIVED)
      const another = addAsicSignature(closed, { signer })
      if (container === 'ASiC-S') await expect(another).rejects.toMatchObject(ARCHIVED)
      else expect((await openZip(await another)).entries.length).toBeGreaterThan(4)
    },
  )

  it('stays as it is where it has what is asked for', async () => {
    const closed = await close(await signed({ level: 'B-T', timestamp }))
    expect(await upgrade(closed, { to: 'B-T', timestamp })).toEqual(closed)
  })
})
