import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  encodeRecord,
  FileBuilder,
  hybridFile,
  ONE_PAGE,
  streamFile,
  tableFile,
} from '../../../../test/helpers/pdf-file.ts'
import { openPdf } from './document.ts'
import { asKind, nameOf, type PdfRef } from './objects.ts'
import { firstUnusedNumber } from './xref.ts'

const ref = (number: number, generation = 0): PdfRef => ({ kind: 'ref', number, generation })
const malformed = (expected: string) => ({
  code: 'FORMAT_MALFORMED',
  details: expect.objectContaining({ expected }),
})

async function typeOf(bytes: Uint8Array<ArrayBuffer>, number: number) {
  const types = []
  for (const input of [bytes, new Blob([bytes])]) {
    const document = await openPdf(input)
    const value = asKind(await document.resolve(ref(number)), 'dict')
    types.push(nameOf(value?.entries.get('Type')))
  }
  expect(types[0]).toBe(types[1])
  return types[0]
}

describe('reading by number', () => {
  it('reads a table', async () => {
    expect(await typeOf(tableFile(), 3)).toBe('Page')
  })

  it.each(['\n', '\r', ' \n', '\r\n', '  \r\n'])(
    'reads a table whose entries end in %j',
    async (lineEnd) => {
      const file = new FileBuilder().objects(ONE_PAGE)
      file.table('/Size 4 /Root 1 0 R', undefined, lineEnd)
      expect(await typeOf(file.bytes(), 1)).toBe('Catalog')
    },
  )

  it.each([[[1, 2, 2]], [[1, 8, 2]], [[2, 3, 0]], [[1, 4, 8]]])(
    'reads a cross-reference stream of widths %j',
    async (widths) => {
      const objects = widths[2] === 0 ? { 1: ONE_PAGE[1]! } : ONE_PAGE
      expect(await typeOf(streamFile(objects, widths), 1)).toBe('Catalog')
    },
  )

  it('takes type 1 where /W gives types no width, and reads /Index and predictors', async () => {
    const file = new FileBuilder().objects({ ...ONE_PAGE, 9: '<< /Type /Late >>' })
    const records = [1, 2, 3, 9].map((number) => [file.offsets.get(number)!])
    const rows: Buffer[] = []
    let before: Uint8Array = new Uint8Array(3)
    for (const record of [...records, [file.size]]) {
      const row = encodeRecord(record, [3])
      rows.push(Buffer.from([2, ...row.map((byte, index) => byte - before[index]!)]))
      before = row
    }
    const start = file.size
    const dict = `/Type /XRef /Size 11 /Root 1 0 R /W [0 3 0] /Index [1 3 9 2] /Filter [/FlateDecode]
      /DecodeParms [<< /Predictor 12 /Columns 3 >>]`
    file.stream(10, dict, deflateSync(Buffer.concat(rows))).add(`startxref\n${start}\n%%EOF`)
    expect(await typeOf(file.bytes(), 9)).toBe('Late')
    expect(await typeOf(file.bytes(), 2)).toBe('Pages')
    expect(await typeOf(file.bytes(), 5)).toBeUndefined()
  })

  it('reads hybrid files: the table first, then the hidden objects', async () => {
    const document = await openPdf(hybridFile())
    expect(await document.get(ref(4))).toMatchObject({ kind: 'dict' })
    expect(await document.get(ref(3))).toMatchObject({ kind: 'dict' })
    expect(firstUnusedNumber(document.xref)).toBe(7)
  })

  it('reads an object from a stream that extends another', async () => {
    const file = new FileBuilder()
      .objectStream(4, ONE_PAGE)
      .objectStream(5, { 6: '<< /Type /More >>' }, '/Extends 4 0 R')
    const places = [4, 5].map((number) => [1, file.offsets.get(number)!, 0])
    const compressed = [0, 1, 2].map((index) => [2, 4, index])
    const records = [...compressed, ...places, [2, 5, 0], [1, file.size, 0]]
    file.xrefStream(7, '/Size 8 /Root 1 0 R /Index [1 7]', records, [1, 2, 1])
    expect(await typeOf(file.bytes(), 6)).toBe('More')
    expect(await typeOf(file.bytes(), 2)).toBe('Pages')
  })

  it('lets the newest revision count, deletions included', async () => {
    const file = new FileBuilder().objects({ ...ONE_PAGE, 4: '<< /Type /Old >>' })
    const first = file.table('/Size 5 /Root 1 0 R')
    file.objects({ 3: '<< /Type /New >>' })
    const start = file.size
    const line = `${String(file.offsets.get(3)).padStart(10, '0')} 00000 n \n0000000000 00001 f \n`
    file.add(`xref\n3 2\n${line}trailer\n<< /Size 5 /Root 1 0 R /Prev ${first} >>\n`)
    file.add(`startxref\n${start}\n%%EOF\n`)
    expect(await typeOf(file.bytes(), 3)).toBe('New')
    expect(await typeOf(file.bytes(), 4)).toBeUndefined()
  })

  it('counts every number that was ever spoken of', async () => {
    const file = new FileBuilder().objects({ ...ONE_PAGE, 40: 'null' })
    file.table('/Size 4 /Root 1 0 R')
    expect(firstUnusedNumber((await openPdf(file.bytes())).xref)).toBe(41)
  })

  it('takes /Prev 0 for none, as other readers do', async () => {
    expect(await typeOf(tableFile(ONE_PAGE, '/Prev 0'), 2)).toBe('Pages')
  })

  it('lets white space stand between startxref’s offset and the section', async () => {
    const file = new FileBuilder().objects(ONE_PAGE).add('\n')
    const start = file.size - 1
    file.table('/Size 4 /Root 1 0 R')
    const text = Buffer.from(file.bytes()).toString('latin1')
    const bytes = Buffer.from(text.replace(/startxref\n\d+/, `startxref\n${start}`), 'latin1')
    const document = await openPdf(new Uint8Array(bytes))
    expect(document.xref.links[0]?.section.offset).toBe(start + 1)
  })
})

