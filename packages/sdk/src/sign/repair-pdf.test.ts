import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import {
  FileBuilder,
  hybridFile,
  ONE_PAGE,
  streamFile,
  tableFile,
  type Objects,
} from '../../../../test/helpers/pdf-file.ts'
import { readSigned } from '../../../../test/helpers/read-signed-pdf.ts'
import { equalBytes, type Bytes } from '../bytes.ts'
import { openPdf } from '../pdf/document.ts'
import { asKind, integerOf, nameOf, type PdfRef } from '../pdf/objects.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer } from '../types.ts'
import { signPdf } from './pdf.ts'
import { repairPdf } from './repair-pdf.ts'

let signer: Signer
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
})

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const toBytes = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'latin1'))
/** The same file with some text put in another's place, once. */
const change = (bytes: Bytes, from: string, to: string): Bytes => {
  const text = latin1(bytes)
  if (!text.includes(from)) throw new Error(`no ${from}`)
  return toBytes(text.replace(from, () => to))
}
const cutAt = (bytes: Bytes, word: string): Bytes => bytes.slice(0, latin1(bytes).lastIndexOf(word))

const WITH_CONTENT: Objects = {
  ...ONE_PAGE,
  3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R >>',
  7: '<< /Length 8 0 R >>\nstream\n(1 0 obj)\nendstream',
  8: '9',
}
const FILE = tableFile(WITH_CONTENT)

describe('a damaged file that nobody signed', () => {
  it.each<[string, Bytes, string[]]>([
    ['bytes before its header', toBytes(`\n\n${latin1(FILE)}`), ['header', 'cross-reference']],
    ['no header', change(FILE, '%PDF-1.7', '%XYZ-1.7'), ['header', 'cross-reference']],
    ['another startxref', change(FILE, 'startxref\n', 'startxref\n9'), ['cross-reference']],
    ['its tail cut off', cutAt(FILE, 'startxref'), ['cross-reference']],
    ['its table cut off', cutAt(FILE, 'xref\n0 1'), ['trailer', 'cross-reference']],
    [
      'a broken table',
      change(FILE, '0000000015 00000 n', '00000000zz 00000 n'),
      ['cross-reference'],
    ],
    [
      'a missing endobj',
      change(change(FILE, 'endobj\n', '\n'), '%%EOF', ''),
      ['cross-reference', 'object-end'],
    ],
    [
      'a stream that is longer than it says',
      change(change(FILE, '\n9\nendobj', '\n5\nendobj'), 'startxref', 'startxxxx'),
      ['cross-reference', 'stream-length'],
    ],
    ['a cut object stream', cutAt(streamFile(), '5 0 obj'), ['trailer', 'cross-reference']],
    [
      'a hybrid table that is broken',
      change(hybridFile(), 'xref\n0 1\n', 'xref\nzz\n'),
      ['cross-reference'],
    ],
  ])('with %s is written anew and can be signed', async (_, damaged, expected) => {
    await expect(signPdf(damaged, { signer })).rejects.toMatchObject({ code: 'FORMAT_MALFORMED' })
    const { pdf, repairs } = await repairPdf(damaged)
    expect(repairs.map(({ what }) => what)).toEqual(expected)
    expect(equalBytes(damaged, pdf.slice(0, damaged.length))).toBe(false)
    const { page, signatures } = await readSigned(await signPdf(pdf, { signer }))
    expect(nameOf(page.dict.entries.get('Type'))).toBe('Page')
    expect(signatures).toHaveLength(1)
  })
})

const ref = (number: number): PdfRef => ({ kind: 'ref', number, generation: 0 })

