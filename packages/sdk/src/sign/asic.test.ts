import { describe, expect, it } from 'vitest'
import { isStamped } from '../../../../test/helpers/asic-stamp.ts'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { bytesOf, namesOf, readIn, readText } from '../../../../test/helpers/read-zip.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { watched } from '../../../../test/helpers/watched-signer.ts'
import { encodeManifest } from '../asic/manifest.ts'
import { idAaEtsArchiveTimestampV3 } from '../asn1/authority-oid.ts'
import { encodeSequence } from '../asn1/der.ts'
import { idAaErInternal } from '../asn1/signature-oid.ts'
import { encodeHex, encodeUtf8 } from '../bytes.ts'
import { addUnsignedAttribute } from '../cms/add-attribute.ts'
import { parseAttributes, parseSignedData } from '../cms/parse.ts'
import { digestBytes } from '../digest.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { openZip } from '../zip/archive.ts'
import { extendZip, writeZip } from '../zip/write.ts'
import { type SignAsicOptions, addAsicSignature, packAsic, signAsic } from './asic.ts'
import { type RequestToken, requestTimestamp } from '../trust/request-timestamp.ts'
import { createRungs } from './upgrade-asic.ts'
import { upgrade } from './upgrade.ts'

const signer = softwareSigner(await makeCertificate('ES256'))
const timestamp = await createTimestampAuthority()
const signingTime = new Date('2026-11-22T01:02:04Z')
const signatures = 'CAdES'
const files = [
  { name: 'Đơn/tờ 1.txt', data: encodeUtf8('một'), mediaType: 'text/plain' },
  { name: 'a&b.bin', data: Uint8Array.of(1, 2) },
]
describe('signAsic', () => {
  it('puts files, manifest and signature where they belong', async () => {
    const signed = await signAsic(files, { signer, signatures })
    expect(await namesOf(signed)).toEqual([
      ...['mimetype', 'Đơn/tờ 1.txt', 'a&b.bin'],
      ...['META-INF/ASiCManifest001.xml', 'META-INF/signature001.p7s'],
    ])
    expect(await readText(signed, 'mimetype')).toBe('application/vnd.etsi.asic-e+zip')
    const manifest = await readText(signed, 'META-INF/ASiCManifest001.xml')
    expect(manifest).toContain(
      '<asic:SigReference MimeType="application/pkcs7-signature" URI="META-INF/signature001.p7s">',
    )
    expect(manifest).toContain(' MimeType="text/plain" URI="%C4%90%C6%A1n/t%E1%BB%9D%201.txt">')
    expect(manifest).toContain(' URI="a%26b.bin">')
  })

  it('shows the signer every file, and the manifest that names them', async () => {
    const keeper = watched(signer)
    const signed = await signAsic(files, { signer: keeper, signatures })
    const [request] = keeper.asked
    expect(request?.document).toEqual({ name: 'Đơn/tờ 1.txt', mediaType: 'text/plain', size: 5 })
    expect(request?.alsoSigned).toMatchObject([
      { name: 'a&b.bin', mediaType: 'application/octet-stream', size: 2 },
    ])
    expect(request?.documentDigest).toEqual(await digestBytes('SHA-256', files[0]!.data))
    const manifest = await readText(signed, 'META-INF/ASiCManifest001.xml')
    expect(new TextDecoder().decode(request?.signedProperties)).toBe(manifest)
  })

  it('of one file in ASiC-S has no manifest', async () => {
    const keeper = watched(signer)
    const signed = await signAsic(files.slice(0, 1), {
      ...{ signer: keeper, signatures, container: 'ASiC-S' },
    })
    expect(await namesOf(signed)).toEqual(['mimetype', files[0]!.name, 'META-INF/signature.p7s'])
    expect(await readText(signed, 'mimetype')).toBe('application/vnd.etsi.asic-s+zip')
    expect(keeper.asked[0]).not.toHaveProperty('signedProperties')
  })

  it('of a Blob is a Blob of the container’s type, and the same container', async () => {
    const blobs = files.map((file) => ({ ...file, data: new Blob([file.data]) }))
    const rsa = softwareSigner(await makeCertificate('RS256'))
    const ofBlobs = await signAsic(blobs, { signer: rsa, signingTime, signatures })
    expect(ofBlobs).toBeInstanceOf(Blob)
    expect((ofBlobs as Blob).type).toBe('application/vnd.etsi.asic-e+zip')
    const known = blobs.map((file) => ({
      ...file,
      mediaType: file.mediaType ?? 'application/octet-stream',
    }))
    const typed = known.map((file, index) => ({ ...file, data: files[index]!.data }))
    expect(encodeHex(await bytesOf(ofBlobs))).toBe(
      encodeHex(await bytesOf(await signAsic(typed, { signer: rsa, signingTime, signatures }))),
    )
  })

  it('has a time stamp where one is wanted, and gets one later', async () => {
    const name = 'META-INF/signature001.p7s'
    const signed = await signAsic(files, { signer, signatures, level: 'B-T', timestamp })
    expect(await isStamped(signed, name)).toBe(true)
    const plain = await bytesOf(await signAsic(files, { signer, signatures }))
    expect(await isStamped(plain, name)).toBe(false)
    const later = await upgrade(plain, { to: 'B-T', timestamp })
    expect(await isStamped(later, name)).toBe(true)
    const blob = await upgrade(new Blob([plain], { type: 'x/y' }), { to: 'B-T', timestamp })
    expect([blob.type, await isStamped(blob, name)]).toEqual(['x/y', true])
  })

  it.each<[string, unknown, Partial<SignAsicOptions>, string]>([
    ['no list', files[0]!.data, {}, 'files'],
    ['no file', [], {}, 'files'],
    ['two files in ASiC-S', files, { container: 'ASiC-S' }, 'files'],
    ['another container', files, { container: 'ZIP' as 'ASiC-E' }, 'container'],
    ['a file without data', [{ name: 'a' }], {}, 'files[0]'],
    ['a File as it is', [new File(['x'], 'a.txt')], {}, 'files[0]'],
    ['text for data', [{ name: 'a', data: 'x' }], {}, 'files[0].data'],
    ['a file without a name', [{ data: files[0]!.data }], {}, 'name'],
    ['the container’s own name', [{ ...files[0]!, name: 'mimetype' }], {}, 'name'],
    ['the container’s own folder', [{ ...files[0]!, name: 'meta-inf/a' }], {}, 'name'],
    ['a folder', [{ ...files[0]!, name: 'a/' }], {}, 'name'],
    ['a path that leads up', [{ ...files[0]!, name: '../a' }], {}, 'name'],
    ['one name twice', [files[0], files[0]], {}, 'files'],
    [
      'a name in two spellings',
      [
        { ...files[0]!, name: 'A' },
        { ...files[0]!, name: 'a' },
      ],
      {},
      'files',
    ],
    ['a name that is too long', [{ ...files[0]!, name: 'a'.repeat(256) }], {}, 'name'],
    ['half a character', [{ ...files[0]!, name: 'a\ud800' }], {}, 'name'],
    [
      'a media type that is too long',
      [{ ...files[0]!, mediaType: 'a'.repeat(101) }],
      {},
      'mediaType',
    ],
    ['signatures of another kind', files, { signatures: 'PGP' as 'CAdES' }, 'signatures'],
    ['no time', files, { signingTime: new Date(Number.NaN) }, 'signingTime'],
  ])('refuses %s', async (_, given, wrong, argument) => {
    const signing = signAsic(given as typeof files, { signer, ...wrong })
    await expect(signing).rejects.toMatchObject({ code: 'USAGE_ARGUMENT', details: { argument } })
  })
})

