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
import { areOrdered, createRun, ENTRY, type XrefRun, type XrefSection } from './xref-section.ts'

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
  const runs = runsOf(stream, offset, Math.floor(data.length / sum(widths)), budget)
  let position = 0
  for (const run of runs) {
    fillRun(run, data.subarray(position), widths, offset)
    position += run.types.length * sum(widths)
  }
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

function runsOf(
  { dict }: PdfStream,
  offset: number,
  available: number,
  budget: Budget,
): readonly XrefRun[] {
  const size = integerOf(dict.entries.get('Size')) ?? -1
  const index = integersOf(dict.entries.get('Index') ?? null) ?? [0, size]
  const runs: XrefRun[] = []
  let left = available
  for (let at = 0; at + 1 < index.length; at += 2) {
    const [first = 0, count = -1] = index.slice(at, at + 2)
    left -= count
    if (count < 0 || left < 0) throw malformed('xref stream', offset, 'as many entries as /Index')
    runs.push(createRun(first, count, budget))
  }
  return runs
}

function fillRun(run: XrefRun, data: Uint8Array, widths: readonly number[], offset: number): void {
  const [typeWidth = 0, placeWidth = 0, detailWidth = 0] = widths
  let position = 0
  const take = (width: number): number => {
    let value = 0
    for (const end = position + width; position < end; position++) {
      value = value * 256 + (data[position] as number)
    }
    return value
  }
  for (let index = 0; index < run.types.length; index++) {
    const type = typeWidth === 0 ? ENTRY.plain : take(typeWidth)
    run.types[index] = Math.min(type, 255)
    const place = take(placeWidth)
    if (type === ENTRY.plain && !Number.isSafeInteger(place)) {
      throw malformed('xref stream', offset, 'offsets within the file')
    }
    run.places[index] = place
    run.details[index] = take(detailWidth)
  }
}
