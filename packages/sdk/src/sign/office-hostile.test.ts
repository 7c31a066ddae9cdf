import { describe, expect, it } from 'vitest'
import { codeOf } from '../../../../test/helpers/code-of.ts'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import {
  type Entries,
  OFFICE,
  RELATIONSHIPS,
  WORD,
  relationships,
  zipOffice,
} from '../../../../test/helpers/office-file.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { encodeUtf8 } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { findEntry, openZip, readEntry } from '../zip/archive.ts'
import { extendZip } from '../zip/write.ts'
import { signOffice } from './office.ts'
import { upgrade } from './upgrade.ts'

const signer = softwareSigner(await makeCertificate('ES256'))

const without = (name: string): Entries =>
  Object.fromEntries(Object.entries(WORD).filter(([entry]) => entry !== name))
const withRels = (text: string | Uint8Array): Entries => ({
  ...WORD,
  'word/_rels/document.xml.rels': text,
})
const withTypes = (text: string): Entries => ({ ...WORD, '[Content_Types].xml': text })
const types = String(WORD['[Content_Types].xml'])
const rels = String(WORD['word/_rels/document.xml.rels'])
const numbered = (count: number, make: (number: number) => readonly [string, string]): Entries =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => make(index + 1)))
/** A letter whose signatures are listed, and are not there. */
const signedMany = (count: number, target: (number: number) => string): Entries => {
  const kind = 'application/vnd.openxmlformats-package.digital-signature-'
  const related = `${RELATIONSHIPS}/digital-signature`
  const list = Array.from({ length: count }, (_, index) => index + 1)
  return {
    ...WORD,
    '[Content_Types].xml': types.replace(
      '</Types>',
      `<Default Extension="sigs" ContentType="${kind}origin"/>${list
        .map(
          (n) =>
            `<Override PartName="/_xmlsignatures/sig${n}.xml" ContentType="${kind}xmlsignature+xml"/>`,
        )
        .join('')}</Types>`,
    ),
    '_rels/.rels': relationships(
      ['rId1', `${OFFICE}/officeDocument`, 'word/document.xml'],
      ['rId2', `${related}/origin`, '_xmlsignatures/o.sigs'],
    ),
    '_xmlsignatures/o.sigs': '',
    '_xmlsignatures/_rels/o.sigs.rels': relationships(
      ...list.map((n) => [`rId${n}`, `${related}/signature`, target(n)]),
    ),
  }
}
const compound = new Uint8Array(1024)
compound.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])

