/**
 * A PNG as an image XObject, pixel by pixel the same: without alpha its own data, with alpha the colours apart from a
 * soft mask (ISO 32000-2 §11.6.5.2).
 * @module
 */
import type { Bytes } from '../../bytes.ts'
import { deflate } from '../deflate.ts'
import {
  array,
  dict,
  name,
  number,
  type PdfDict,
  type PdfNewStream,
  type PdfValue,
} from '../objects.ts'
import { undoPredictor } from '../predictor.ts'
import { NO_TURN, type PdfImage } from './image.ts'
import { channelsOf, readPng, readRows, type Png } from './png.ts'

/**
 * Makes the XObject.
 * @throws {UsageError} USAGE_ARGUMENT where it is damaged, interlaced, or too large
 */
export async function createPngImage(bytes: Uint8Array): Promise<PdfImage> {
  const png = readPng(bytes)
  const rows = await readRows(png)
  const made = png.colourType >= 4 ? await splitAlpha(png, rows) : await keepRows(png, rows)
  const { width, height, bitDepth } = png
  const colours = png.colourType === 0 || png.colourType === 4 ? 1 : 3
  return { width, height, ...made, turn: NO_TURN, colours, bitsPerComponent: bitDepth }
}

type Parts = Pick<PdfImage, 'image' | 'softMask'>

/** Colour types 0, 2 and 3. */
async function keepRows(png: Png, rows: Bytes): Promise<Parts> {
  const { width, bitDepth, colourType, transparency, packed } = png
  const colors = channelsOf(colourType)
  const predictor = { predictor: 15, colors, bitsPerComponent: bitDepth, columns: width }
  const isKeyed = transparency !== undefined && colourType !== 3
  const image: PdfNewStream = {
    kind: 'new-stream',
    dict: imageDict(png, bitDepth, {
      ColorSpace: colourSpaceOf(png),
      Filter: name('FlateDecode'),
      DecodeParms: dict({
        Predictor: number(15),
        Colors: number(colors),
        BitsPerComponent: number(bitDepth),
        Columns: number(width),
      }),
      Mask: isKeyed ? colourKey(png, transparency) : undefined,
    }),
    data: packed,
  }
  const softMask =
    transparency === undefined || isKeyed
      ? undefined
      : await maskOfPalette(png, undoPredictor(rows, predictor), transparency)
  return { image, softMask }
}

function colourSpaceOf({ colourType, palette }: Png): PdfValue {
  if (colourType === 0 || colourType === 4) return name('DeviceGray')
  if (colourType !== 3) return name('DeviceRGB')
  return array(name('Indexed'), name('DeviceRGB'), number(palette.length / 3 - 1), {
    ...{ kind: 'string', form: 'hex', bytes: palette },
  })
}

/** One colour that is not painted, each value as the range from it to itself (§8.9.6.4). */
function colourKey({ colourType }: Png, transparency: Uint8Array): PdfValue | undefined {
  const values = channelsOf(colourType)
  if (transparency.length !== values * 2) return undefined
  const key = Array.from(
    { length: values },
    (_, index) =>
      ((transparency[index * 2] as number) << 8) | (transparency[index * 2 + 1] as number),
  )
  return array(...key.flatMap((value) => [number(value), number(value)]))
}

async function maskOfPalette(
  png: Png,
  pixels: Bytes,
  transparency: Uint8Array,
): Promise<PdfNewStream | undefined> {
  const { width, height, bitDepth } = png
  const rowBytes = Math.ceil((width * bitDepth) / 8)
  const alpha = new Uint8Array(width * height)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const bit = column * bitDepth
      const byte = pixels[row * rowBytes + (bit >> 3)] as number
      const index = (byte >> (8 - bitDepth - (bit & 7))) & ((1 << bitDepth) - 1)
      alpha[row * width + column] = transparency[index] ?? 255
    }
  }
  return maskOf(png, alpha, 8)
}

/** Colour types 4 and 6: the last value of each pixel is its alpha. */
async function splitAlpha(png: Png, rows: Bytes): Promise<Parts> {
  const { width, height, bitDepth, colourType } = png
  const channels = channelsOf(colourType)
  const predictor = { predictor: 15, colors: channels, bitsPerComponent: bitDepth, columns: width }
  const pixels = undoPredictor(rows, predictor)
  const valueBytes = bitDepth / 8
  const colourBytes = (channels - 1) * valueBytes
  const colours = new Uint8Array(width * height * colourBytes)
  const alpha = new Uint8Array(width * height * valueBytes)
  let from = 0
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let byte = 0; byte < colourBytes; byte++) {
      colours[pixel * colourBytes + byte] = pixels[from++] as number
    }
    for (let byte = 0; byte < valueBytes; byte++) {
      alpha[pixel * valueBytes + byte] = pixels[from++] as number
    }
  }
  const image: PdfNewStream = {
    kind: 'new-stream',
    dict: imageDict(png, bitDepth, {
      ColorSpace: colourSpaceOf(png),
      Filter: name('FlateDecode'),
    }),
    data: await deflate(colours),
  }
  return { image, softMask: await maskOf(png, alpha, bitDepth) }
}

/** Nothing where every pixel is opaque: such a picture is as good as one without alpha. */
async function maskOf(png: Png, alpha: Bytes, bitDepth: number): Promise<PdfNewStream | undefined> {
  if (alpha.every((value) => value === 255)) return undefined
  return {
    kind: 'new-stream',
    dict: imageDict(png, bitDepth, {
      ColorSpace: name('DeviceGray'),
      Filter: name('FlateDecode'),
    }),
    data: await deflate(alpha),
  }
}

function imageDict(
  { width, height }: Png,
  bitDepth: number,
  entries: Readonly<Record<string, PdfValue | undefined>>,
): PdfDict {
  return dict({
    Type: name('XObject'),
    Subtype: name('Image'),
    Width: number(width),
    Height: number(height),
    BitsPerComponent: number(bitDepth),
    ...entries,
  })
}
