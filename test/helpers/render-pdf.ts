/**
 * What people see of a PDF, by two engines that nobody here wrote, and the ink on it in millimetres.
 * @module
 */
import { execFileSync } from 'node:child_process'

/** Each renders one page. */
export type Engine = 'poppler' | 'mupdf'
export const ENGINES: readonly Engine[] = ['poppler', 'mupdf']
export const ENGINE_PROGRAMS = ['pdftoppm', 'pdftotext', 'mutool']

/** A rendered page. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** Red, green, blue, 0 to 255. */
  readonly pixel: (x: number, y: number) => readonly [number, number, number]
}

/** Renders a page of a file as people see it: what /CropBox leaves of it, turned. */
export function renderPage(engine: Engine, file: string, page = 1, dpi = 72): Picture {
  const [program, ...args] =
    engine === 'poppler'
      ? ['pdftoppm', '-cropbox', '-r', `${dpi}`, '-f', `${page}`, '-l', `${page}`, file]
      : ['mutool', 'draw', '-q', '-F', 'ppm', '-r', `${dpi}`, '-o', '-', file, `${page}`]
  return readPpm(execFileSync(program!, args, { maxBuffer: 1 << 28, stdio: 'pipe' }))
}

/** The text of a page as each engine finds it; white space is one blank. */
export function extractText(engine: Engine, file: string, page = 1): string {
  const args =
    engine === 'poppler'
      ? ['pdftotext', '-f', `${page}`, '-l', `${page}`, file, '-']
      : ['mutool', 'draw', '-q', '-F', 'text', '-o', '-', file, `${page}`]
  const [program, ...rest] = args
  return execFileSync(program!, rest, { encoding: 'utf8', stdio: 'pipe' }).replace(/\s+/g, ' ')
}

/** Reads a portable pixmap, P6. */
export function readPpm(file: Buffer): Picture {
  const header = /^P6\s+(?:#.*\n)*(\d+)\s+(\d+)\s+255\s/.exec(file.toString('latin1', 0, 100))
  if (header === null) throw new Error('no pixmap')
  const [width, height] = [Number(header[1]), Number(header[2])]
  const start = header[0].length
  return {
    width,
    height,
    pixel(x, y) {
      const at = start + (y * width + x) * 3
      return [file[at]!, file[at + 1]!, file[at + 2]!]
    },
  }
}

/** Where ink of a kind lies, in millimetres from the top left; the sides are where it begins and ends. */
export interface Ink {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * Finds ink on a page of which the width on paper is known; undefined where there is none.
 * @param band millimetres from the top between which to look; default: everywhere
 */
export function findInk(
  picture: Picture,
  pageWidthMm: number,
  isInk: (red: number, green: number, blue: number) => boolean,
  band: readonly [from: number, to: number] = [0, Infinity],
): Ink | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1]
  const [first, last] = band.map((each) => Math.round((each / pageWidthMm) * picture.width))
  for (let y = first!; y < Math.min(picture.height, last!); y++) {
    for (let x = 0; x < picture.width; x++) {
      if (!isInk(...picture.pixel(x, y))) continue
      left = Math.min(left, x)
      right = Math.max(right, x + 1)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y + 1)
    }
  }
  const mm = pageWidthMm / picture.width
  if (right < 0) return undefined
  return { left: left * mm, top: top * mm, right: right * mm, bottom: bottom * mm }
}
