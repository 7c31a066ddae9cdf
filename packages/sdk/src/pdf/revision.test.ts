import { describe, expect, it } from 'vitest'
import {
  FileBuilder,
  hybridFile,
  ONE_PAGE,
  streamFile,
  tableFile,
} from '../../../../test/helpers/pdf-file.ts'
import { concatBytes, equalBytes, type Bytes } from '../bytes.ts'
import { openPdf } from './document.ts'
import { asKind, dict, integerOf, number, withEntries, type PdfRef } from './objects.ts'
import { Revision } from './revision.ts'

const ref = (value: number, generation = 0): PdfRef => ({ kind: 'ref', number: value, generation })
const text = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)

/** Sets a key of the catalog, adds one object, and returns the file with the revision. */
async function revise(file: Bytes, number_ = 1): Promise<{ whole: Bytes; added: PdfRef }> {
  const document = await openPdf(file)
  const revision = new Revision(document)
  const catalog = asKind(await document.get(ref(number_)), 'dict')!
  const added = revision.allocate()
  revision.set(ref(number_), withEntries(catalog, { Added: added }))
  revision.set(added, dict({ Answer: number(42) }))
  const { bytes } = await revision.encode()
  return { whole: concatBytes(file, bytes), added }
}

describe('a revision', () => {
  it.each<[string, () => Bytes, 'table' | 'stream', number]>([
    ['table', tableFile, 'table', 4],
    ['stream', streamFile, 'stream', 6],
    ['hybrid', hybridFile, 'table', 7],
  ])('of a %s file has the same kind of section', async (_, make, kind, next) => {
    const file = make()
    const { whole, added } = await revise(file)
    expect(equalBytes(whole.subarray(0, file.length), file)).toBe(true)
    const document = await openPdf(whole)
    expect(document.xref.links).toHaveLength(2)
    expect(document.xref.links[0]?.section.kind).toBe(kind)
    expect(added).toEqual(ref(next))
    const size = integerOf(document.trailer.entries.get('Size'))
    expect(size).toBe(kind === 'stream' ? next + 2 : next + 1)
    expect(document.trailer.entries.has('XRefStm')).toBe(false)
    expect(await document.get(added)).toMatchObject({ kind: 'dict' })
    // What was compressed is plain now.
    expect(text(whole.subarray(file.length))).toContain('1 0 obj\n<< /Type /Catalog')
  })

  it('can follow a revision, again and again', async () => {
    let file = streamFile()
    for (let round = 0; round < 5; round++) file = (await revise(file)).whole
    const document = await openPdf(file)
    expect(document.xref.links).toHaveLength(6)
    const catalog = asKind(await document.get(ref(1)), 'dict')
    expect(catalog?.entries.get('Added')).toMatchObject({ number: 14 })
  })

  it('sets a line end before itself only where there is none', async () => {
    const file = tableFile()
    const open = file.slice(0, -1)
    expect(text((await revise(open)).whole.subarray(open.length))).toMatch(/^\n1 0 obj/)
    expect(text((await revise(file)).whole.subarray(file.length))).toMatch(/^1 0 obj/)
  })

  it('keeps generations, and never takes a number that was used', async () => {
    const file = new FileBuilder().objects({ 2: ONE_PAGE[2]!, 3: ONE_PAGE[3]! })
    const catalog = file.size
    file.add(`1 7 obj\n${ONE_PAGE[1]}\nendobj\n`)
    const start = file.size
    const line = (place: number, detail: number, type: string) =>
      `${String(place).padStart(10, '0')} ${String(detail).padStart(5, '0')} ${type} \n`
    file.add(`xref\n0 4\n${line(0, 65535, 'f')}${line(catalog, 7, 'n')}`)
    file.add(line(file.offsets.get(2)!, 0, 'n') + line(file.offsets.get(3)!, 0, 'n'))
    file.add(`90 1\n${line(0, 3, 'f')}trailer\n<< /Size 4 /Root 1 7 R >>\n`)
    file.add(`startxref\n${start}\n%%EOF\n`)
    const document = await openPdf(file.bytes())
    const revision = new Revision(document)
    expect(revision.allocate()).toEqual(ref(91))
    revision.set(ref(1, 7), asKind(await document.get(ref(1, 7)), 'dict')!)
    const { bytes } = await revision.encode()
    expect(text(bytes)).toMatch(/^1 7 obj/)
    expect(text(bytes)).toMatch(/xref\n1 1\n\d{10} 00007 n \ntrailer/)
  })

  it('keeps the first identifier, renews the second, and hands on the rest of the trailer', async () => {
    const file = tableFile(ONE_PAGE, '/ID [<aa> <bb>] /Info 3 0 R /Custom (x)')
    const { trailer } = await openPdf((await revise(file)).whole)
    const [first, second] = asKind(trailer.entries.get('ID'), 'array')!.items
    expect(asKind(first, 'string')?.bytes).toEqual(Uint8Array.of(0xaa))
    expect(asKind(second, 'string')?.bytes).toHaveLength(16)
    expect([...trailer.entries.keys()].sort()).toEqual(
      ['Custom', 'ID', 'Info', 'Prev', 'Root', 'Size'].sort(),
    )
  })

  it('widens the offsets of a cross-reference stream as far as the file goes', async () => {
    const { whole } = await revise(streamFile())
    const padded = concatBytes(whole.slice(0, -1), new Uint8Array(70_000).fill(0x20))
    const tail = new TextEncoder().encode(text(whole).slice(text(whole).lastIndexOf('startxref')))
    const file = concatBytes(padded, Uint8Array.of(0x0a), tail)
    const document = await openPdf((await revise(file)).whole)
    const widths = asKind(document.trailer.entries.get('W'), 'array')
    expect(widths?.items.map(integerOf)).toEqual([1, 3, 2])
  })
})
