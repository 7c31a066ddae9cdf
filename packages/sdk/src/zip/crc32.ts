/**
 * The checksum of ZIP (APPNOTE 4.4.7), by Node's own where there is one, else four octets at a time.
 * @module
 */
import { findBuiltin } from '../builtin.ts'
import { readChunks } from '../digest.ts'
import type { DocumentInput } from '../types.ts'

type Update = (bytes: Uint8Array, before: number) => number

const POLYNOMIAL = 0xedb88320
let tables: readonly Int32Array[] | undefined

/** Computes it over a document, in chunks. @throws {FormatError} FORMAT_CHANGED where a File was changed meanwhile */
export async function computeCrc32(data: DocumentInput): Promise<number> {
  let crc = 0
  for await (const chunk of readChunks(data)) crc = updateCrc32(chunk, crc)
  return crc
}

/** Goes on with the next octets. @returns an unsigned 32-bit number */
export function updateCrc32(bytes: Uint8Array, before: number): number {
  return (findNative() ?? updateByTables)(bytes, before)
}

function findNative(): Update | undefined {
  return (findBuiltin('node:zlib') as { crc32?: Update } | undefined)?.crc32
}

/** The same without Node. */
export function updateByTables(bytes: Uint8Array, before: number): number {
  const [t0, t1, t2, t3] = (tables ??= makeTables()) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  const { length } = bytes
  const at = (index: number): number => bytes[index] as number
  const of = (table: Int32Array, index: number): number => table[index & 0xff] as number
  let crc = ~before
  let index = 0
  for (; index + 4 <= length; index += 4) {
    crc ^= at(index) | (at(index + 1) << 8) | (at(index + 2) << 16) | (at(index + 3) << 24)
    crc = of(t3, crc) ^ of(t2, crc >>> 8) ^ of(t1, crc >>> 16) ^ of(t0, crc >>> 24)
  }
  for (; index < length; index++) crc = of(t0, crc ^ at(index)) ^ (crc >>> 8)
  return ~crc >>> 0
}

function makeTables(): readonly Int32Array[] {
  const first = Int32Array.from({ length: 256 }, (_, octet) => {
    let crc = octet
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    return crc
  })
  const all = [first]
  for (let step = 1; step < 4; step++) {
    const before = all[step - 1] as Int32Array
    all.push(before.map((crc) => (crc >>> 8) ^ (first[crc & 0xff] as number)))
  }
  return all
}
