/**
 * A picture by its first bytes.
 * @module
 */
import { MAX_IMAGE_BYTES, wrongImage, type ImageHeader, type PdfImage } from './image.ts'
import { createJpegImage, isJpeg, isOnItsSide, readJpeg } from './jpeg.ts'
import { createPngImage } from './png-image.ts'
import { isPng, readPng } from './png.ts'

function assertBytes(bytes: unknown): asserts bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array) || bytes.length > MAX_IMAGE_BYTES) {
    throw wrongImage(`a PNG or JPEG as bytes, at most ${MAX_IMAGE_BYTES}`)
  }
}

/**
 * Reads how large a picture is.
 * @throws {UsageError} USAGE_ARGUMENT where it is neither PNG nor JPEG, or damaged
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  assertBytes(bytes)
  if (isPng(bytes)) {
    const { width, height } = readPng(bytes)
    return { kind: 'png', width, height }
  }
  if (!isJpeg(bytes)) throw wrongImage('a PNG or JPEG')
  const jpeg = readJpeg(bytes)
  const [width, height] = isOnItsSide(jpeg) ? [jpeg.height, jpeg.width] : [jpeg.width, jpeg.height]
  return { kind: 'jpeg', width, height }
}

/**
 * Makes a picture ready to be embedded.
 * @throws {UsageError} USAGE_ARGUMENT as above
 */
export async function readImage(bytes: Uint8Array): Promise<PdfImage> {
  assertBytes(bytes)
  if (isPng(bytes)) return createPngImage(bytes)
  if (isJpeg(bytes)) return createJpegImage(bytes)
  throw wrongImage('a PNG or JPEG')
}
