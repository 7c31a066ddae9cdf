/**
 * A part of a page as people see it, cut out by poppler, and made small: drawn four times as large as it is looked at, so
 * that how an engine fits letters to its pixels does not count.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { readPpm, type Picture } from './render-pdf.ts'

/** Millimetres from the top left of the page as seen. */
export interface Region {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What is cut out of what. */
export interface Cut {
  /** The page as seen, in points on paper. */
  readonly page: { readonly width: number; readonly height: number }
  readonly region: Region
}

/** As browsers count, in the picture that is looked at. */
const DPI = 96
const OVERSAMPLING = 4

/** A cut in the pixels that it is drawn with. */
export function pixelsOf({ page, region }: Cut) {
  const pixels = (inches: number): number => Math.round(inches * DPI) * OVERSAMPLING
  return {
    pageWidth: (page.width / 72) * DPI * OVERSAMPLING,
    longSide: Math.round((Math.max(page.width, page.height) / 72) * DPI * OVERSAMPLING),
    ...{ x: pixels(region.x / 25.4), y: pixels(region.y / 25.4) },
    ...{ width: pixels(region.width / 25.4), height: pixels(region.height / 25.4) },
  }
}

/** Has poppler draw a part of the first page. */
export function renderCut(file: string, cut: Cut): Picture {
  const { longSide, x, y, width, height } = pixelsOf(cut)
  // Of the long side alone: of width and height it turns one page and not the other.
  const size = ['-scale-to', longSide]
  const part = ['-x', x, '-y', y, '-W', width, '-H', height]
  const args = ['-cropbox', '-f', 1, '-l', 1, ...size, ...part, file].map(String)
  return readPpm(execFileSync('pdftoppm', args, { maxBuffer: 1 << 28, stdio: 'pipe' }))
}

/** Makes a picture that was drawn larger as small as it is looked at. */
export function shrink(picture: Picture): Picture {
  const width = Math.floor(picture.width / OVERSAMPLING)
  const height = Math.floor(picture.height / OVERSAMPLING)
  const pixels = Array.from({ length: width * height }, (_, index) =>
    meanOf(picture, (index % width) * OVERSAMPLING, Math.floor(index / width) * OVERSAMPLING),
  )
  return { width, height, pixel: (x, y) => pixels[y * width + x]! }
}

function meanOf(picture: Picture, left: number, top: number): [number, number, number] {
  const mean: [number, number, number] = [0, 0, 0]
  for (let part = 0; part < OVERSAMPLING ** 2; part++) {
    const [across, down] = [part % OVERSAMPLING, Math.floor(part / OVERSAMPLING)]
    const pixel = picture.pixel(left + across, top + down)
    for (const channel of [0, 1, 2] as const) mean[channel] += pixel[channel]
  }
  return mean.map((sum) => Math.round(sum / OVERSAMPLING ** 2)) as [number, number, number]
}