describe('the repaired file', () => {
  it('has one table without gaps, whose free entries are a chain', async () => {
    const { pdf } = await repairPdf(cutAt(FILE, 'startxref'))
    const table = latin1(pdf).slice(latin1(pdf).lastIndexOf('xref\n0 9'))
    const lines = table.split('\n').slice(2, 11)
    expect(lines.map((line) => line.slice(11))).toEqual([
      ...['65535 f ', '00000 n ', '00000 n ', '00000 n '],
      ...['00000 f ', '00000 f ', '00000 f ', '00000 n ', '00000 n '],
    ])
    const free = [0, 4, 5, 6].map((number) => Number(lines[number]!.slice(0, 10)))
    expect(free).toEqual([4, 5, 6, 0])
  })

  it('keeps object streams, by a cross-reference stream', async () => {
    const { pdf } = await repairPdf(cutAt(streamFile(WITH_OBJECT_4), 'startxref'))
    const document = await openPdf(pdf)
    expect(document.xref.links.map(({ section }) => section.kind)).toEqual(['stream'])
    expect(await document.get(ref(4))).toMatchObject({ kind: 'string' })
  })

  it('has of each object the last one, and no object of what a stream holds', async () => {
    const later = '1 0 obj\n<< /Type /Catalog /Pages 2 0 R /Lang (vi) >>\nendobj\n'
    const inside = '<< /Length 32 >>\nstream\n2 0 obj << /Type /Fake >> endobj\nendstream'
    const objects = { ...ONE_PAGE, 4: inside }
    const { pdf } = await repairPdf(toBytes(latin1(cutAt(tableFile(objects), 'xref\n0 1')) + later))
    const document = await openPdf(pdf)
    const [catalog, pages] = await Promise.all([1, 2].map((each) => document.get(ref(each))))
    expect(asKind(catalog, 'dict')?.entries.has('Lang')).toBe(true)
    expect(nameOf(asKind(pages, 'dict')?.entries.get('Type'))).toBe('Pages')
    const stream = asKind(await document.get(ref(4)), 'stream')
    expect(integerOf(stream?.dict.entries.get('Length'))).toBe(32)
    expect(Buffer.from(await document.readStream(stream!)).toString()).toContain('/Fake')
  })

  it('is the file itself where nothing is damaged, in memory of its own', async () => {
    const { pdf, repairs } = await repairPdf(FILE)
    expect(repairs).toEqual([])
    expect(equalBytes(pdf, FILE)).toBe(true)
    expect(pdf.buffer).not.toBe(FILE.buffer)
    const signed = await signPdf(FILE, { signer })
    expect((await repairPdf(signed)).repairs).toEqual([])
  })

  it('is a Blob of a Blob', async () => {
    const { pdf } = await repairPdf(new Blob([cutAt(FILE, 'startxref')]))
    expect(pdf.type).toBe('application/pdf')
    await expect(signPdf(pdf, { signer })).resolves.toBeInstanceOf(Blob)
  })
})

const TWO_PAGES: Objects = {
  ...ONE_PAGE,
  2: '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>',
  4: ONE_PAGE[3]!,
}
const WITH_OBJECT_4: Objects = { ...ONE_PAGE, 4: '(vier)' }

describe('is not repaired', () => {
  const malformed = (expected: string) => ({
    code: 'FORMAT_MALFORMED',
    details: expect.objectContaining({ expected }),
  })

  it.each<[string, (signed: Bytes) => Bytes]>([
    ['cut off', (signed) => cutAt(signed, 'startxref')],
    [
      'cut within its signature',
      (signed) => signed.slice(0, latin1(signed).indexOf('/Contents <') + 3000),
    ],
    ['moved', (signed) => toBytes(` ${latin1(signed)}`)],
  ])('what is signed, and %s', async (_, damage) => {
    const damaged = damage(await signPdf(FILE, { signer }))
    await expect(repairPdf(damaged)).rejects.toMatchObject(
      malformed('no signature, which a repair would break'),
    )
  })

  it.each<[string, Bytes, string]>([
    ['what is no PDF', toBytes('Kính gửi'), 'a catalog'],
    ['a page that is gone', cutAt(tableFile(TWO_PAGES), '4 0 obj'), 'every page that it names'],
    ['the content of a page that is gone', cutAt(FILE, '7 0 obj'), 'the content that it names'],
    [
      'a page tree that is its own kid',
      cutAt(tableFile({ ...ONE_PAGE, 2: '<< /Type /Pages /Kids [2 0 R] >>' }), 'xref\n0 1'),
      'a tree that ends',
    ],
    [
      'numbers that would fill gigabytes with free entries',
      cutAt(tableFile({ ...ONE_PAGE, 8000000: 'null' }), 'startxref'),
      'object numbers that lie close together',
    ],
  ])('%s', async (_, damaged, expected) => {
    await expect(repairPdf(damaged)).rejects.toMatchObject(malformed(expected))
  })

  it.each(['1 0 obj (', '1 0 obj << >> stream ', 'trailer << /A ('])(
    'what would take forever: %s, again and again',
    async (part) => {
      const repairing = repairPdf(toBytes(part.repeat(20_000)))
      await expect(repairing).rejects.toMatchObject({ code: expect.stringMatching(/^FORMAT_/) })
    },
    60_000,
  )

  it('what is no document, or by no password', async () => {
    const wrong = { code: 'USAGE_ARGUMENT' }
    await expect(repairPdf('a.pdf' as unknown as Bytes)).rejects.toMatchObject(wrong)
    const password = 7 as unknown as string
    await expect(repairPdf(FILE, { password })).rejects.toMatchObject(wrong)
  })

  it('an object stream whose data are gone, with what lies in it', async () => {
    const file = new FileBuilder().objects(ONE_PAGE)
    file.stream(5, '/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', Buffer.from('kaputt'))
    const { repairs } = await repairPdf(file.bytes())
    expect(repairs).toContainEqual({ what: 'object-lost', object: 5 })
  })
})
