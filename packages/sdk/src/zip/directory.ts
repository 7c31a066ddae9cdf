/**
 * The list of what a ZIP holds, at its end.
 *
 * ```
 * local header, data, descriptor? │ … │ central directory: record … │ end record                       APPNOTE 4.3
 * ```
 *
 * Two readers of one file must not find two lists: what is ambiguous, hides, overlaps or would not fit is refused.
 * @module
 */
import { readChunk, sizeOf } from '../digest.ts'
import type { DocumentInput } from '../types.ts'
import { malformedZip, unsupportedZip } from './malformed.ts'
import { parseName } from './names.ts'

/** One entry as the central directory has it. */
export interface DirectoryRecord {
  readonly name: string
  readonly flags: number
  /** 0 stored, 8 deflated. */
  readonly method: 0 | 8
  readonly crc32: number
  readonly compressedSize: number
  readonly size: number
  /** Of the local header. */
  readonly offset: number
  /** The record itself. */
  readonly bytes: Uint8Array
}

/** The whole list. */
export interface Directory {
  readonly records: readonly DirectoryRecord[]
  /** Where it starts. */
  readonly offset: number
  readonly comment: Uint8Array
}

const END = 0x06054b50
/** Of the ZIP64 end record (APPNOTE 4.3.15); some readers heed it whatever the other one says. */
const LOCATOR = 0x07064b50
const LOCATOR_BYTES = 20
const END_BYTES = 22
const RECORD = 0x02014b50
const RECORD_BYTES = 46
const MAX_COMMENT_BYTES = 0xffff
const MAX_ENTRIES = 10_000
const MAX_DIRECTORY_BYTES = 16 << 20
/** What all entries may come to: ZIP64 is not read. */
const MAX_TOTAL_BYTES = 2 ** 32 - 1
/** Deflate cannot do better (RFC 1951: 258 octets by 2 bits). */
const MAX_RATIO = 1032
/** Bits 0, 6 and 13: encrypted. */
const ENCRYPTED = 0x2041

/**
 * Reads the list.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED for encryption, ZIP64, several disks, other compressions
 */
export async function readDirectory(file: DocumentInput): Promise<Directory> {
  const size = sizeOf(file)
  const tailAt = Math.max(0, size - END_BYTES - MAX_COMMENT_BYTES)
  const tail = await readChunk(file, tailAt, size)
  const end = findEnd(tail)
  const view = viewOf(tail, end)
  if (findNumber(tail.subarray(end + 1), END)) throw malformedZip('a comment without an end record')
  if (findNumber(tail.subarray(0, end).slice(-LOCATOR_BYTES, 4 - LOCATOR_BYTES), LOCATOR)) {
    throw unsupportedZip('ZIP64')
  }
  const [disk, firstDisk] = [view.getUint16(4, true), view.getUint16(6, true)]
  const [here, count] = [view.getUint16(8, true), view.getUint16(10, true)]
  const [bytes, offset] = [view.getUint32(12, true), view.getUint32(16, true)]
  if (offset === 0xffffffff || count === 0xffff || disk === 0xffff) throw unsupportedZip('ZIP64')
  if (disk !== 0 || firstDisk !== 0 || here !== count) throw unsupportedZip('several disks')
  if (count > MAX_ENTRIES || bytes > MAX_DIRECTORY_BYTES) throw unsupportedZip('too many entries')
  if (offset + bytes !== tailAt + end) throw malformedZip('the list right before its end record')
  const list = await readChunk(file, offset, offset + bytes)
  const records = parseRecords(list, count, offset)
  return { records, offset, comment: new Uint8Array(tail.subarray(end + END_BYTES)) }
}

/** The end record whose comment ends with the file. */
function findEnd(tail: Uint8Array): number {
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    const view = viewOf(tail, at)
    if (view.getUint32(0, true) !== END) continue
    if (at + END_BYTES + view.getUint16(20, true) === tail.length) return at
  }
  throw malformedZip('an end record')
}

/**
 * Tells whether octets hold a number. The last end record counts for most readers, and for some it need not end with the
 * file: python's zipfile, unzip and Java's ZipFile each find another list in a comment that has one.
 */
function findNumber(octets: Uint8Array, number: number): boolean {
  for (let at = octets.length - 4; at >= 0; at--) {
    if (viewOf(octets, at).getUint32(0, true) === number) return true
  }
  return false
}

function parseRecords(list: Uint8Array, count: number, directory: number): DirectoryRecord[] {
  const records: DirectoryRecord[] = []
  let at = 0
  for (let index = 0; index < count; index++) {
    if (at + RECORD_BYTES > list.length) throw malformedZip('as many entries as it says')
    const view = viewOf(list, at)
    if (view.getUint32(0, true) !== RECORD) throw malformedZip('a record of an entry')
    const lengths = [28, 30, 32].map((offset) => view.getUint16(offset, true))
    const end = at + RECORD_BYTES + lengths.reduce((sum, length) => sum + length, 0)
    if (end > list.length) throw malformedZip('a record that ends')
    records.push(parseRecord(list.subarray(at, end), lengths[0] as number, directory))
    at = end
  }
  if (at !== list.length) throw malformedZip('no more entries than it says')
  assertSane(records)
  return records
}

function parseRecord(bytes: Uint8Array, nameLength: number, directory: number): DirectoryRecord {
  const view = viewOf(bytes, 0)
  const flags = view.getUint16(8, true)
  const method = view.getUint16(10, true)
  const [crc32, compressedSize, size] = [16, 20, 24].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
  ]
  const offset = view.getUint32(42, true)
  if ((flags & ENCRYPTED) !== 0) throw unsupportedZip('encryption')
  if (method !== 0 && method !== 8) throw unsupportedZip(`compression ${method}`)
  if ([compressedSize, size, offset].includes(0xffffffff)) throw unsupportedZip('ZIP64')
  if (method === 0 && size !== compressedSize) throw malformedZip('the size of what is stored')
  if (size > compressedSize * MAX_RATIO) throw malformedZip('sizes that can be')
  if (offset + compressedSize > directory) throw malformedZip('entries before the list')
  const name = parseName(bytes.subarray(RECORD_BYTES, RECORD_BYTES + nameLength))
  return { name, flags, method, crc32, compressedSize, size, offset, bytes: new Uint8Array(bytes) }
}

/** Names that differ in case or form alone are one file where somebody unpacks them. */
function assertSane(records: readonly DirectoryRecord[]): void {
  const names = records.map(({ name }) => name.normalize('NFC').toLowerCase().replace(/\/$/, ''))
  if (new Set(names).size !== names.length) throw malformedZip('each name once')
  const total = records.reduce((sum, { size }) => sum + size, 0)
  if (total > MAX_TOTAL_BYTES) throw unsupportedZip('more than 4 GiB')
}

/** Little-endian numbers from an offset on. */
export function viewOf(bytes: Uint8Array, at: number): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + at, bytes.byteLength - at)
}
