/**
 * Pictures as PDF shows them: image XObjects that hold exactly the pixels of the file (ISO 32000-2 §8.9.5).
 * @module
 */
import { UsageError } from '../../errors.ts'
import type { PdfNewStream } from '../objects.ts'

/** What a picture's header says: enough to lay it out. */
export interface ImageHeader {
  readonly kind: 'png' | 'jpeg'
  /** Pixels, as the picture is to be seen. */
  readonly width: number
  readonly height: number
}

/** A picture ready to be written. */
export interface PdfImage {
  readonly width: number
  readonly height: number
  readonly image: PdfNewStream
  /** How opaque each pixel is, where some are not: to be written as an object, and named by /SMask. */
  readonly softMask: PdfNewStream | undefined
  /** From the unit square of the stored picture to that of the seen one: the first four numbers of a matrix, and the offset. */
  readonly turn: readonly number[]
  /** Grey, RGB or CMYK. */
  readonly colours: 1 | 3 | 4
  readonly bitsPerComponent: number
}

/** The largest file of a picture. */
export const MAX_IMAGE_BYTES = 8 << 20
/** Of one side. */
export const MAX_IMAGE_SIDE = 10_000
/** Upright as stored. */
export const NO_TURN: readonly number[] = [1, 0, 0, 1, 0, 0]

/** The error of a picture that cannot be used; `expected` ends the sentence “pass …”. */
export function wrongImage(expected: string, cause?: unknown): UsageError {
  const details = { argument: 'appearance.content.image', expected }
  return new UsageError('USAGE_ARGUMENT', { details, cause })
}

/** Does what reads a picture; one that ends too early is damaged. */
export function asWholeImage<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw wrongImage('a picture that is not damaged')
    throw error
  }
}

/** Refuses pictures that nobody needs in a signature. */
export function assertSize(width: number, height: number): void {
  if (width === 0 || height === 0) throw wrongImage('a picture that is not damaged')
  if (width > MAX_IMAGE_SIDE || height > MAX_IMAGE_SIDE) {
    throw wrongImage(`a picture of at most ${MAX_IMAGE_SIDE} pixels a side`)
  }
}