describe('what is refused', () => {
  it('a header that is not at the start', async () => {
    const bytes = new Uint8Array([0x0a, ...tableFile()])
    const expected = malformed('%PDF- and a version at offset 0')
    await expect(openPdf(bytes)).rejects.toMatchObject(expected)
  })

  it('an encrypted file', async () => {
    const bytes = tableFile(ONE_PAGE, '/Encrypt << /Filter /Standard >>')
    await expect(openPdf(bytes)).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
      details: { feature: 'encryption' },
    })
  })

  it('a table that leads to another object', async () => {
    const file = new FileBuilder().objects(ONE_PAGE)
    file.offsets.set(1, file.offsets.get(2)!)
    file.table('/Size 4 /Root 1 0 R')
    const document = await openPdf(file.bytes())
    await expect(document.get(ref(1))).rejects.toMatchObject(malformed('1 0 obj'))
  })

  it('a /Prev that runs in a circle', async () => {
    const file = new FileBuilder().objects(ONE_PAGE)
    file.table(`/Size 4 /Root 1 0 R /Prev ${file.size}`)
    await expect(openPdf(file.bytes())).rejects.toMatchObject(malformed('a /Prev chain that ends'))
  })

  it('references that run in a circle', async () => {
    const bytes = tableFile({ ...ONE_PAGE, 4: '5 0 R', 5: '4 0 R' })
    const document = await openPdf(bytes)
    await expect(document.resolve(ref(4))).rejects.toMatchObject(malformed('references that end'))
  })

  it('an object stream that waits for itself', async () => {
    const file = new FileBuilder().objectStream(4, { 5: '99' }, '/DecodeParms 5 0 R')
    const records = [
      [2, 4, 0],
      [1, file.offsets.get(4)!, 0],
    ]
    file.xrefStream(6, '/Size 7 /Root 5 0 R /Index [5 1 4 1]', records, [1, 2, 1])
    const document = await openPdf(file.bytes())
    expect(await document.get(ref(5))).toMatchObject({ value: 99 })
  })

  it('a table that claims more than the file can hold', async () => {
    const file = new FileBuilder().objects(ONE_PAGE)
    const start = file.size
    file.add(`xref\n0 4000000000\ntrailer\n<< >>\nstartxref\n${start}\n%%EOF`)
    await expect(openPdf(file.bytes())).rejects.toMatchObject(malformed('a sane count'))
  })

  it('a cross-reference stream that inflates without end', async () => {
    const file = new FileBuilder()
    const start = file.size
    const bomb = deflateSync(Buffer.alloc(80 << 20))
    file.stream(1, '/Type /XRef /Size 2 /W [1 2 1] /Filter /FlateDecode', bomb)
    file.add(`startxref\n${start}\n%%EOF`)
    await expect(openPdf(file.bytes())).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED' })
  })
})
