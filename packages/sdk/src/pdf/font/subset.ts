/**
 * The part of a font that a text needs. Every character gets a glyph of its own, also where the font draws two alike
 * (Đ and Ð): otherwise nobody could tell from the glyph which one was written.
 *
 *     glyph 0: .notdef │ 1 … n: the characters, in order │ the parts of which accented letters are composed
 * @module
 */
import { concatBytes, type Bytes } from '../../bytes.ts'
import { asWhole, type Font } from './font.ts'
import { bytesOf, getTable, wrongFont, writeTables } from './sfnt.ts'

/** A font that holds only what was asked for. */
export interface FontSubset {
  /** A TrueType file without `cmap`: the glyph's number is the code. */
  readonly file: Bytes
  readonly glyphCount: number
  /** In the order of the glyphs 1, 2 … */
  readonly codePoints: readonly number[]
}

/** Parts of parts; real fonts have two floors. */
const MAX_DEPTH = 8
/** Of one composed glyph; the most that a real font has is about ten. */
const MAX_PARTS = 64
const MAX_GLYPHS = 8192
/** Flags of a part (ISO/IEC 14496-22 §5.3.3). */
const WORDS = 0x0001
const SCALE = 0x0008
const MORE = 0x0020
const TWO_SCALES = 0x0040
const MATRIX = 0x0080

/**
 * Makes the subset; the same characters of the same font give the same bytes.
 * @param codePoints those that the font has, each once
 * @throws {UsageError} USAGE_ARGUMENT where the font is damaged
 */
export function subsetFont(font: Font, codePoints: readonly number[]): FontSubset {
  const ordered = [...codePoints].sort((left, right) => left - right)
  const glyphs = [0, ...ordered.map(font.glyphOf)]
  return asWhole(() => {
    const outlines = new OutlineCollector(font, glyphs).collect()
    const file = writeTables(tablesOf(font, glyphs, outlines))
    return { file, glyphCount: glyphs.length, codePoints: ordered }
  })
}

/** Collects outlines; `glyphs` grows by the parts that they are composed of. */
class OutlineCollector {
  readonly #font: Font
  readonly #glyphs: number[]
  /** Where the parts went, by their old numbers. */
  readonly #parts = new Map<number, number>()

  constructor(font: Font, glyphs: number[]) {
    this.#font = font
    this.#glyphs = glyphs
  }

  collect(): Bytes[] {
    for (const glyph of [...this.#glyphs]) this.#add(glyph, 0)
    // The loop meets what it adds, each part once.
    const outlines: Bytes[] = []
    for (const glyph of this.#glyphs) outlines.push(this.#renumbered(glyph))
    return outlines
  }

  /** Gives the parts of a glyph their new numbers; the depth is that of the walk, so that circles end. */
  #add(glyph: number, depth: number): void {
    if (depth > MAX_DEPTH || this.#glyphs.length > MAX_GLYPHS) {
      throw wrongFont('a TrueType font whose letters have fewer parts')
    }
    for (const { part } of partsOf(this.#font.outlineOf(glyph))) {
      if (this.#parts.has(part)) continue
      this.#add(part, depth + 1)
      if (this.#parts.has(part)) continue
      this.#parts.set(part, this.#glyphs.length)
      this.#glyphs.push(part)
    }
  }

  #renumbered(glyph: number): Bytes {
    const outline = new Uint8Array(this.#font.outlineOf(glyph))
    const view = new DataView(outline.buffer)
    for (const { at, part } of partsOf(outline)) {
      view.setUint16(at, this.#parts.get(part) as number)
    }
    return outline
  }
}

/** The parts of a composed glyph, and where their numbers stand; none of a simple one. */
function partsOf(outline: Uint8Array): { readonly at: number; readonly part: number }[] {
  const parts: { at: number; part: number }[] = []
  if (outline.length === 0) return parts
  const view = new DataView(outline.buffer, outline.byteOffset, outline.byteLength)
  if (view.getInt16(0) >= 0) return parts
  let at = 10
  for (let flags = MORE; (flags & MORE) !== 0;) {
    if (parts.length >= MAX_PARTS) throw wrongFont('a TrueType font whose letters have fewer parts')
    flags = view.getUint16(at)
    parts.push({ at: at + 2, part: view.getUint16(at + 2) })
    at += 4 + ((flags & WORDS) === 0 ? 2 : 4)
    if ((flags & SCALE) !== 0) at += 2
    else if ((flags & TWO_SCALES) !== 0) at += 4
    else if ((flags & MATRIX) !== 0) at += 8
  }
  return parts
}

/** The tables that ISO 32000-2 §9.9.1 asks for, those of hints as they are: a program must have all that it had. */
function tablesOf(font: Font, glyphs: readonly number[], outlines: readonly Bytes[]) {
  const tables = new Map<string, Uint8Array>()
  for (const tag of ['cvt ', 'fpgm', 'prep']) {
    const table = font.tables.get(tag)
    if (table !== undefined) tables.set(tag, bytesOf(table))
  }
  // Long offsets; the sum of the file is written last.
  const head = changed(getTable(font.tables, 'head'), (view) => {
    view.setUint32(8, 0)
    view.setInt16(50, 1)
  })
  const count = (at: number) => (view: DataView) => view.setUint16(at, glyphs.length)
  tables.set('head', head)
  tables.set('hhea', changed(getTable(font.tables, 'hhea'), count(34)))
  tables.set('maxp', changed(getTable(font.tables, 'maxp'), count(4)))
  const widths = new DataView(new ArrayBuffer(glyphs.length * 4))
  const offsets = new DataView(new ArrayBuffer((glyphs.length + 1) * 4))
  const padded = outlines.map((outline) => {
    const even = new Uint8Array(Math.ceil(outline.length / 4) * 4)
    even.set(outline)
    return even
  })
  let offset = 0
  for (const [index, glyph] of glyphs.entries()) {
    widths.setUint16(index * 4, font.advanceOf(glyph))
    widths.setInt16(index * 4 + 2, font.bearingOf(glyph))
    offset += padded[index]?.length ?? 0
    offsets.setUint32((index + 1) * 4, offset)
  }
  tables.set('hmtx', bytesOf(widths))
  tables.set('loca', bytesOf(offsets))
  tables.set('glyf', concatBytes(...padded))
  return tables
}

function changed(table: DataView, change: (view: DataView) => void): Bytes {
  const copy = new Uint8Array(bytesOf(table))
  change(new DataView(copy.buffer))
  return copy
}
