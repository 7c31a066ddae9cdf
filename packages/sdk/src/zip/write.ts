/**
 * A ZIP, written: new entries are stored as they are, those that were there keep their very bytes.
 *
 * ```
 * kept: local header, data, descriptor │ new: local header, data │ central directory │ end record
 * ```
 *
 * Nothing is compressed: what people sign is so already for the most part, and what was hashed lies there as it was.
 * @module
 */
import { type Bytes, concatBytes, encodeUtf8 } from '../bytes.ts'
import { sizeOf } from '../digest.ts'
import { wrongArgument } from '../errors.ts'
import type { DocumentInput } from '../types.ts'
import type { ZipArchive, ZipEntry } from './archive.ts'
import { computeCrc32 } from './crc32.ts'
import { unsupportedZip } from './malformed.ts'
import { UTF8_FLAG, isPath } from './names.ts'

/** What is put in. */
export interface NewEntry {
  /** A relative path with `/` between its steps. */
  readonly name: string
  readonly data: DocumentInput
}

/** The result, part by part. */
type Parts = (Uint8Array | Blob)[]

const MAX_BYTES = 2 ** 32 - 1
const MAX_ENTRIES = 10_000
/** 2.0, what every reader knows; made on a system whose attributes are nobody's business. */
const VERSION = 20

/**
 * Writes a new ZIP.
 * @param entries in this order, each name once
 * @param time of all entries, in UTC; whole seconds, even ones
 * @returns bytes where all data is, else a Blob that refers to the data
 * @throws {UsageError} USAGE_ARGUMENT for a name that is no relative path, or is there twice
 * @throws {FormatError} FORMAT_UNSUPPORTED above 4 GiB or 10,000 entries
 */
export async function writeZip(entries: readonly NewEntry[], time: Date): Promise<Bytes | Blob> {
  return assemble(entries, { time, comment: new Uint8Array(), isBytes: true })
}

/**
 * Writes a ZIP anew with entries added or replaced, the latter where they were; all others keep their bytes, headers
 * included.
 * @returns bytes where the archive was bytes and all data is, else a Blob
 * @throws as `writeZip`
 */
export async function extendZip(
  { file, entries, comment }: ZipArchive,
  changes: readonly NewEntry[],
  time: Date,
): Promise<Bytes | Blob> {
  const placed = entries.map(
    (entry) =>
      changes.find(({ name }) => name === entry.name) ?? { entry, bytes: sliceOf(file, entry) },
  )
  const added = changes.filter((change) => !placed.includes(change))
  const isBytes = file instanceof Uint8Array
  return assemble([...placed, ...added], { time, comment, isBytes })
}

interface Kept {
  readonly entry: ZipEntry
  readonly bytes: Uint8Array | Blob
}

async function assemble(
  entries: readonly (Kept | NewEntry)[],
  { time, comment, isBytes }: { time: Date; comment: Uint8Array; isBytes: boolean },
): Promise<Bytes | Blob> {
  const names = entries.map((one) => ('entry' in one ? one.entry.name : one.name))
  if (new Set(names).size !== names.length) throw wrongArgument('files', 'each name once')
  const parts: Parts = []
  const records: Uint8Array[] = []
  let offset = 0
  for (const one of entries) {
    if ('entry' in one) {
      records.push(moveRecord(one.entry.bytes, offset))
      parts.push(one.bytes)
      offset += one.entry.end - one.entry.offset
      continue
    }
    const { local, record } = await encodeNew(one, offset, time)
    records.push(record)
    parts.push(local, one.data)
    offset += local.length + sizeOf(one.data)
  }
  const directory = concatBytes(...records)
  if (records.length > MAX_ENTRIES || offset + directory.length > MAX_BYTES) {
    throw unsupportedZip('more than 4 GiB, or 10,000 entries')
  }
  parts.push(directory, encodeEnd(records.length, directory.length, offset, comment))
  const isWhole = isBytes && parts.every((part) => part instanceof Uint8Array)
  return isWhole ? concatBytes(...(parts as Uint8Array[])) : new Blob(parts as BlobPart[])
}

async function encodeNew(
  { name, data }: NewEntry,
  offset: number,
  time: Date,
): Promise<{ local: Bytes; record: Bytes }> {
  if (!isPath(name)) {
    throw wrongArgument('name', 'a relative path: no "..", drive, backslash or control character')
  }
  const size = sizeOf(data)
  if (offset + size > MAX_BYTES) throw unsupportedZip('more than 4 GiB')
  const entry = { name: encodeUtf8(name), size, time, crc32: await computeCrc32(data) }
  return { local: encodeLocal(entry), record: encodeRecord(entry, offset) }
}

interface Described {
  readonly name: Uint8Array
  readonly size: number
  readonly time: Date
  readonly crc32: number
}

/** Local header (APPNOTE 4.3.7): no extra field, no descriptor behind the data. */
function encodeLocal(entry: Described): Bytes {
  return concatBytes(uint32(0x04034b50), encodeCommon(entry), entry.name)
}

/** Record of the central directory (APPNOTE 4.3.12). */
function encodeRecord(entry: Described, offset: number): Bytes {
  return concatBytes(
    ...[uint32(0x02014b50), uint16(VERSION), encodeCommon(entry)],
    // No comment, the first disk, no attributes.
    ...[uint16(0), uint16(0), uint16(0), uint32(0)],
    ...[uint32(offset), entry.name],
  )
}

/** What both say: version, flags, method, time, sums, sizes, lengths of name and extra field. */
function encodeCommon({ name, size, time, crc32 }: Described): Bytes {
  const isAscii = name.every((octet) => octet < 0x80)
  return concatBytes(
    ...[uint16(VERSION), uint16(isAscii ? 0 : UTF8_FLAG), uint16(0), encodeTime(time)],
    ...[uint32(crc32), uint32(size), uint32(size), uint16(name.length), uint16(0)],
  )
}

/** Time and date of MS-DOS, from 1980 to 2107. */
function encodeTime(time: Date): Bytes {
  const year = Math.min(Math.max(time.getUTCFullYear(), 1980), 2107) - 1980
  const clock =
    (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1)
  const day = (year << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate()
  return concatBytes(uint16(clock), uint16(day))
}

/** End record (APPNOTE 4.3.16). */
function encodeEnd(count: number, bytes: number, offset: number, comment: Uint8Array): Bytes {
  return concatBytes(
    ...[uint32(0x06054b50), uint16(0), uint16(0), uint16(count), uint16(count)],
    ...[uint32(bytes), uint32(offset), uint16(comment.length), comment],
  )
}

/** A record of an entry that lies elsewhere now; nothing else of it changes. */
function moveRecord(record: Uint8Array, offset: number): Bytes {
  const copy = new Uint8Array(record)
  copy.set(uint32(offset), 42)
  return copy
}

function sliceOf(file: DocumentInput, { offset, end }: ZipEntry): Uint8Array | Blob {
  return file instanceof Uint8Array ? file.subarray(offset, end) : file.slice(offset, end)
}

function uint16(value: number): Bytes {
  return Uint8Array.of(value & 0xff, value >>> 8)
}

function uint32(value: number): Bytes {
  return concatBytes(uint16(value & 0xffff), uint16(value >>> 16))
}
