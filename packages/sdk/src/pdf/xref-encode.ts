/**
 * The cross-reference section of a new revision, of the kind that the file's newest one has: a table after a stream
 * makes Acrobat rewrite the file, and the signature with it.
 * @module
 */
import type { PdfWriter } from './encode.ts'
import { unsupported } from './malformed.ts'
import { array, name, number, withEntries, withoutKeys, type PdfDict } from './objects.ts'

/** A plain object that the revision holds. */
export interface WrittenObject {
  readonly number: number
  readonly generation: number
  readonly offset: number
}

/** What the section says besides its entries. */
export interface SectionInput {
  /** Trailer entries, without those that belong to one section only. */
  readonly trailer: PdfDict
  /** Offset of the section before. */
  readonly previous: number
  readonly size: number
}

/** Entries of a trailer that belong to one section, its stream's included. */
const SECTION_KEYS = [
  ...['Prev', 'Size', 'XRefStm'],
  ...[
    'Type',
    'W',
    'Index',
    'Length',
    'Filter',
    'DecodeParms',
    'F',
    'FFilter',
    'FDecodeParms',
    'DL',
  ],
]

/** What a trailer hands on to the next revision: everything but its own section (ISO 32000-2 §7.5.6). */
export function inheritedTrailer(trailer: PdfDict): PdfDict {
  return withoutKeys(trailer, ...SECTION_KEYS)
}

/** Objects in runs of consecutive numbers. */
function runsOf(objects: readonly WrittenObject[]): WrittenObject[][] {
  const runs: WrittenObject[][] = []
  for (const object of [...objects].sort((a, b) => a.number - b.number)) {
    const run = runs.at(-1)
    if (run?.at(-1)?.number === object.number - 1) run?.push(object)
    else runs.push([object])
  }
  return runs
}

/** Writes a table with its trailer; returns its offset. */
export function writeXrefTable(
  writer: PdfWriter,
  objects: readonly WrittenObject[],
  input: SectionInput,
): number {
  const { offset } = writer
  writer.add('xref\n')
  for (const run of runsOf(objects)) {
    writer.add(`${run[0]?.number ?? 0} ${run.length}\n`)
    for (const { offset: place, generation } of run) {
      const digits = String(place).padStart(10, '0')
      if (digits.length > 10) throw unsupported('files above 10 GB with a cross-reference table')
      writer.add(`${digits} ${String(generation).padStart(5, '0')} n \n`)
    }
  }
  writer.add('trailer\n')
  const { trailer, previous, size } = input
  writer.value(withEntries(trailer, { Size: number(size), Prev: number(previous) }))
  writer.add('\n')
  return offset
}

/** Writes a cross-reference stream as object `ownNumber`, its own entry included; returns its offset. */
export function writeXrefStream(
  writer: PdfWriter,
  objects: readonly WrittenObject[],
  input: SectionInput,
  ownNumber: number,
): number {
  const { offset } = writer
  const runs = runsOf([...objects, { number: ownNumber, generation: 0, offset }])
  // The section itself lies behind all objects: its offset is the greatest.
  const widths = [1, bytesFor(offset), 2]
  const records = runs
    .flat()
    .flatMap((object) => [
      1,
      ...bigEndian(object.offset, widths[1] as number),
      ...bigEndian(object.generation, 2),
    ])
  const index = runs.flatMap((run) => [number(run[0]?.number ?? 0), number(run.length)])
  const dict = withEntries(input.trailer, {
    Type: name('XRef'),
    W: array(...widths.map(number)),
    Index: array(...index),
    Size: number(input.size),
    Prev: number(input.previous),
  })
  writer.add(`${ownNumber} 0 obj\n`)
  writer.value({ kind: 'new-stream', dict, data: Uint8Array.from(records) })
  writer.add('\nendobj\n')
  return offset
}

/** How many bytes a number takes. */
export function bytesFor(value: number): number {
  let width = 1
  for (let limit = 256; value >= limit; limit *= 256) width++
  return width
}

/** A number as bytes, the highest first. */
export function bigEndian(value: number, width: number): number[] {
  const bytes: number[] = []
  for (let rest = value; bytes.length < width; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256)
  }
  return bytes
}