describe('what is no file to be signed', () => {
  it.each<[string, string, Uint8Array<ArrayBuffer>]>([
    ['FORMAT_UNSUPPORTED', 'a file of before 2007, or an encrypted one', compound],
    ['FORMAT_MALFORMED', 'text', new Uint8Array(encodeUtf8('no ZIP'))],
    ['FORMAT_MALFORMED', 'nothing', new Uint8Array()],
    ['FORMAT_UNSUPPORTED', 'another ZIP', zipOffice(without('[Content_Types].xml'))],
    [
      'FORMAT_UNSUPPORTED',
      'a package of another kind',
      zipOffice(withTypes(types.replace('wordprocessingml', 'visioml'))),
    ],
    ['FORMAT_MALFORMED', 'no relationships', zipOffice(without('_rels/.rels'))],
    ['FORMAT_MALFORMED', 'no document', zipOffice(without('word/document.xml'))],
    [
      'FORMAT_MALFORMED',
      'two documents',
      zipOffice({
        ...WORD,
        '_rels/.rels': relationships(
          ['a', `${OFFICE}/officeDocument`, 'word/document.xml'],
          ['b', `${OFFICE}/officeDocument`, 'word/document.xml'],
        ),
      }),
    ],
    [
      'FORMAT_MALFORMED',
      'a document outside',
      zipOffice({
        ...WORD,
        '_rels/.rels': relationships([
          'a',
          `${OFFICE}/officeDocument`,
          'https://evil.test/',
          'External',
        ]),
      }),
    ],
    ['FORMAT_MALFORMED', 'a part of no type', zipOffice({ ...WORD, 'word/a.bin': '' })],
    [
      'FORMAT_MALFORMED',
      'one part by two names',
      zipOffice({ ...WORD, 'word/ảnh.png': '', 'word/%e1%ba%a3nh.png': '' }),
    ],
    [
      'FORMAT_MALFORMED',
      'an entry twice, in other letters',
      zipOffice({ ...WORD, 'Word/Document.xml': '' }),
    ],
    ['FORMAT_MALFORMED', 'a name that is none', zipOffice({ ...WORD, 'word/a b.xml': '' })],
    ...[
      ...['word/a%2Fb.xml', 'word/%2e%2E/a.xml', 'word/../a.xml', '../a.xml', '/word/a.xml'],
      ...[
        'word//a.xml',
        'word\\a.xml',
        'word/a.',
        'word/%64ocument.xml',
        'word/a%zz.xml',
        'C:/a.xml?b',
      ],
    ].map((name): [string, string, Uint8Array<ArrayBuffer>] => [
      'FORMAT_MALFORMED',
      `an entry called ${name}`,
      zipOffice({ ...WORD, [name]: '' }),
    ]),
    ['FORMAT_UNSUPPORTED', 'a part in pieces', zipOffice({ ...WORD, 'word/a.xml/[0].piece': '' })],
    [
      'FORMAT_MALFORMED',
      'two types of one part',
      zipOffice(
        withTypes(
          types.replace(
            '</Types>',
            '<Override PartName="/Word/document.xml" ContentType="a/b"/></Types>',
          ),
        ),
      ),
    ],
    [
      'FORMAT_MALFORMED',
      'a type that is none',
      zipOffice(withTypes(types.replace('image/png', 'image/png; a=b'))),
    ],
    [
      'FORMAT_MALFORMED',
      'something else among the types',
      zipOffice(withTypes(types.replace('</Types>', '<a/></Types>'))),
    ],
    [
      'FORMAT_UNSUPPORTED',
      'a DOCTYPE in the types',
      zipOffice(withTypes(types.replace('<Types', '<!DOCTYPE a><Types'))),
    ],
    [
      'FORMAT_UNSUPPORTED',
      'a DOCTYPE in relationships',
      zipOffice(withRels(rels.replace('<Relationships', '<!DOCTYPE a><Relationships'))),
    ],
    [
      'FORMAT_UNSUPPORTED',
      'relationships in UTF-16',
      zipOffice(withRels(Buffer.from(`\ufeff${rels}`, 'utf16le'))),
    ],
    [
      'FORMAT_MALFORMED',
      'two relationships of one Id',
      zipOffice(withRels(rels.replace('rId10', 'rId2'))),
    ],
    [
      'FORMAT_MALFORMED',
      'a relationship inside another',
      zipOffice(withRels(rels.replace(/\/>(<Relationship .*?)\/>/, '>$1/></Relationship>'))),
    ],
    [
      'FORMAT_MALFORMED',
      'a relationship without a target',
      zipOffice(withRels(rels.replace(/ Target="[^"]*"/, ''))),
    ],
    [
      'FORMAT_UNSUPPORTED',
      'markup that is to be ignored',
      zipOffice(withRels(rels.replace('<Relationship ', '<Relationship xmlns:m="urn:m" m:a="b" '))),
    ],
    [
      'FORMAT_MALFORMED',
      'relationships of another type',
      zipOffice(
        withTypes(
          types.replace(
            '</Types>',
            `<Override PartName="/_rels/.rels" ContentType="application/xml"/></Types>`,
          ),
        ),
      ),
    ],
    [
      'FORMAT_MALFORMED',
      'relationships in another place',
      zipOffice({ ...WORD, 'word/a.rels': rels }),
    ],
    ...[
      ...['../docProps/core.xml', '/docProps/CORE.xml', '../../../docProps/core.xml'],
      ...['..\\docProps\\core.xml', '%2e%2E/docProps/c%6fre.xml', '../docProps/core.xml#a'],
    ].map((target): [string, string, Uint8Array<ArrayBuffer>] => [
      'FORMAT_MALFORMED',
      `content that counts as statistics, ${target}`,
      zipOffice(withRels(relationships(['rId2', `${OFFICE}/image`, target]))),
    ]),
    [
      'FORMAT_UNSUPPORTED',
      'relationships without end',
      zipOffice({
        ...WORD,
        ...numbered(5, (number) => [
          `word/_rels/${number}.xml.rels`,
          `${rels}${' '.repeat(15 << 20)}`,
        ]),
      }),
    ],
    [
      'FORMAT_UNSUPPORTED',
      'signatures without end',
      zipOffice({
        ...signedMany(5, (number) => `sig${number}.xml`),
        ...numbered(5, (number) => [`_xmlsignatures/sig${number}.xml`, ' '.repeat(15 << 20)]),
      }),
    ],
    [
      'FORMAT_MALFORMED',
      'a signature that is listed thousands of times',
      zipOffice({
        ...signedMany(5000, () => 'sig1.xml'),
        '_xmlsignatures/sig1.xml': `<a>${'<b/>'.repeat(20_000)}</a>`,
      }),
    ],
    [
      'FORMAT_MALFORMED',
      'content that counts as a signature',
      zipOffice({
        ...withRels(relationships(['rId2', `${OFFICE}/image`, 'a.sigs'])),
        '[Content_Types].xml': types.replace(
          '<Override',
          `<Default Extension="sigs" ContentType="application/vnd.openxmlformats-package.digital-signature-origin"/><Override`,
        ),
        'word/a.sigs': '',
      }),
    ],
  ])('%s: %s', async (code, _, file) => {
    expect(await codeOf(signOffice(file, { signer }))).toBe(code)
  })

  it('an earlier signature that is over what would have to change', async () => {
    const once = await signOffice(zipOffice(WORD), { signer })
    const archive = await openZip(once)
    const lock = async (path: string, transform: string) => {
      const text = new TextDecoder().decode(
        await readEntry(archive, findEntry(archive, '_xmlsignatures/sig1.xml')!, 1e6),
      )
      const reference = `<Manifest><Reference URI="${path}?ContentType=a/b">${transform}</Reference>`
      const data = encodeUtf8(text.replace('<Manifest>', reference))
      return extendZip(archive, [{ name: '_xmlsignatures/sig1.xml', data }], new Date())
    }
    const transform = (content: string) =>
      `<Transforms><Transform Algorithm="http://schemas.openxmlformats.org/package/2006/RelationshipTransform">${content}</Transform></Transforms>`
    const list = '/_xmlsignatures/_rels/origin.sigs.rels'
    const rule = 'FORMAT_NOT_ALLOWED'
    const signing = async (file: Uint8Array | Blob) =>
      codeOf(signOffice(file as Uint8Array, { signer }))
    expect(await signing(await lock(list, ''))).toBe(rule)
    expect(await signing(await lock(list, transform('<a SourceType="b"/>')))).toBe(rule)
    const picked = transform('<m:RelationshipReference xmlns:m="urn:m" SourceId="rId1"/>')
    expect(await signing(await lock(list, picked))).toBe('signed')
    const timestamp = await createTimestampAuthority()
    const own = (await lock('/_XMLsignatures/sig1.xml', '')) as Uint8Array
    expect(await codeOf(upgrade(own, { to: 'B-T', timestamp }))).toBe(rule)
  })
})
