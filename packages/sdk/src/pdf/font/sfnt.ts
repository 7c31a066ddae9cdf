/**
 * The container of TrueType: a directory of tables, each with a checksum (ISO/IEC 14496-22 §4.3).
 *
 *     00010000 n … │ tag checksum offset length × n │ tables, each at a multiple of four
 * @module
 */
import { concatBytes, type Bytes } from '../../bytes.ts'
import { wrongArgument, type UsageError } from '../../errors.ts'

/** Tables by their tags; a view that is read beyond its end throws a RangeError. */
export type FontTables = ReadonlyMap<string, DataView>

const TRUETYPE = 0x00010000
/** As Apple's own fonts say it. */
const TRUE = 0x74727565
const MAX_TABLES = 128
/** What the sum over a whole font file is to be (§5.2.4). */
const MAGIC_SUM = 0xb1b0afba

/** The error of a font that cannot be used; `expected` ends the sentence “pass …”. */
export function wrongFont(expected: string): UsageError {
  return wrongArgument('appearance.content.text.font', expected)
}

/**
 * Reads the directory.
 * @throws {UsageError} USAGE_ARGUMENT where it is no TrueType file: collections, CFF outlines and WOFF are others
 * @throws {RangeError} where it ends too early
 */
export function readTables(bytes: Uint8Array): FontTables {
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = file.getUint32(0)
  const count = file.getUint16(4)
  if ((version !== TRUETYPE && version !== TRUE) || count > MAX_TABLES) {
    throw wrongFont('a TrueType font (.ttf)')
  }
  const tables = new Map<string, DataView>()
  for (let index = 0; index < count; index++) {
    const at = 12 + index * 16
    const tag = String.fromCharCode(...bytes.subarray(at, at + 4))
    const [offset, length] = [file.getUint32(at + 8), file.getUint32(at + 12)]
    // The constructor refuses what lies outside.
    tables.set(tag, new DataView(file.buffer, bytes.byteOffset + offset, length))
    if (offset + length > bytes.length) throw new RangeError(tag)
  }
  return tables
}

/** Gets a table that must be there. */
export function getTable(tables: FontTables, tag: string): DataView {
  const table = tables.get(tag)
  if (table === undefined) throw wrongFont(`a TrueType font with a ${tag} table`)
  return table
}

/** The bytes of a table; not a copy. */
export function bytesOf(table: DataView): Uint8Array {
  return new Uint8Array(table.buffer, table.byteOffset, table.byteLength)
}

/** Writes a font of tables in the order of their tags; the sum in `head` is made right. */
export function writeTables(tables: ReadonlyMap<string, Uint8Array>): Bytes {
  const tags = [...tables.keys()].sort()
  const directory = new DataView(new ArrayBuffer(12 + tags.length * 16))
  const power = Math.floor(Math.log2(tags.length))
  directory.setUint32(0, TRUETYPE)
  directory.setUint16(4, tags.length)
  directory.setUint16(6, 16 << power)
  directory.setUint16(8, power)
  directory.setUint16(10, (tags.length - (1 << power)) * 16)
  const parts: Uint8Array[] = [bytesOf(directory)]
  let offset = directory.byteLength
  let head = 0
  for (const [index, tag] of tags.entries()) {
    const table = tables.get(tag) as Uint8Array
    const padded = new Uint8Array(Math.ceil(table.length / 4) * 4)
    padded.set(table)
    const at = 12 + index * 16
    for (let place = 0; place < 4; place++) directory.setUint8(at + place, tag.charCodeAt(place))
    directory.setUint32(at + 4, sumOf(padded))
    directory.setUint32(at + 8, offset)
    directory.setUint32(at + 12, table.length)
    if (tag === 'head') head = offset
    parts.push(padded)
    offset += padded.length
  }
  const file = concatBytes(...parts)
  new DataView(file.buffer).setUint32(head + 8, MAGIC_SUM - sumOf(file))
  return file
}

/** Sum of big-endian words modulo 2³². */
function sumOf(bytes: Bytes): number {
  const words = new DataView(bytes.buffer)
  let sum = 0
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + words.getUint32(at)) | 0
  return sum >>> 0
}
