import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../../test/helpers/certificate.ts'
import { bytesOf, namesOf, readText } from '../../../../../test/helpers/read-zip.ts'
import { createTimestampAuthority } from '../../../../../test/helpers/timestamp-authority.ts'
import { watched } from '../../../../../test/helpers/watched-signer.ts'
import { encodeUtf8 } from '../../bytes.ts'
import { digestBytes } from '../../digest.ts'
import { softwareSigner } from '../../provider/webcrypto.ts'
import { openZip } from '../../zip/archive.ts'
import { extendZip, writeZip } from '../../zip/write.ts'
import { addAsicSignature, completeAsic, packAsic, prepareAsic, signAsic } from '../asic.ts'
import { upgrade } from '../upgrade.ts'

const signer = softwareSigner(await makeCertificate('ES256'))
const colleague = softwareSigner(await makeCertificate('RS256'))
const timestamp = await createTimestampAuthority()
const signingTime = new Date('2026-11-22T01:02:04Z')
const files = [
  { name: 'Đơn/tờ 1+2.txt', data: encodeUtf8('một'), mediaType: 'text/plain' },
  { name: 'a&b.bin', data: Uint8Array.of(1, 2) },
]
const one = files.slice(0, 1)
const MANIFEST = 'META-INF/manifest.xml'
const count = (text: string, part: string) => text.split(part).length - 1

/** A container with one entry put in the place of another. */
const withEntry = async (zip: Uint8Array | Blob, name: string, text: string) =>
  bytesOf(await extendZip(await openZip(zip), [{ name, data: encodeUtf8(text) }], signingTime))

