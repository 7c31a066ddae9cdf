/**
 * Cross-reference streams, ISO 32000-2 §7.5.8: fixed-width records of big-endian fields.
 *
 *     /W [1 8 2]   type, offset or stream number, generation or index; a width of 0 means the default
 * @module
 */
import type { Budget } from './budget.ts'
import { malformed } from './malformed.ts'
import {
  asKind,
  integerOf,
  nameOf,
  type PdfStream,
  type PdfValue,
  type Resolve,
} from './objects.ts'
import { readStreamData } from './stream-data.ts'
import type { ByteSource } from './source.ts'
import {
  areOrdered,
  ENTRY,
  type XrefEntry,
  type XrefRun,
  type XrefSection,
} from './xref-section.ts'

/** Within a cross-reference stream everything is direct (§7.5.8.2). */
const resolveDirect: Resolve = (value) => {
  if (asKind(value, 'ref') !== undefined) throw malformed('xref stream', 0, 'direct values')
  return Promise.resolve(value ?? null)
}

/** Reads a cross-reference stream whose object was parsed at `offset`. */
export async function readXrefStream(
  source: ByteSource,
  value: PdfValue,
  offset: number,
  budget: Budget,
): Promise<XrefSection> {
  const stream = asKind(value, 'stream')
  if (stream === undefined || nameOf(stream.dict.entries.get('Type')) !== 'XRef') {
    throw malformed('xref', offset, 'xref or a cross-reference stream')
  }
  const widths = widthsOf(stream, offset)
  const data = await readStreamData(source, stream, resolveDirect)
  budget.spend(data.length)
  const runs = runsOf(stream, offset, { data, widths })
  return { kind: 'stream', offset, trailer: stream.dict, runs, isOrdered: areOrdered(runs, offset) }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function integersOf(value: PdfValue | undefined): readonly number[] | undefined {
  const integers = asKind(value, 'array')?.items.map((item) => integerOf(item) ?? -1)
  return integers?.every((each) => each >= 0) === true ? integers : undefined
}

function widthsOf({ dict }: PdfStream, offset: number): readonly number[] {
  const widths = integersOf(dict.entries.get('W'))?.slice(0, 3)
  if (widths?.length !== 3 || sum(widths) === 0 || sum(widths) > 64) {
    throw malformed('xref stream', offset, '/W of three widths')
  }
  return widths
}

/** The decoded data, and how its records are laid out. */
interface Records {
  readonly data: Uint8Array
  readonly widths: readonly number[]
}

function runsOf({ dict }: PdfStream, offset: number, records: Records): readonly XrefRun[] {
  const size = integerOf(dict.entries.get('Size')) ?? -1
  const index = integersOf(dict.entries.get('Index') ?? null) ?? [0, size]
  const recordBytes = sum(records.widths)
  const available = Math.floor(records.data.length / recordBytes)
  const runs: XrefRun[] = []
  let before = 0
  for (let at = 0; at + 1 < index.length; at += 2) {
    const [first = 0, count = -1] = index.slice(at, at + 2)
    const start = before * recordBytes
    before += count
    if (count < 0 || before > available) {
      throw malformed('xref stream', offset, 'as many entries as /Index')
    }
    const entryAt = (each: number): XrefEntry =>
      readRecord(records, start + each * recordBytes, offset)
    runs.push({ first, count, entryAt })
  }
  return runs
}

function readRecord({ data, widths }: Records, start: number, offset: number): XrefEntry {
  const [typeWidth = 0, placeWidth = 0, detailWidth = 0] = widths
  let position = start
  const take = (width: number): number => {
    let value = 0
    for (const end = position + width; position < end; position++) {
      value = value * 256 + (data[position] as number)
    }
    return value
  }
  const type = typeWidth === 0 ? ENTRY.plain : take(typeWidth)
  const place = take(placeWidth)
  if (type === ENTRY.plain && !Number.isSafeInteger(place)) {
    throw malformed('xref stream', offset, 'offsets within the file')
  }
  return { type, place, detail: take(detailWidth) }
}
