/**
 * From characters to glyphs: `cmap` formats 4 and 12, which hold Unicode (ISO/IEC 14496-22 §5.2.1).
 * @module
 */
import { wrongFont } from './sfnt.ts'

/** The glyph of a code point; 0 where the font has none. */
export type GlyphOf = (codePoint: number) => number

/** By platform and encoding, the better first: all of Unicode, then its first plane. */
const UNICODE = ['3.10', '0.6', '0.4', '3.1', '0.3', '0.2', '0.1', '0.0']

/**
 * Reads the best Unicode subtable.
 * @throws {UsageError} USAGE_ARGUMENT where there is none
 */
export function readCmap(cmap: DataView): GlyphOf {
  const offsets = new Map<string, number>()
  for (let index = 0; index < cmap.getUint16(2); index++) {
    const at = 4 + index * 8
    offsets.set(`${cmap.getUint16(at)}.${cmap.getUint16(at + 2)}`, cmap.getUint32(at + 4))
  }
  for (const key of UNICODE) {
    const start = offsets.get(key)
    if (start === undefined) continue
    const format = cmap.getUint16(start)
    if (format === 4) return (codePoint) => findInSegments(cmap, start, codePoint)
    if (format === 12) return (codePoint) => findInGroups(cmap, start, codePoint)
  }
  throw wrongFont('a TrueType font with a Unicode table of characters')
}

/** The first of `count` places, in order, of which `isReached` is true. */
function search(count: number, isReached: (index: number) => boolean): number | undefined {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isReached(middle)) high = middle
    else low = middle + 1
  }
  return low < count ? low : undefined
}

function findInSegments(cmap: DataView, start: number, codePoint: number): number {
  if (codePoint > 0xffff) return 0
  const doubled = cmap.getUint16(start + 6)
  const ends = start + 14
  const index = search(doubled / 2, (each) => cmap.getUint16(ends + each * 2) >= codePoint)
  if (index === undefined) return 0
  const first = ends + doubled + 2 + index * 2
  if (cmap.getUint16(first) > codePoint) return 0
  const delta = cmap.getUint16(first + doubled)
  const rangeAt = first + doubled * 2
  const range = cmap.getUint16(rangeAt)
  if (range === 0) return (codePoint + delta) & 0xffff
  const glyph = cmap.getUint16(rangeAt + range + (codePoint - cmap.getUint16(first)) * 2)
  return glyph === 0 ? 0 : (glyph + delta) & 0xffff
}

function findInGroups(cmap: DataView, start: number, codePoint: number): number {
  const groups = start + 16
  const count = cmap.getUint32(start + 12)
  const index = search(count, (each) => cmap.getUint32(groups + each * 12 + 4) >= codePoint)
  if (index === undefined) return 0
  const first = cmap.getUint32(groups + index * 12)
  return first > codePoint ? 0 : cmap.getUint32(groups + index * 12 + 8) + codePoint - first
}
