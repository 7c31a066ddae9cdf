/**
 * A ZIP that is there already: its entries, where each lies, and what is in them.
 * @module
 */
import { type Bytes, equalBytes } from '../bytes.ts'
import { digestBytes, openHash, readChunk, readChunks } from '../digest.ts'
import type { DigestName, DocumentInput } from '../types.ts'
import { updateCrc32 } from './crc32.ts'
import { type Directory, type DirectoryRecord, readDirectory, viewOf } from './directory.ts'
import { malformedZip, unsupportedZip } from './malformed.ts'

/** One entry. */
export interface ZipEntry extends DirectoryRecord {
  /** Where its data starts. */
  readonly start: number
  /** Where all that belongs to it ends: the next entry, or the list. */
  readonly end: number
}

/** A ZIP, opened. */
export interface ZipArchive extends Omit<Directory, 'records'> {
  readonly file: DocumentInput
  /** In the order in which they lie in the file. */
  readonly entries: readonly ZipEntry[]
}

/** What of an entry is in memory at once at the most. */
const ONE_RUN_BYTES = 16 << 20
const LOCAL = 0x04034b50
const LOCAL_BYTES = 30
/** Bit 3: sizes stand behind the data (APPNOTE 4.4.4). */
const DESCRIPTOR_FLAG = 0x0008
/** Of four or eight octets a size, after a signature or without (APPNOTE 4.3.9). */
const DESCRIPTOR_BYTES: readonly number[] = [12, 16, 20, 24]

/**
 * Opens a ZIP; what its entries hold is not read yet.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED; FORMAT_CHANGED where a File was changed meanwhile
 */
export async function openZip(file: DocumentInput): Promise<ZipArchive> {
  const { records, offset, comment } = await readDirectory(file)
  const ordered = records.toSorted((left, right) => left.offset - right.offset)
  const entries: ZipEntry[] = []
  for (const [index, record] of ordered.entries()) {
    const end = ordered[index + 1]?.offset ?? offset
    entries.push(await locate(file, record, end))
  }
  // Who reads a stream begins at its first octet.
  if ((ordered[0]?.offset ?? offset) !== 0) throw malformedZip('an entry at the very start')
  return { file, entries, offset, comment }
}

/** Finds an entry by its name. */
export function findEntry({ entries }: ZipArchive, name: string): ZipEntry | undefined {
  return entries.find((entry) => entry.name === name)
}

/** The local header must say what the list says: some readers believe the one, some the other. */
async function locate(
  file: DocumentInput,
  record: DirectoryRecord,
  end: number,
): Promise<ZipEntry> {
  const { offset, flags, method, compressedSize, size, crc32 } = record
  const header = await readChunk(file, offset, Math.min(offset + LOCAL_BYTES, end))
  if (header.length < LOCAL_BYTES) throw malformedZip('entries that do not overlap')
  const view = viewOf(header, 0)
  const [nameLength, extraLength] = [view.getUint16(26, true), view.getUint16(28, true)]
  const start = offset + LOCAL_BYTES + nameLength + extraLength
  if (view.getUint32(0, true) !== LOCAL) throw malformedZip('a local header')
  if (start + compressedSize > end) throw malformedZip('entries that do not overlap')
  const behind = end - start - compressedSize
  const isLater = (flags & DESCRIPTOR_FLAG) !== 0
  // Who reads a stream, and not the list, finds further entries in a gap.
  if (isLater ? !DESCRIPTOR_BYTES.includes(behind) : behind !== 0) {
    throw malformedZip('entries one right behind the other')
  }
  const name = await readChunk(file, offset + LOCAL_BYTES, offset + LOCAL_BYTES + nameLength)
  const listed = record.bytes.subarray(46, 46 + viewOf(record.bytes, 28).getUint16(0, true))
  const isSame =
    view.getUint16(6, true) === flags &&
    view.getUint16(8, true) === method &&
    equalBytes(name, listed)
  if (!isSame) throw malformedZip('headers that say the same')
  const said = [14, 18, 22].map((at) => view.getUint32(at, true))
  const isRight = [crc32, compressedSize, size].every(
    (value, index) => said[index] === value || (isLater && said[index] === 0),
  )
  if (!isRight) throw malformedZip('sizes that are said alike')
  return { ...record, start, end }
}

/**
 * Reads what an entry holds.
 * @param maxBytes of what is held in memory
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED above the limit; FORMAT_CHANGED
 */
export async function readEntry(
  archive: ZipArchive,
  entry: ZipEntry,
  maxBytes: number,
): Promise<Bytes> {
  if (entry.size > maxBytes) throw unsupportedZip(`${entry.name} of more than ${maxBytes} bytes`)
  const whole = new Uint8Array(entry.size)
  let size = 0
  for await (const part of streamEntry(archive, entry)) {
    whole.set(part, size)
    size += part.length
  }
  return whole
}

/** Hashes what an entry holds, of a large one never all of it in memory. @throws as `readEntry` */
export async function digestEntry(
  archive: ZipArchive,
  entry: ZipEntry,
  algorithm: DigestName,
): Promise<Bytes> {
  // In a page WebCrypto takes one run, and no other hash is loaded.
  if (entry.size <= ONE_RUN_BYTES) {
    return digestBytes(algorithm, await readEntry(archive, entry, ONE_RUN_BYTES))
  }
  const hash = await openHash(algorithm)
  for await (const part of streamEntry(archive, entry)) hash.update(part)
  return new Uint8Array(hash.digest())
}

/** Goes through what an entry holds, and refuses what has another size or checksum than it says. */
async function* streamEntry(archive: ZipArchive, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  let size = 0
  let crc = 0
  const isStored = entry.method === 0
  for await (const part of isStored
    ? readChunks(dataOf(archive, entry))
    : inflated(archive, entry)) {
    size += part.length
    if (size > entry.size) throw malformedZip('no more data than it says')
    crc = updateCrc32(part, crc)
    yield part
  }
  if (size !== entry.size || crc !== entry.crc32) throw malformedZip('data of its checksum')
}

/** What lies in the file for an entry. */
function dataOf({ file }: ZipArchive, { start, compressedSize }: ZipEntry): DocumentInput {
  const end = start + compressedSize
  return file instanceof Uint8Array ? file.subarray(start, end) : file.slice(start, end)
}

async function* inflated(archive: ZipArchive, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const deflated = dataOf(archive, entry)
  const data = deflated instanceof Uint8Array ? new Blob([deflated as Bytes]) : deflated
  const reader = data.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } catch (cause) {
    throw malformedZip('deflated data', cause)
  } finally {
    // Who stops early, stops the stream.
    await reader.cancel().catch(() => undefined)
  }
}
