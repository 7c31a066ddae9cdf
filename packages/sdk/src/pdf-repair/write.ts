/**
 * A repaired file: every object once, and one cross-reference section without gaps, for gaps in a first revision make
 * Acrobat call a signature invalid once a second one was made.
 *
 *     %PDF-1.7 │ N G obj … endobj … │ xref 0 n, or an /XRef stream where objects lie in object streams │ %%EOF
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { PdfWriter } from '../pdf/encode.ts'
import { malformed } from '../pdf/malformed.ts'
import { array, asKind, name, number, withEntries, type PdfDict } from '../pdf/objects.ts'
import { bigEndian, bytesFor } from '../pdf/xref-encode.ts'
import { ENTRY } from '../pdf/xref-section.ts'
import type { Collected } from './collect.ts'
import type { FoundObject } from './read-objects.ts'

/** Type, offset or holder, generation or index; as in cross-reference streams. */
type Entry = readonly [type: number, place: number, detail: number]

/** A free number costs an entry: a file of few objects with enormous numbers would grow without bound. */
const MAX_FREE_AN_OBJECT = 64
const MIN_NUMBERS = 65_536

/** Writes the file. */
export function writeRepaired(version: string, { live }: Collected, trailer: PdfDict): Bytes {
  const writer = new PdfWriter()
  // Four bytes above 127 tell transports that the file is binary (ISO 32000-2 §7.5.2).
  writer.add(`%PDF-${version}\n%\xe2\xe3\xcf\xd3\n`)
  const entries = new Map<number, Entry>()
  for (const [each, where] of [...live].sort(([left], [right]) => left - right)) {
    if (where.kind === 'compressed') {
      entries.set(each, [ENTRY.compressed, where.holder.ref.number, where.index])
      continue
    }
    entries.set(each, [ENTRY.plain, writer.offset, where.object.ref.generation])
    writeObject(writer, where.object)
  }
  // The entries are in order: the last has the greatest number.
  const size = ([...entries.keys()].at(-1) ?? 0) + 1
  if (size > MIN_NUMBERS + entries.size * MAX_FREE_AN_OBJECT) {
    throw malformed('file', 0, 'object numbers that lie close together')
  }
  const isStream = [...entries.values()].some(([type]) => type === ENTRY.compressed)
  const start = writer.offset
  if (isStream) writeStream(writer, entries, trailer, size)
  else writeTable(writer, entries, trailer, size)
  writer.add(`startxref\n${start}\n%%EOF\n`)
  return writer.toBytes()
}

function writeObject(writer: PdfWriter, { ref, value, data }: FoundObject): void {
  if (ref.generation > 65535) throw malformed('object', 0, 'a generation of five digits')
  writer.add(`${ref.number} ${ref.generation} obj\n`)
  const stream = asKind(value, 'stream')
  if (stream === undefined || data === undefined) writer.value(value)
  else writer.value({ kind: 'new-stream', dict: stream.dict, data })
  writer.add('\nendobj\n')
}

function writeTable(
  writer: PdfWriter,
  entries: ReadonlyMap<number, Entry>,
  trailer: PdfDict,
  size: number,
): void {
  writer.add(`xref\n0 ${size}\n`)
  const nextFree = freeChain(entries, size)
  for (let each = 0; each < size; each++) {
    const [, place, generation] = entries.get(each) ?? [
      0,
      nextFree[each] ?? 0,
      each === 0 ? 65535 : 0,
    ]
    const type = entries.has(each) ? 'n' : 'f'
    writer.add(`${pad(place, 10)} ${pad(generation, 5)} ${type} \n`)
  }
  writer.add('trailer\n')
  writer.value(withEntries(trailer, { Size: number(size) }))
  writer.add('\n')
}

/** Free entries name the next one, and the last names 0 (§7.5.4). */
function freeChain(entries: ReadonlyMap<number, Entry>, size: number): Uint32Array {
  const chain = new Uint32Array(size)
  let next = 0
  for (let each = size - 1; each >= 0; each--) {
    if (entries.has(each)) continue
    chain[each] = next
    next = each
  }
  return chain
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}

function writeStream(
  writer: PdfWriter,
  entries: ReadonlyMap<number, Entry>,
  trailer: PdfDict,
  size: number,
): void {
  const { offset } = writer
  const all = new Map<number, Entry>([...entries, [size, [ENTRY.plain, offset, 0]]])
  const nextFree = freeChain(all, size + 1)
  const width = bytesFor(Math.max(offset, size))
  const data = new Uint8Array((size + 1) * (width + 3))
  for (let each = 0; each <= size; each++) {
    const free: Entry = [ENTRY.free, nextFree[each] ?? 0, each === 0 ? 65535 : 0]
    const [type, place, detail] = all.get(each) ?? free
    data.set([type, ...bigEndian(place, width), ...bigEndian(detail, 2)], each * (width + 3))
  }
  const dict = withEntries(trailer, {
    Type: name('XRef'),
    W: array(number(1), number(width), number(2)),
    Size: number(size + 1),
  })
  writer.add(`${size} 0 obj\n`)
  writer.value({ kind: 'new-stream', dict, data })
  writer.add('\nendobj\n')
}
