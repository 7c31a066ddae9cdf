/** PNG files of any colour type, depth and filter, so that a test knows each sample of what it feeds the reader. */
import { crc32, deflateSync } from 'node:zlib'

/** A picture to be written. */
export interface PngInput {
  readonly width: number
  readonly height: number
  /** Default 8. */
  readonly bitDepth?: number
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha; default 2. */
  readonly colourType?: number
  /** The samples of a pixel. */
  readonly at: (x: number, y: number) => readonly number[]
  readonly palette?: readonly number[]
  readonly transparency?: readonly number[]
  /** Row filter 0–4; default: they take turns. */
  readonly filter?: number
  readonly interlace?: number
}

/** Writes the file. */
export function encodePng(input: PngInput): Uint8Array<ArrayBuffer> {
  const { width, height, bitDepth = 8, colourType = 2, palette, transparency } = input
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([bitDepth, colourType, 0, 0, input.interlace ?? 0], 8)
  const chunks = [chunk('IHDR', header)]
  if (palette) chunks.push(chunk('PLTE', Buffer.from(palette)))
  if (transparency) chunks.push(chunk('tRNS', Buffer.from(transparency)))
  const rows = deflateSync(encodeRows(input, bitDepth))
  // Two chunks: readers must join them.
  const half = rows.length >> 1
  chunks.push(chunk('IDAT', rows.subarray(0, half)), chunk('IDAT', rows.subarray(half)))
  chunks.push(chunk('IEND', Buffer.alloc(0)))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return new Uint8Array(Buffer.concat([signature, ...chunks]))
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

function encodeRows({ width, height, at, filter }: PngInput, bitDepth: number): Buffer {
  const samples = at(0, 0).length
  const rowBytes = Math.ceil((width * samples * bitDepth) / 8)
  const pixelBytes = Math.max(1, (samples * bitDepth) >> 3)
  const rows: Buffer[] = []
  let before = Buffer.alloc(rowBytes)
  for (let y = 0; y < height; y++) {
    const row = Buffer.alloc(rowBytes)
    let bit = 0
    for (let x = 0; x < width; x++) {
      for (const value of at(x, y)) {
        if (bitDepth === 16) row.writeUInt16BE(value, bit >> 3)
        else row[bit >> 3]! |= value << (8 - bitDepth - (bit & 7))
        bit += bitDepth
      }
    }
    const kind = filter ?? y % 5
    rows.push(Buffer.from([kind]), filtered(kind, row, before, pixelBytes))
    before = row
  }
  return Buffer.concat(rows)
}

/** PNG §9.2. */
function filtered(kind: number, row: Buffer, before: Buffer, pixelBytes: number): Buffer {
  return row.map((value, index) => {
    const left = index < pixelBytes ? 0 : row[index - pixelBytes]!
    const up = before[index]!
    const corner = index < pixelBytes ? 0 : before[index - pixelBytes]!
    return value - [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind]!
  }) as Buffer
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner
  const near = [left, up, corner].map((each) => Math.abs(estimate - each))
  return [left, up, corner][near.indexOf(Math.min(...near))]!
}
