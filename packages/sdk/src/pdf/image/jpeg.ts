/**
 * JPEG as an image XObject: PDF decodes it by itself (DCTDecode), so that the file goes in as it is. What PDF does not
 * read of it is said beside it: that CMYK by Adobe is stored inverted, and which side of a photograph is up.
 * @module
 */
import { dict, name, number, array } from '../objects.ts'
import { assertSize, asWholeImage, NO_TURN, wrongImage, type PdfImage } from './image.ts'

/** What the markers of a JPEG say. */
export interface Jpeg {
  /** Pixels as stored. */
  readonly width: number
  readonly height: number
  readonly components: 1 | 3 | 4
  readonly isAdobe: boolean
  /** 1 to 8, Exif 2.32 §4.6.4. */
  readonly orientation: number
}

/** From the unit square of the stored picture to the seen one, by orientation; y grows upwards. */
const TURNS: readonly (readonly number[])[] = [
  NO_TURN,
  NO_TURN,
  [-1, 0, 0, 1, 1, 0],
  [-1, 0, 0, -1, 1, 1],
  [1, 0, 0, -1, 0, 1],
  [0, -1, -1, 0, 1, 1],
  [0, -1, 1, 0, 0, 1],
  [0, 1, 1, 0, 0, 0],
  [0, 1, -1, 0, 1, 0],
]
const MARKER = { start: 0xd8, end: 0xd9, scan: 0xda, app1: 0xe1, app14: 0xee } as const
/** Baseline, extended and progressive, by Huffman; PDF knows no others. */
const FRAMES = [0xc0, 0xc1, 0xc2]
/** Frames by other methods (ITU-T T.81 Table B.1). */
const OTHER_FRAMES = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]

/** Tells whether bytes are a JPEG. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === MARKER.start && bytes[2] === 0xff
}

/** Tells whether the stored picture lies on its side. */
export function isOnItsSide({ orientation }: Jpeg): boolean {
  return orientation >= 5
}

/**
 * Reads the markers before the picture's data.
 * @throws {UsageError} USAGE_ARGUMENT where it is damaged, or of a kind that PDF does not know
 */
export function readJpeg(bytes: Uint8Array): Jpeg {
  return asWholeImage(() => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let frame: Pick<Jpeg, 'width' | 'height' | 'components'> | undefined
    let isAdobe = false
    let orientation = 1
    for (let at = 2; ;) {
      if (view.getUint8(at) !== 0xff) throw new RangeError('marker')
      const marker = view.getUint8(at + 1)
      // Any number of fill bytes may stand before a marker.
      if (marker === 0xff) {
        at++
        continue
      }
      if (marker === MARKER.scan || marker === MARKER.end) break
      const length = view.getUint16(at + 2)
      const segment = new DataView(view.buffer, view.byteOffset + at + 4, length - 2)
      if (OTHER_FRAMES.includes(marker)) throw wrongImage('a JPEG of the usual kind')
      if (FRAMES.includes(marker)) frame = readFrame(segment)
      if (marker === MARKER.app14 && isText(segment, 'Adobe')) isAdobe = true
      if (marker === MARKER.app1 && isText(segment, 'Exif\0\0'))
        orientation = readOrientation(segment)
      at += length + 2
    }
    if (frame === undefined || !endsWell(bytes)) throw new RangeError('frame')
    return { ...frame, isAdobe, orientation }
  })
}

function readFrame(segment: DataView) {
  const [height, width] = [segment.getUint16(1), segment.getUint16(3)]
  const components = segment.getUint8(5)
  assertSize(width, height)
  if (segment.getUint8(0) !== 8 || (components !== 1 && components !== 3 && components !== 4)) {
    throw wrongImage('a JPEG of 8 bits, grey, RGB or CMYK')
  }
  return { width, height, components } as const
}

/** Tag 0x0112 of the first directory; 1 where it is not given. */
function readOrientation(segment: DataView): number {
  const tiff = new DataView(segment.buffer, segment.byteOffset + 6, segment.byteLength - 6)
  const isLittle = tiff.getUint16(0) === 0x4949
  const directory = tiff.getUint32(4, isLittle)
  for (let index = 0; index < tiff.getUint16(directory, isLittle); index++) {
    const at = directory + 2 + index * 12
    if (tiff.getUint16(at, isLittle) !== 0x0112) continue
    const value = tiff.getUint16(at + 8, isLittle)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

function isText(segment: DataView, text: string): boolean {
  return (
    segment.byteLength >= text.length &&
    [...text].every((character, index) => segment.getUint8(index) === character.charCodeAt(0))
  )
}

/** Some cameras write on behind the end; a file that was cut short has none. */
function endsWell(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 2; at >= Math.max(0, bytes.length - 65_536); at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === MARKER.end) return true
  }
  return false
}

/**
 * Makes the XObject.
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function createJpegImage(bytes: Uint8Array): PdfImage {
  const jpeg = readJpeg(bytes)
  const { width, height, components, isAdobe, orientation } = jpeg
  const space = { 1: 'DeviceGray', 3: 'DeviceRGB', 4: 'DeviceCMYK' }[components]
  const inverted = array(...[1, 0, 1, 0, 1, 0, 1, 0].map(number))
  const seen = isOnItsSide(jpeg) ? { width: height, height: width } : { width, height }
  return {
    ...seen,
    image: {
      kind: 'new-stream',
      dict: dict({
        Type: name('XObject'),
        Subtype: name('Image'),
        Width: number(width),
        Height: number(height),
        ColorSpace: name(space),
        BitsPerComponent: number(8),
        Filter: name('DCTDecode'),
        Decode: components === 4 && isAdobe ? inverted : undefined,
      }),
      data: bytes,
    },
    softMask: undefined,
    turn: TURNS[orientation] as readonly number[],
    colours: components,
    bitsPerComponent: 8,
  }
}