describe('addAsicSignature', () => {
  it('keeps every byte that was there, and signs all files', async () => {
    const once = await bytesOf(await signAsic(files, { signer, signatures }))
    const both = await bytesOf(await addAsicSignature(once, { signer, level: 'B-T', timestamp }))
    const { offset } = await openZip(once)
    expect(encodeHex(both.subarray(0, offset))).toBe(encodeHex(once.subarray(0, offset)))
    expect((await namesOf(both)).slice(-2)).toEqual([
      ...['META-INF/ASiCManifest002.xml', 'META-INF/signature002.p7s'],
    ])
    expect(await isStamped(both, 'META-INF/signature001.p7s')).toBe(false)
    expect(await isStamped(both, 'META-INF/signature002.p7s')).toBe(true)
  })

  it('takes a container whose mimetype is not where it should be', async () => {
    const data = encodeUtf8('application/vnd.etsi.asic-e+zip')
    const entries = ['a', 'mimetype'].map((name) => ({ name, data }))
    const container = await bytesOf(await writeZip(entries, signingTime))
    const signed = await addAsicSignature(container, { signer, signatures })
    expect((await namesOf(signed)).slice(0, 2)).toEqual(['a', 'mimetype'])
  })

  it('puts a second signer of ASiC-S into the one CMS, and keeps the first', async () => {
    const colleague = softwareSigner(await makeCertificate('RS256'))
    const options = { signer, signatures, container: 'ASiC-S' } as const
    const once = await bytesOf(await signAsic(files.slice(0, 1), options))
    const both = await addAsicSignature(once, { signer: colleague })
    expect(await namesOf(both)).toEqual(await namesOf(once))
    const cmsOf = async (zip: Uint8Array | Blob) => {
      const cms = await readIn(zip, 'META-INF/signature.p7s')
      return parseSignedData(cms, 'signature').signerInfos.map(({ signerInfo }) =>
        encodeHex(signerInfo.bytes),
      )
    }
    const [first] = await cmsOf(once)
    expect(await cmsOf(both)).toHaveLength(2)
    expect(await cmsOf(both)).toContain(first)
    const archive = await openZip(once)
    const changed = { name: files[0]!.name, data: encodeUtf8('hai') }
    const another = await extendZip(archive, [changed], signingTime)
    await expect(addAsicSignature(another, { signer: colleague })).rejects.toMatchObject({
      code: 'FORMAT_CHANGED',
    })
  })

  it('does not change what an archive manifest is over', async () => {
    const options = { signer, signatures, container: 'ASiC-S' } as const
    const once = await bytesOf(await signAsic(files.slice(0, 1), options))
    const by = { name: 'META-INF/timestamp001.tst', mediaType: 'a/b' }
    const digest = { algorithm: 'SHA-256', value: new Uint8Array(32) } as const
    const manifest = encodeManifest(by, [
      { name: 'META-INF/signature.p7s', mediaType: undefined, digest },
    ])
    const archive = { name: 'META-INF/ASiCArchiveManifest.xml', data: manifest }
    const archived = await extendZip(await openZip(once), [archive], signingTime)
    await expect(addAsicSignature(archived, { signer })).rejects.toMatchObject({
      code: 'FORMAT_NOT_ALLOWED',
      details: { rule: 'archived' },
    })
  })

  it('does not change what an evidence record in the CMS of ASiC-S is over', async () => {
    const options = { signer, signatures, container: 'ASiC-S' } as const
    const once = await bytesOf(await signAsic(files.slice(0, 1), options))
    const name = 'META-INF/signature.p7s'
    const cms = parseSignedData(await readIn(once, name), 'signature')
    const record = new Map([[0, encodeSequence()]])
    const data = addUnsignedAttribute(cms, idAaErInternal, record)
    const closed = await extendZip(await openZip(once), [{ name, data }], signingTime)
    await expect(addAsicSignature(closed, { signer })).rejects.toMatchObject({
      code: 'FORMAT_NOT_ALLOWED',
      details: { rule: 'archived' },
    })
  })

  it('archives each signer of ASiC-S in the CMS, and takes a further one', async () => {
    const options = { signer, signatures, container: 'ASiC-S' } as const
    const once = await bytesOf(await signAsic(files.slice(0, 1), options))
    const ask: RequestToken = (imprint) => requestTimestamp(imprint, { sources: [timestamp] })
    const archived = await bytesOf(await createRungs().archive(once, ask))
    const colleague = softwareSigner(await makeCertificate('RS256'))
    const both = await createRungs().archive(
      await bytesOf(await addAsicSignature(archived, { signer: colleague })),
      ask,
    )
    expect(await namesOf(both)).toEqual(await namesOf(once))
    const cms = parseSignedData(await readIn(both, 'META-INF/signature.p7s'), 'signature')
    const archives = cms.signerInfos.map(
      ({ unsignedAttributes }) =>
        parseAttributes(unsignedAttributes).filter(({ oid }) => oid === idAaEtsArchiveTimestampV3)
          .length,
    )
    expect(archives.toSorted()).toEqual([1, 2])
  })

  it('refuses what is no container', async () => {
    const type = encodeUtf8('application/vnd.etsi.asic-e+zip')
    const zip = async (...names: string[]) =>
      bytesOf(
        await writeZip(
          names.map((name) => ({ name, data: type })),
          signingTime,
        ),
      )
    const cases: [string, Uint8Array<ArrayBuffer>][] = [
      ['FORMAT_UNSUPPORTED', await zip('a')],
      ['FORMAT_UNSUPPORTED', await zip('mimetype', 'a', 'META-INF/timestamp.tst')],
      ['FORMAT_MALFORMED', await zip('mimetype')],
      ['FORMAT_MALFORMED', encodeUtf8('PK\u0003\u0004')],
    ]
    for (const [code, given] of cases) {
      await expect(addAsicSignature(given, { signer })).rejects.toMatchObject({ code })
    }
    const unsigned = await bytesOf(await packAsic(files))
    await expect(upgrade(unsigned, { to: 'B-T', timestamp })).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
  })
})
