import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../../../test/helpers/code-of.ts'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import {
  EXCEL,
  OFFICE,
  POWERPOINT,
  RELATIONSHIPS,
  WORD,
  contentTypes,
  relationships,
  zipOffice,
} from '../../../../test/helpers/office-file.ts'
import { namesOf, readText } from '../../../../test/helpers/read-zip.ts'
import { watched } from '../../../../test/helpers/watched-signer.ts'
import { encodeUtf8 } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { openZip } from '../zip/archive.ts'
import { extendZip } from '../zip/write.ts'
import { type SignOfficeOptions, signOffice } from './office.ts'

const key = await makeCertificate('ES256')
const signer = softwareSigner(key)
const signingTime = new Date('2026-11-22T01:02:04Z')
/** The addresses that a signature's manifest names. */
const listManifest = async (zip: Uint8Array | Blob, number = 1) => {
  const text = await readText(zip, `_xmlsignatures/sig${number}.xml`)
  return [...text.matchAll(/<Reference URI="([^"]*)">/g)].map(([, uri]) => uri?.split('?')[0])
}
describe('signOffice', () => {
  it('adds a signature, and leaves every byte of every other part where it was', async () => {
    const file = zipOffice(WORD)
    const signed = await signOffice(file, { signer, signingTime })
    expect(await namesOf(signed)).toEqual([
      ...Object.keys(WORD),
      '_xmlsignatures/origin.sigs',
      '_xmlsignatures/_rels/origin.sigs.rels',
      '_xmlsignatures/sig1.xml',
    ])
    const [before, after] = [await openZip(file), await openZip(signed)]
    for (const [index, entry] of before.entries.entries()) {
      if (['[Content_Types].xml', '_rels/.rels'].includes(entry.name)) continue
      const now = after.entries[index]!
      expect(Buffer.from(signed.subarray(now.offset, now.end))).toEqual(
        Buffer.from(file.subarray(entry.offset, entry.end)),
      )
    }
  })

  it('takes out what stands between relationships, and signs the same without it', async () => {
    const spaced = (text: string | Uint8Array) =>
      String(text)
        .replace(/(<Relationship )/g, '\n  $1')
        .replace('</Rel', '<!-- a -->\n</Rel')
    const rels = ['_rels/.rels', 'word/_rels/document.xml.rels'] as const
    const loose = zipOffice({
      ...WORD,
      [rels[0]]: spaced(WORD[rels[0]]!),
      [rels[1]]: `\ufeff${spaced(WORD[rels[1]]!).replace(/\/>/g, '>\n</Relationship>')}`,
    })
    const options = { signer: softwareSigner(await makeCertificate('RS256')), signingTime }
    const [signed, tight] = [
      await signOffice(loose, options),
      await signOffice(zipOffice(WORD), options),
    ]
    for (const name of rels)
      expect(await readText(signed, name)).toMatch(/<Relationships [^>]*>(<[^<>!]*>)+$/)
    expect(await readText(signed, '_xmlsignatures/sig1.xml')).toBe(
      await readText(tight, '_xmlsignatures/sig1.xml'),
    )
    // What others signed is left as it is.
    const beside = await extendZip(
      await openZip(signed),
      [{ name: rels[1], data: encodeUtf8(spaced(WORD[rels[1]]!)) }],
      signingTime,
    )
    const twice = await signOffice(beside as Uint8Array, options)
    expect(await readText(twice, rels[1])).toBe(spaced(WORD[rels[1]]!))
    expect(await listManifest(twice, 2)).toEqual(await listManifest(tight))
  })

  it('tells what is new to those who read it, and nothing else', async () => {
    const signed = await signOffice(zipOffice(WORD), { signer })
    const type = 'application/vnd.openxmlformats-package.digital-signature-'
    expect(await readText(signed, '[Content_Types].xml')).toBe(
      String(WORD['[Content_Types].xml']).replace(
        '</Types>',
        `<Override PartName="/_xmlsignatures/origin.sigs" ContentType="${type}origin"></Override>` +
          `<Override PartName="/_xmlsignatures/sig1.xml" ContentType="${type}xmlsignature+xml"></Override></Types>`,
      ),
    )
    expect(await readText(signed, '_rels/.rels')).toBe(
      String(WORD['_rels/.rels']).replace(
        '</Relationships>',
        `<Relationship Id="rId4" Type="${RELATIONSHIPS}/digital-signature/origin" Target="_xmlsignatures/origin.sigs"></Relationship></Relationships>`,
      ),
    )
    expect(await readText(signed, '_xmlsignatures/_rels/origin.sigs.rels')).toContain(
      `<Relationship Id="rId1" Type="${RELATIONSHIPS}/digital-signature/signature" Target="sig1.xml">`,
    )
  })

  it('signs every part but the statistics, and every relationship, sorted, with its mode', async () => {
    const signed = await signOffice(zipOffice(WORD), { signer, signingTime })
    expect(await listManifest(signed)).toEqual([
      '/_rels/.rels',
      '/word/_rels/document.xml.rels',
      '/word/document.xml',
      '/word/media/%E1%BA%A3nh.png',
    ])
    const text = await readText(signed, '_xmlsignatures/sig1.xml')
    const relation = (id: string, type: string, target: string, mode: string) =>
      `<Relationship Id="${id}" Target="${target}" TargetMode="${mode}" Type="${OFFICE}/${type}"></Relationship>`
    const octets =
      `<Relationships xmlns="${RELATIONSHIPS}">` +
      relation('rId10', 'hyperlink', 'https://example.test/?a=1&amp;b=2', 'External') +
      relation('rId2', 'image', 'media/%E1%BA%A3nh.png', 'Internal') +
      '</Relationships>'
    const digest = createHash('sha256').update(octets).digest('base64')
    expect(text).toContain(
      `SourceId="rId2"></mdssi:RelationshipReference></Transform><Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"></Transform></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod><DigestValue>${digest}</DigestValue>`,
    )
    expect(text).toContain('<mdssi:Value>2026-11-22T01:02:04Z</mdssi:Value>')
    expect(text).not.toContain('docProps')
    expect(text).not.toMatch(/SourceId="rId3"/)
  })

  it.each([
    ['xlsx', EXCEL, 'spreadsheetml.sheet'],
    ['pptx', POWERPOINT, 'presentationml.presentation'],
    ['docx', WORD, 'wordprocessingml.document'],
  ])('knows a %s by what is in it', async (_, entries, kind) => {
    const keeper = watched(signer)
    const file = new File([zipOffice(entries)], 'tệp', { type: 'application/zip' })
    const signed = await signOffice(file, { signer: keeper })
    const mediaType = `application/vnd.openxmlformats-officedocument.${kind}`
    expect(keeper.asked[0]?.document).toEqual({ name: 'tệp', mediaType, size: file.size })
    expect(signed).toBeInstanceOf(Blob)
    expect(signed.type).toBe(mediaType)
  })

  it.each([
    ['docm', 'application/vnd.ms-word.document.macroEnabled.main+xml', 'ms-word.document'],
    ['dotm', 'application/vnd.ms-word.template.macroEnabledTemplate.main+xml', 'ms-word.template'],
  ])('signs the macros of a %s along', async (_, type, kind) => {
    const keeper = watched(signer)
    const file = zipOffice({
      ...WORD,
      '[Content_Types].xml': contentTypes({
        '/word/document.xml': type,
        '/word/vbaProject.bin': 'application/vnd.ms-office.vbaProject',
      }),
      'word/vbaProject.bin': 'macro',
    })
    const signed = await signOffice(file, { signer: keeper })
    expect(await listManifest(signed)).toContain('/word/vbaProject.bin')
    expect(keeper.asked[0]?.document.mediaType).toBe(`application/vnd.${kind}.macroEnabled.12`)
  })

  it('signs a file in the strict form', async () => {
    const strict = 'http://purl.oclc.org/ooxml/officeDocument/relationships'
    const file = zipOffice({
      ...WORD,
      '_rels/.rels': relationships(
        ['rId1', `${strict}/officeDocument`, 'word/document.xml'],
        ['rId2', `${strict}/extendedProperties`, 'docProps/app.xml'],
      ),
    })
    const manifest = await listManifest(await signOffice(file, { signer }))
    expect(manifest).not.toContain('/docProps/app.xml')
    // Nothing refers to it, so that nothing says what it is.
    expect(manifest).toContain('/docProps/core.xml')
  })

  it('signs what nothing refers to', async () => {
    const signed = await signOffice(zipOffice({ ...WORD, 'word/lạ.xml': '<!DOCTYPE a><a/>' }), {
      signer,
    })
    expect(await listManifest(signed)).toContain('/word/l%E1%BA%A1.xml')
  })

  it('signs beside others, also where the origin of signatures has another name', async () => {
    const once = await signOffice(zipOffice(WORD), { signer })
    const twice = await signOffice(once, { signer })
    expect(await listManifest(twice, 2)).toEqual(await listManifest(twice, 1))
    expect(await readText(twice, '_xmlsignatures/sig1.xml')).toBe(
      await readText(once, '_xmlsignatures/sig1.xml'),
    )
    expect(await readText(twice, '_rels/.rels')).toBe(await readText(once, '_rels/.rels'))
    const place = 'package/services/digital-signature'
    const other = await signOffice(
      zipOffice({
        ...WORD,
        '[Content_Types].xml': String(WORD['[Content_Types].xml']).replace(
          '<Override',
          `<Default Extension="psdsor" ContentType="application/vnd.openxmlformats-package.digital-signature-origin"/><Override`,
        ),
        '_rels/.rels': relationships(
          ['rId1', `${OFFICE}/officeDocument`, 'word/document.xml'],
          ['rId9', `${RELATIONSHIPS}/digital-signature/origin`, `/${place}/origin.psdsor`],
        ),
        [`${place}/origin.psdsor`]: '',
      }),
      { signer },
    )
    expect((await namesOf(other)).slice(-2)).toEqual([
      `${place}/_rels/origin.psdsor.rels`,
      `${place}/sig1.xml`,
    ])
  })

  it('takes a name that is free', async () => {
    const taken = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`_xmlsignatures/SIG${index + 1}.xml`, '']),
    )
    const rels = { '_xmlsignatures/_rels/sig301.xml.rels': relationships(['a', 'urn:b', 'c']) }
    const signed = await signOffice(zipOffice({ ...WORD, ...taken, ...rels }), { signer })
    expect((await namesOf(signed)).at(-1)).toBe('_xmlsignatures/sig302.xml')
  })

  it('signs relationships by what they say, whatever their prefix', async () => {
    const name = 'word/_rels/document.xml.rels'
    const prefixed = String(WORD[name])
      .replaceAll(/(<\/?)(?=Rel)/g, '$1r:')
      .replace('xmlns=', 'xmlns:b="urn:b" xmlns:r=')
    const rsa = softwareSigner(await makeCertificate('RS256'))
    const [one, other] = await Promise.all(
      [WORD, { ...WORD, [name]: prefixed }].map(async (entries) =>
        readText(
          await signOffice(zipOffice(entries), { signer: rsa, signingTime }),
          '_xmlsignatures/sig1.xml',
        ),
      ),
    )
    expect(other).toBe(one)
  })

  it('takes an algorithm that Office reads', async () => {
    const rsa = softwareSigner(await makeCertificate('RS256'))
    const chosen = watched({ ...rsa, algorithms: ['PS256', 'RS256'] })
    await signOffice(zipOffice(WORD), { signer: chosen })
    expect(chosen.asked[0]?.algorithm).toBe('RS256')
    for (const wish of [
      { signer: { ...rsa, algorithms: ['PS256' as const] } },
      { signer: { ...rsa, algorithms: ['PS256' as const] }, algorithm: 'PS256' as const },
    ]) {
      expect(await codeOf(signOffice(zipOffice(WORD), wish))).toBe('USAGE_UNSUPPORTED_ALGORITHM')
    }
  })

  it.each([
    ['no options', undefined],
    ['no signer', {}],
    ['a time that is none', { signer, signingTime: new Date(Number.NaN) }],
    ['a name that is none', { signer, document: { name: '' } }],
    ['an algorithm of another key', { signer, algorithm: 'RS256' }],
    ['a level that is none', { signer, level: 'B-X' }],
  ])('refuses %s', async (_, options) => {
    const signing = signOffice(zipOffice(WORD), options as unknown as SignOfficeOptions)
    expect(await codeOf(signing)).toMatch(/^USAGE_/)
  })

  it('stops where it is told to', async () => {
    const signal = AbortSignal.abort()
    expect(await codeOf(signOffice(zipOffice(WORD), { signer, signal }))).toBe('USER_CANCELLED')
  })
})