describe('a container that is signed by XAdES', () => {
  it('is what nobody asked for another way', async () => {
    const signed = await signAsic(files, { signer })
    expect(await namesOf(signed)).toEqual([
      ...['mimetype', 'Đơn/tờ 1+2.txt', 'a&b.bin'],
      ...[MANIFEST, 'META-INF/signatures001.xml'],
    ])
    const text = await readText(signed, 'META-INF/signatures001.xml')
    expect(text).toContain(
      '<asic:XAdESSignatures xmlns:asic="http://uri.etsi.org/02918/v1.2.1#"><ds:Signature ',
    )
    expect(text).toContain(' URI="%C4%90%C6%A1n/t%E1%BB%9D%201%2B2.txt">')
    expect(text).toContain(' URI="a%26b.bin">')
    expect(text).toContain('<xades:MimeType>text/plain</xades:MimeType>')
    const manifest = await readText(signed, MANIFEST)
    for (const [path, type] of [
      ['/', 'application/vnd.etsi.asic-e+zip'],
      ['Đơn/tờ 1+2.txt', 'text/plain'],
      ['a&amp;b.bin', 'application/octet-stream'],
    ]) {
      const entry = `<manifest:file-entry manifest:full-path="${path}" manifest:media-type="${type}"/>`
      expect(manifest).toContain(entry)
    }
  })

  it('shows the signer every file', async () => {
    const keeper = watched(signer)
    await signAsic(files, { signer: keeper })
    expect(keeper.asked[0]).toMatchObject({
      kind: 'xml-signed-info',
      document: { name: 'Đơn/tờ 1+2.txt', mediaType: 'text/plain', size: 5 },
      documentDigest: await digestBytes('SHA-256', files[0]!.data),
      alsoSigned: [{ name: 'a&b.bin', mediaType: 'application/octet-stream', size: 2 }],
    })
  })

  it('gets a file of its own for each further signature in ASiC-E, of other Ids', async () => {
    const once = await bytesOf(await signAsic(files, { signer }))
    const both = await bytesOf(await addAsicSignature(once, { signer: colleague }))
    expect((await namesOf(both)).slice(-2)).toEqual([
      'META-INF/signatures001.xml',
      'META-INF/signatures002.xml',
    ])
    const { offset } = await openZip(once)
    expect(both.subarray(0, offset)).toEqual(once.subarray(0, offset))
    const second = await readText(both, 'META-INF/signatures002.xml')
    // What the first said of the files stands in the manifest, and the second says the same.
    expect(second).toContain('<xades:MimeType>text/plain</xades:MimeType>')
    const idsOf = (text: string) => [...text.matchAll(/ Id="([^"]*)"/g)].map(([, id]) => id)
    const ids = [...idsOf(await readText(both, 'META-INF/signatures001.xml')), ...idsOf(second)]
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('has all signatures in one file in ASiC-S', async () => {
    const once = await signAsic(one, { signer, container: 'ASiC-S' })
    const names = ['mimetype', one[0]!.name, 'META-INF/signatures.xml']
    expect(await namesOf(once)).toEqual(names)
    const both = await addAsicSignature(once, { signer: colleague })
    expect(await namesOf(both)).toEqual(names)
    const [before, after] = [once, both].map((zip) => readText(zip, names[2]!))
    const end = '</asic:XAdESSignatures>'
    expect((await after)!.startsWith((await before)!.slice(0, -end.length))).toBe(true)
    expect(count((await after)!, '<ds:Signature ')).toBe(2)
  })

  it('is built on where it stands, its own signature alone or all of them', async () => {
    const first = await signAsic(files, { signer })
    const both = await addAsicSignature(first, { signer: colleague, level: 'B-T', timestamp })
    const stampsOf = async (zip: Uint8Array | Blob) =>
      Promise.all(
        ['001', '002'].map(async (number) =>
          count(
            await readText(zip, `META-INF/signatures${number}.xml`),
            '<xades:SignatureTimeStamp',
          ),
        ),
      )
    expect(await stampsOf(both)).toEqual([0, 1])
    const blob = new Blob([await bytesOf(both)], { type: 'x/y' })
    const later = await upgrade(blob, { to: 'B-T', timestamp })
    expect([later.type, await stampsOf(later)]).toEqual(['x/y', [1, 1]])
  })

  it('of Blobs is a Blob', async () => {
    const blobs = files.map((file) => ({ ...file, data: new Blob([file.data]) }))
    const signed = await signAsic(blobs, { signer })
    expect((signed as Blob).type).toBe('application/vnd.etsi.asic-e+zip')
  })
})

describe('in steps, a container', async () => {
  const { certificate, chain } = colleague
  const options = { certificate, chain, algorithm: 'RS256', signingTime } as const
  const container = await bytesOf(await packAsic(files))
  const prepared = await prepareAsic(container, options)
  const [value] = await colleague.sign([prepared])

  it('is completed across a structured clone', async () => {
    const signed = await completeAsic(container, structuredClone(prepared), value!)
    expect((await namesOf(signed)).slice(-2)).toEqual([MANIFEST, 'META-INF/signatures001.xml'])
  })

  it('is not completed with another value, other files, or somebody’s signature in its place', async () => {
    const forged = new Uint8Array(value!)
    forged[5]! ^= 1
    await expect(completeAsic(container, prepared, forged)).rejects.toMatchObject({
      code: 'TOKEN_SIGNATURE_INVALID',
    })
    const others = [
      await withEntry(container, 'a&b.bin', 'other'),
      await bytesOf(await addAsicSignature(container, { signer })),
    ]
    for (const other of others) {
      await expect(completeAsic(other, prepared, value!)).rejects.toMatchObject({
        code: 'FORMAT_CHANGED',
      })
    }
    const simple = await bytesOf(await packAsic(one, { container: 'ASiC-S' }))
    const preparedSimple = await prepareAsic(simple, options)
    const [own] = await colleague.sign([preparedSimple])
    const meanwhile = await bytesOf(await addAsicSignature(simple, { signer }))
    await expect(completeAsic(meanwhile, preparedSimple, own!)).rejects.toMatchObject({
      code: 'FORMAT_CHANGED',
    })
  })
})

describe('refused is', () => {
  it('a kind that the container does not have', async () => {
    for (const [there, wanted] of [
      ['XAdES', 'CAdES'],
      ['CAdES', 'XAdES'],
    ] as const) {
      const signed = await signAsic(files, { signer, signatures: there })
      const adding = addAsicSignature(signed, { signer, signatures: wanted })
      await expect(adding).rejects.toMatchObject({
        code: 'USAGE_ARGUMENT',
        details: { argument: 'signatures' },
      })
    }
  })

  it('a media type that the container’s manifest denies', async () => {
    const signed = await signAsic(files, { signer })
    const mediaTypes = { 'a&b.bin': 'text/html' }
    await expect(addAsicSignature(signed, { signer, mediaTypes })).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument: 'mediaTypes' },
    })
    const wrong = { 'a&b.bin': 7 as unknown as string }
    await expect(addAsicSignature(signed, { signer, mediaTypes: wrong })).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
    })
  })

  it('a manifest, or a file of signatures, that is not what it must be', async () => {
    const container = await packAsic(files)
    const double = `<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">${'<m:file-entry m:full-path="a" m:media-type="b"/>'.repeat(2)}</m:manifest>`
    const simple = await signAsic(one, { signer, container: 'ASiC-S' })
    const cases = [
      [await withEntry(container, MANIFEST, double), 'FORMAT_MALFORMED'],
      [await withEntry(container, MANIFEST, '<m'), 'FORMAT_MALFORMED'],
      [await withEntry(container, MANIFEST, '<!DOCTYPE m><m/>'), 'FORMAT_UNSUPPORTED'],
      [await withEntry(simple, 'META-INF/signatures.xml', '<a/>'), 'FORMAT_MALFORMED'],
    ] as const
    for (const [given, code] of cases) {
      await expect(addAsicSignature(given, { signer })).rejects.toMatchObject({ code })
    }
  })

  it('more than one signature can name, before anybody is asked', async () => {
    const many = Array.from({ length: 256 }, (_, index) => ({
      name: `${'ổ'.repeat(30)}-${index}`,
      data: Uint8Array.of(index),
    }))
    for (const signatures of ['XAdES', 'CAdES'] as const) {
      const asked: unknown[] = []
      const sign = (requests: unknown) => Promise.reject(asked.push(requests))
      const signing = signAsic(many, { signer: { ...signer, sign }, signatures })
      await expect(signing).rejects.toMatchObject({
        code: 'USAGE_ARGUMENT',
        details: { argument: 'files' },
      })
      expect(asked).toEqual([])
    }
  })

  it('a container of others with a name that nobody can be shown', async () => {
    const entries = ['mimetype', 'a'.repeat(256)].map((name) => ({
      name,
      data: encodeUtf8('application/vnd.etsi.asic-e+zip'),
    }))
    const container = await bytesOf(await writeZip(entries, signingTime))
    await expect(addAsicSignature(container, { signer })).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
  })
})
