/**
 * Pictures of what a signature looks like, kept in the repository, and compared so that another version of an engine may
 * draw its edges otherwise, and nothing more.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { encodePng } from './png-file.ts'
import { root } from './referees/tool.ts'
import { readPpm, type Picture } from './render-pdf.ts'

const GOLDENS = fileURLToPath(new URL('../e2e/goldens', import.meta.url))
/** Where the picture is left that is not the golden one. */
const LEFT = path.join(root, 'out', 'goldens')

/** How far two pictures are from each other, 0 to 255. */
export interface Distance {
  /** Of the place where they differ most. */
  readonly worst: number
  readonly mean: number
}

/** Side of the square whose mean is compared, in pixels: 0.8 mm at 96 dpi, the height of an accent. */
const SQUARE = 3
/** Between poppler and pdf.js 39 and 2.2 were measured; an accent of 10 points that is missing is 60. */
const TOLERANCE: Distance = { worst: 50, mean: 3.5 }

/** Tells whether two pictures are one, to a person. */
export function isWithin({ worst, mean }: Distance): boolean {
  return worst <= TOLERANCE.worst && mean <= TOLERANCE.mean
}

/** Compares means of squares, for edges of letters are drawn otherwise by each engine. */
export function distance(one: Picture, other: Picture): Distance {
  if (one.width !== other.width || one.height !== other.height) return { worst: 255, mean: 255 }
  let [worst, sum, count] = [0, 0, 0]
  for (let y = 0; y + SQUARE <= one.height; y++) {
    for (let x = 0; x + SQUARE <= one.width; x++) {
      const [left, right] = [meanAt(one, x, y), meanAt(other, x, y)]
      const apart = Math.max(...left.map((value, channel) => Math.abs(value - right[channel]!)))
      worst = Math.max(worst, apart)
      sum += apart
      count++
    }
  }
  return { worst, mean: sum / count }
}

function meanAt(picture: Picture, left: number, top: number): [number, number, number] {
  const mean: [number, number, number] = [0, 0, 0]
  for (let y = top; y < top + SQUARE; y++) {
    for (let x = left; x < left + SQUARE; x++) {
      const pixel = picture.pixel(x, y)
      for (const channel of [0, 1, 2] as const) mean[channel] += pixel[channel] / SQUARE ** 2
    }
  }
  return mean
}

/** Reads a golden picture. */
export function readGolden(name: string): Picture {
  const file = path.join(GOLDENS, `${name}.png`)
  return readPpm(execFileSync('convert', [file, '-depth', '8', 'ppm:-'], { maxBuffer: 1 << 24 }))
}

/**
 * Expects a picture to be the golden one in tolerance; one that is not is left in out/goldens. With `UPDATE_GOLDENS=1` in
 * the environment the first picture of each name becomes the golden one: somebody has to look at it.
 * @param label of the picture that is left, for example the engine's name
 */
export function expectGolden(name: string, label: string, picture: Picture): void {
  const file = path.join(GOLDENS, `${name}.png`)
  const png = (): Uint8Array =>
    encodePng({ ...picture, filter: 0, at: (x, y) => picture.pixel(x, y) })
  if (process.env['UPDATE_GOLDENS'] === '1' && !updated.has(name)) {
    updated.add(name)
    mkdirSync(GOLDENS, { recursive: true })
    writeFileSync(file, png())
  }
  const found = existsSync(file) ? distance(picture, readGolden(name)) : undefined
  if (found !== undefined && isWithin(found)) return
  mkdirSync(LEFT, { recursive: true })
  const left = path.join(LEFT, `${name}-${label}.png`)
  writeFileSync(left, png())
  expect.fail(
    `${name} by ${label} is ${JSON.stringify(found)} from its golden picture; it is in ${left}`,
  )
}

const updated = new Set<string>()
