/**
 * A TrueType font: what laying out text and embedding it ask for. Everything in font units but where it is said.
 * @module
 */
import { readCmap, type GlyphOf } from './cmap.ts'
import { bytesOf, getTable, readTables, wrongFont, type FontTables } from './sfnt.ts'

/** An open font. */
export interface Font {
  readonly tables: FontTables
  readonly unitsPerEm: number
  readonly glyphCount: number
  readonly glyphOf: GlyphOf
  readonly advanceOf: (glyph: number) => number
  /** Space that the glyph keeps free on its left. */
  readonly bearingOf: (glyph: number) => number
  /** The outline as it stands in `glyf`; empty for a blank. */
  readonly outlineOf: (glyph: number) => Uint8Array
  readonly ascent: number
  /** Below the baseline, and so negative. */
  readonly descent: number
  readonly lineGap: number
  readonly capHeight: number
  /** Left, bottom, right, top. */
  readonly box: readonly number[]
  /** Degrees; 0 is upright. */
  readonly italicAngle: number
  /** 400 is regular. */
  readonly weight: number
  /** As PostScript and PDF name it. */
  readonly name: string
}

/** Ten times the largest Times New Roman; fonts of all Chinese stay below. */
const MAX_FONT_BYTES = 48 << 20
/** Embedding permissions, `fsType`: restricted, no part of it alone, pictures only. */
const RESTRICTED = 0x0002
const NO_SUBSET = 0x0100
const BITMAPS_ONLY = 0x0200

/**
 * Opens a font.
 * @param bytes a TrueType file; not copied, must not change
 * @throws {UsageError} USAGE_ARGUMENT where it is none, is damaged, or forbids to be embedded
 * @see ISO/IEC 14496-22 (OpenType)
 */
export function openFont(bytes: Uint8Array): Font {
  if (!(bytes instanceof Uint8Array) || bytes.length > MAX_FONT_BYTES) {
    throw wrongFont(`a TrueType font as bytes, at most ${MAX_FONT_BYTES}`)
  }
  return asWhole(() => readFont(readTables(bytes)))
}

/** Does what reads a font; a table that ends too early is the font's fault. */
export function asWhole<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw wrongFont('a TrueType font that is not damaged')
    throw error
  }
}

function readFont(tables: FontTables): Font {
  const head = getTable(tables, 'head')
  const hhea = getTable(tables, 'hhea')
  const glyphCount = getTable(tables, 'maxp').getUint16(4)
  const unitsPerEm = head.getUint16(18)
  if (unitsPerEm < 16 || unitsPerEm > 16384 || glyphCount === 0) {
    throw wrongFont('a TrueType font that is not damaged')
  }
  const ascent = hhea.getInt16(4)
  const angle = tables.get('post')?.getInt32(4) ?? 0
  return {
    ...{ tables, unitsPerEm, glyphCount, ascent },
    ...{ descent: hhea.getInt16(6), lineGap: hhea.getInt16(8), italicAngle: angle / 65536 },
    ...readStyle(tables.get('OS/2'), ascent),
    box: [36, 38, 40, 42].map((at) => head.getInt16(at)),
    name: readName(tables.get('name')),
    glyphOf: readCmap(getTable(tables, 'cmap')),
    ...readWidths(getTable(tables, 'hmtx'), hhea.getUint16(34)),
    outlineOf: outlineReader(tables, head.getInt16(50) !== 0, glyphCount),
  }
}

/** `OS/2` (§5.2.9): may it be embedded, how bold, how high a capital. */
function readStyle(os2: DataView | undefined, ascent: number) {
  if (os2 === undefined) return { weight: 400, capHeight: ascent }
  const permissions = os2.getUint16(8)
  const isRestricted = (permissions & 0xf) === RESTRICTED
  if (isRestricted || (permissions & (NO_SUBSET | BITMAPS_ONLY)) !== 0) {
    throw wrongFont('a font that allows to be embedded in part')
  }
  const hasHeights = os2.getUint16(0) >= 2 && os2.byteLength >= 90
  return { weight: os2.getUint16(4), capHeight: hasHeights ? os2.getInt16(88) : ascent }
}

/** Record 6 of `name` (§5.2.6), in UTF-16 or one byte a character; what PDF cannot spell simply is dropped. */
function readName(table: DataView | undefined): string {
  if (table === undefined) return 'Font'
  const strings = table.getUint16(4)
  for (let index = 0; index < table.getUint16(2); index++) {
    const at = 6 + index * 12
    if (table.getUint16(at + 6) !== 6) continue
    const start = strings + table.getUint16(at + 10)
    const text = bytesOf(table).subarray(start, start + table.getUint16(at + 8))
    const name = String.fromCharCode(...text.subarray(0, 126)).replace(/[^\w-]/g, '')
    if (name !== '') return name.slice(0, 63)
  }
  return 'Font'
}

/** `hmtx` (§5.2.5): behind the last advance there are only bearings. */
function readWidths(hmtx: DataView, advances: number): Pick<Font, 'advanceOf' | 'bearingOf'> {
  if (advances === 0) throw wrongFont('a TrueType font that is not damaged')
  return {
    advanceOf: (glyph) => hmtx.getUint16(Math.min(glyph, advances - 1) * 4),
    bearingOf: (glyph) =>
      hmtx.getInt16(glyph < advances ? glyph * 4 + 2 : advances * 4 + (glyph - advances) * 2),
  }
}

function outlineReader(tables: FontTables, isLong: boolean, count: number): Font['outlineOf'] {
  const loca = getTable(tables, 'loca')
  const outlines = bytesOf(getTable(tables, 'glyf'))
  const offsetOf = (glyph: number): number =>
    isLong ? loca.getUint32(glyph * 4) : loca.getUint16(glyph * 2) * 2
  return (glyph) => {
    if (glyph >= count) throw new RangeError('glyph')
    const [start, end] = [offsetOf(glyph), offsetOf(glyph + 1)]
    if (start > end || end > outlines.length) throw new RangeError('loca')
    return outlines.subarray(start, end)
  }
}
