/**
 * Whether an ELF library exports a symbol, found as the loader finds it: by the hash tables of its dynamic section.
 * Section headers are not read, as a library need not have any.
 *
 * ```
 * header → program headers → PT_DYNAMIC → DT_GNU_HASH or DT_HASH, DT_SYMTAB, DT_STRTAB
 *                          → PT_LOAD …    from addresses to places in the file
 * ```
 * @see System V gABI, ch. 5; the GNU hash section as binutils writes it
 * @module
 */
import { DamagedBinary, type NumberReader, type ReadAt, createNumberReader } from './reader.ts'

const PT_LOAD = 1
const PT_DYNAMIC = 2
const DT_HASH = 4
const DT_STRTAB = 5
const DT_SYMTAB = 6
const DT_GNU_HASH = 0x6ffffef5

/** Far more than any driver has; a table that never ends is damaged. */
const MAX_SEGMENTS = 128
const MAX_DYNAMIC = 1024
const MAX_CHAIN = 100_000

/** A library of one class and byte order, its tables found. */
interface Library {
  readonly reader: NumberReader
  readonly wide: boolean
  /** Where an address lies in the file. */
  readonly locate: (address: number) => number
  /** Values of the dynamic section. */
  readonly dynamic: ReadonlyMap<number, number>
}

interface Segment {
  readonly type: number
  readonly offset: number
  readonly address: number
  readonly size: number
}

/** @throws {DamagedBinary} */
export function hasElfExport(readAt: ReadAt, name: string): boolean {
  const library = openLibrary(readAt)
  if (library === undefined) return false
  const { dynamic } = library
  if (dynamic.get(DT_SYMTAB) === undefined || dynamic.get(DT_STRTAB) === undefined) return false
  const gnu = dynamic.get(DT_GNU_HASH)
  if (gnu !== undefined) return findByGnuHash(library, library.locate(gnu), name)
  const hash = dynamic.get(DT_HASH)
  return hash !== undefined && findByHash(library, library.locate(hash), name)
}

function openLibrary(readAt: ReadAt): Library | undefined {
  const [fileClass = 0, order = 0] = createNumberReader(readAt, true).bytes(4, 2)
  const reader = createNumberReader(readAt, order !== 2)
  const wide = fileClass === 2
  const segments = readSegments(reader, wide)
  const table = segments.find(({ type }) => type === PT_DYNAMIC)
  if (table === undefined) return undefined
  const locate = (address: number): number => {
    const segment = segments.find(
      (one) => one.type === PT_LOAD && address >= one.address && address < one.address + one.size,
    )
    if (segment === undefined) throw new DamagedBinary('points nowhere')
    return address - segment.address + segment.offset
  }
  return { reader, wide, locate, dynamic: readDynamic(reader, wide, table) }
}

function readSegments(reader: NumberReader, wide: boolean): Segment[] {
  const start = wide ? reader.u64(32) : reader.u32(28)
  const size = reader.u16(wide ? 54 : 42)
  const count = reader.u16(wide ? 56 : 44)
  if (count > MAX_SEGMENTS) throw new DamagedBinary('has too many segments')
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size
    const type = reader.u32(at)
    return wide
      ? {
          type,
          offset: reader.u64(at + 8),
          address: reader.u64(at + 16),
          size: reader.u64(at + 32),
        }
      : { type, offset: reader.u32(at + 4), address: reader.u32(at + 8), size: reader.u32(at + 16) }
  })
}

function readDynamic(reader: NumberReader, wide: boolean, table: Segment): Map<number, number> {
  const width = wide ? 8 : 4
  const count = Math.min(Math.floor(table.size / (2 * width)), MAX_DYNAMIC)
  const values = new Map<number, number>()
  for (let index = 0; index < count; index += 1) {
    const at = table.offset + index * 2 * width
    const tag = wide ? reader.u64(at) : reader.u32(at)
    if (tag === 0) break
    if ([DT_HASH, DT_STRTAB, DT_SYMTAB, DT_GNU_HASH].includes(tag)) {
      values.set(tag, wide ? reader.u64(at + width) : reader.u32(at + width))
    }
  }
  return values
}

function findByGnuHash(library: Library, table: number, name: string): boolean {
  const { reader, wide } = library
  const buckets = reader.u32(table)
  const firstSymbol = reader.u32(table + 4)
  if (buckets === 0) return false
  const bucketsAt = table + 16 + reader.u32(table + 8) * (wide ? 8 : 4)
  const hash = hashGnu(name)
  let symbol = reader.u32(bucketsAt + (hash % buckets) * 4)
  if (symbol < firstSymbol) return false
  const chainAt = bucketsAt + buckets * 4
  for (let steps = 0; steps < MAX_CHAIN; steps += 1, symbol += 1) {
    const value = reader.u32(chainAt + (symbol - firstSymbol) * 4)
    if ((value | 1) === (hash | 1) && isDefined(library, symbol, name)) return true
    // The last of a chain has its lowest bit set.
    if ((value & 1) === 1) return false
  }
  throw new DamagedBinary('has a table without an end')
}

function findByHash(library: Library, table: number, name: string): boolean {
  const { reader } = library
  const buckets = reader.u32(table)
  if (buckets === 0) return false
  let symbol = reader.u32(table + 8 + (hashSystemV(name) % buckets) * 4)
  for (let steps = 0; symbol !== 0; steps += 1) {
    if (steps === MAX_CHAIN) throw new DamagedBinary('has a table without an end')
    if (isDefined(library, symbol, name)) return true
    symbol = reader.u32(table + 8 + (buckets + symbol) * 4)
  }
  return false
}

function isDefined({ reader, wide, locate, dynamic }: Library, symbol: number, name: string) {
  const row = locate(dynamic.get(DT_SYMTAB) ?? 0) + symbol * (wide ? 24 : 16)
  const section = reader.u16(row + (wide ? 6 : 14))
  const text = locate(dynamic.get(DT_STRTAB) ?? 0) + reader.u32(row)
  const found = Buffer.from(reader.bytes(text, name.length + 1)).toString('latin1')
  return section !== 0 && found === `${name}\0`
}

function hashGnu(name: string): number {
  return [...name].reduce((hash, letter) => (hash * 33 + letter.charCodeAt(0)) >>> 0, 5381)
}

function hashSystemV(name: string): number {
  return [...name].reduce((before, letter) => {
    const hash = (before << 4) + letter.charCodeAt(0)
    const high = hash & 0xf0000000
    return ((hash ^ (high >>> 24)) & ~high) >>> 0
  }, 0)
}
