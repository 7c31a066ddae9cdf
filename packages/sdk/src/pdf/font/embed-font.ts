/**
 * A font in a file: a composite font whose codes are glyph numbers (Identity-H), with the way back to Unicode
 * (ISO 32000-2 §9.7.4, §9.8).
 *
 *     Type0 ─ CIDFontType2 ─ FontDescriptor ─ FontFile2: the subset
 *         └── ToUnicode
 * @module
 */
import { encodeUtf8 } from '../../bytes.ts'
import { deflate } from '../deflate.ts'
import {
  array,
  dict,
  name,
  number,
  real,
  type PdfRef,
  type PdfString,
  type PdfValue,
} from '../objects.ts'
import type { Revision } from '../revision.ts'
import type { Font } from './font.ts'
import { subsetFont, type FontSubset } from './subset.ts'
import { encodeToUnicode, encodeUnits } from './to-unicode.ts'

/** A font that text can be shown in. */
export interface EmbeddedFont {
  readonly ref: PdfRef
  /** The hexadecimal string that shows a text, with its brackets. */
  readonly encode: (text: string) => string
}

/** Symbolic: the codes are the font's own (Table 121). */
const SYMBOLIC = 4
const ITALIC = 64

/**
 * Embeds what some text needs of a font.
 * @param text composed (NFC), all of it in the font
 */
export async function embedFont(
  revision: Revision,
  font: Font,
  text: string,
): Promise<EmbeddedFont> {
  const subset = subsetFont(font, [
    ...new Set([...text].map((each) => each.codePointAt(0) as number)),
  ])
  const baseName = name(`${tagOf(subset)}+${font.name}`)
  const descriptor = revision.allocate()
  revision.set(descriptor, await describe(revision, font, subset, baseName))
  const perMille = (units: number): number => Math.round((units * 1000) / font.unitsPerEm)
  const widths = subset.codePoints.map((each) =>
    number(perMille(font.advanceOf(font.glyphOf(each)))),
  )
  const descendant = revision.allocate()
  revision.set(
    descendant,
    dict({
      Type: name('Font'),
      Subtype: name('CIDFontType2'),
      BaseFont: baseName,
      CIDSystemInfo: dict({
        Registry: ascii('Adobe'),
        Ordering: ascii('Identity'),
        Supplement: number(0),
      }),
      FontDescriptor: descriptor,
      DW: number(perMille(font.advanceOf(0))),
      W: array(number(1), { kind: 'array', items: widths }),
      CIDToGIDMap: name('Identity'),
    }),
  )
  const ref = revision.allocate()
  revision.set(
    ref,
    dict({
      Type: name('Font'),
      Subtype: name('Type0'),
      BaseFont: baseName,
      Encoding: name('Identity-H'),
      DescendantFonts: array(descendant),
      ToUnicode: await addStream(revision, encodeToUnicode(subset.codePoints), {}),
    }),
  )
  const codes = new Map(subset.codePoints.map((each, index) => [each, index + 1]))
  return {
    ref,
    encode: (shown) => `<${[...shown].map((each) => codeOf(codes, each)).join('')}>`,
  }
}

function codeOf(codes: ReadonlyMap<number, number>, character: string): string {
  return encodeUnits(String.fromCharCode(codes.get(character.codePointAt(0) as number) ?? 0))
}

async function describe(
  revision: Revision,
  font: Font,
  { file, glyphCount }: FontSubset,
  baseName: PdfValue,
): Promise<PdfValue> {
  const perMille = (units: number): PdfValue => number(Math.round((units * 1000) / font.unitsPerEm))
  // PDF/A-1 wants to know which glyphs there are (ISO 19005-1 §6.3.5); later parts want the list whole, if there is one.
  const present = Uint8Array.from({ length: Math.ceil(glyphCount / 8) }, (_, index) => {
    const rest = glyphCount - index * 8
    return rest >= 8 ? 0xff : (0xff << (8 - rest)) & 0xff
  })
  return dict({
    Type: name('FontDescriptor'),
    FontName: baseName,
    Flags: number(SYMBOLIC | (font.italicAngle === 0 ? 0 : ITALIC)),
    FontBBox: array(...font.box.map(perMille)),
    ItalicAngle: real(font.italicAngle),
    Ascent: perMille(font.ascent),
    Descent: perMille(font.descent),
    CapHeight: perMille(font.capHeight),
    // Nothing in a font says it; viewers ask only for fonts that are not embedded.
    StemV: number(Math.round(10 + (220 * Math.max(0, font.weight - 50)) / 900)),
    FontFile2: await addStream(revision, file, { Length1: number(file.length) }),
    CIDSet: await addStream(revision, present, {}),
  })
}

async function addStream(
  revision: Revision,
  data: Uint8Array,
  entries: Readonly<Record<string, PdfValue>>,
): Promise<PdfRef> {
  const ref = revision.allocate()
  const deflated = await deflate(data)
  revision.set(ref, {
    kind: 'new-stream',
    dict: dict({ ...entries, Filter: name('FlateDecode') }),
    data: deflated,
  })
  return ref
}

/** Six capitals that name the subset (§9.9.2), by what is in it: FNV-1a over the file. */
function tagOf({ file }: FontSubset): string {
  let hash = 0x811c9dc5
  for (const byte of file) hash = Math.imul(hash ^ byte, 0x01000193)
  let rest = hash >>> 0
  let tag = ''
  for (let count = 0; count < 6; count++) {
    tag += String.fromCharCode(65 + (rest % 26))
    rest = Math.floor(rest / 26)
  }
  return tag
}

function ascii(text: string): PdfString {
  return { kind: 'string', form: 'literal', bytes: encodeUtf8(text) }
}
