/**
 * Numbers in a file that is not trusted to be what it says.
 * @module
 */

/** Reads `length` bytes from `offset`; fewer where the file ends before. */
export type ReadAt = (offset: number, length: number) => Uint8Array

/** The file contradicts itself or ends too soon. */
export class DamagedBinary extends Error {
  override readonly name = 'DamagedBinary'
}

/** Fixed-width numbers at places of the file. Every method throws {DamagedBinary} past the file's end. */
export interface NumberReader {
  u16(offset: number): number
  u32(offset: number): number
  /** 64 bits, where they fit a number. */
  u64(offset: number): number
  bytes(offset: number, length: number): Uint8Array
}

/** The most that is read at once; a symbol's name or a table's row is far shorter. */
const MAX_PIECE_BYTES = 4096

/** Makes a reader of one byte order. */
export function createNumberReader(readAt: ReadAt, littleEndian: boolean): NumberReader {
  const bytes = (offset: number, length: number): Uint8Array => {
    if (!Number.isSafeInteger(offset) || offset < 0 || length > MAX_PIECE_BYTES) {
      throw new DamagedBinary('points nowhere')
    }
    const piece = readAt(offset, length)
    if (piece.length < length) throw new DamagedBinary('ends too soon')
    return piece
  }
  const view = (offset: number, length: number): DataView => {
    const piece = bytes(offset, length)
    return new DataView(piece.buffer, piece.byteOffset, piece.byteLength)
  }
  return {
    bytes,
    u16: (offset) => view(offset, 2).getUint16(0, littleEndian),
    u32: (offset) => view(offset, 4).getUint32(0, littleEndian),
    u64(offset) {
      const value = view(offset, 8).getBigUint64(0, littleEndian)
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new DamagedBinary('points nowhere')
      return Number(value)
    },
  }
}
