/**
 * PNG: what its chunks say, and its rows. PDF's FlateDecode takes the very rows of a PNG, filters included, so that a
 * picture without an alpha channel is embedded as it is.
 * @module
 */
import { concatBytes, equalBytes, type Bytes } from '../../bytes.ts'
import { inflate } from '../flate.ts'
import { assertSize, asWholeImage, wrongImage } from './image.ts'

/** A PNG that was looked over. */
export interface Png {
  readonly width: number
  readonly height: number
  readonly bitDepth: number
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colourType: number
  /** Red, green, blue of each entry; empty without a palette. */
  readonly palette: Uint8Array
  /** tRNS: of a palette the alpha of its first entries, else the one colour that is transparent; undefined without one. */
  readonly transparency: Uint8Array | undefined
  /** The rows as zlib data. */
  readonly packed: Bytes
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
/** Bit depths that a colour type may have (PNG §11.2.1). */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}
/** 4000 × 2000 pixels of four channels: six times a full page of signature. */
const MAX_ROWS_BYTES = 32 << 20

/** Tells whether bytes are a PNG. */
export function isPng(bytes: Uint8Array): boolean {
  return equalBytes(bytes.subarray(0, SIGNATURE.length), SIGNATURE)
}

/** Values a pixel has. */
export function channelsOf(colourType: number): number {
  return { 2: 3, 4: 2, 6: 4 }[colourType] ?? 1
}

/** Bytes of a row without its filter. */
export function rowBytesOf({ width, bitDepth, colourType }: Png): number {
  return Math.ceil((width * bitDepth * channelsOf(colourType)) / 8)
}

/**
 * Reads the chunks.
 * @throws {UsageError} USAGE_ARGUMENT where it is damaged, interlaced, or too large
 * @see W3C PNG (Third Edition)
 */
export function readPng(bytes: Uint8Array): Png {
  return asWholeImage(() => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const header = readHeader(view)
    const parts: Uint8Array[] = []
    let palette: Uint8Array = new Uint8Array(0)
    let transparency: Uint8Array | undefined
    for (let at = SIGNATURE.length; ;) {
      const length = view.getUint32(at)
      const type = view.getUint32(at + 4)
      if (at + length + 12 > bytes.length) throw new RangeError('chunk')
      const data = bytes.subarray(at + 8, at + 8 + length)
      if (type === CHUNK.IEND) break
      if (type === CHUNK.IDAT) parts.push(data)
      else if (type === CHUNK.PLTE) palette = data
      else if (type === CHUNK.tRNS) transparency = data
      at += length + 12
    }
    const needed = header.colourType === 3 ? 3 : 0
    if (palette.length % 3 !== 0 || palette.length < needed || palette.length > 768) {
      throw new RangeError('PLTE')
    }
    return { ...header, palette, transparency, packed: concatBytes(...parts) }
  })
}

/** Chunk types as numbers: four letters. */
const CHUNK = { IEND: 0x49454e44, IDAT: 0x49444154, PLTE: 0x504c5445, tRNS: 0x74524e53 } as const

function readHeader(view: DataView) {
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  const [bitDepth, colourType] = [view.getUint8(24), view.getUint8(25)]
  assertSize(width, height)
  if (DEPTHS[colourType]?.includes(bitDepth) !== true) throw new RangeError('IHDR')
  if (view.getUint8(28) !== 0) throw wrongImage('a PNG that is not interlaced')
  return { width, height, bitDepth, colourType }
}

/**
 * Inflates the rows, each behind its filter, and sees that they are whole.
 * @throws {UsageError} USAGE_ARGUMENT
 */
export async function readRows(png: Png): Promise<Bytes> {
  const stride = rowBytesOf(png) + 1
  if (stride * png.height > MAX_ROWS_BYTES) {
    throw wrongImage(`a picture of at most ${MAX_ROWS_BYTES} bytes of pixels`)
  }
  const rows = await inflate(png.packed, 0).catch((cause: unknown) => {
    throw wrongImage('a picture that is not damaged', cause)
  })
  let isSound = rows.length === stride * png.height
  for (let at = 0; at < rows.length; at += stride) isSound &&= (rows[at] as number) <= 4
  if (!isSound) throw wrongImage('a picture that is not damaged')
  return rows
}
