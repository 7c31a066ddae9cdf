import { describe, expect, it } from 'vitest'
import { openFont } from './font.ts'
import { loadSerif } from './serif.ts'
import { readTables } from './sfnt.ts'
import { subsetFont } from './subset.ts'

const code = (text: string): number[] => [...text].map((each) => each.codePointAt(0)!)

/** Every letter of Vietnamese, composed, in both cases: TCVN 6909:2001. */
const VIETNAMESE = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y']
  .flatMap((vowel) =>
    ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'].map((tone) => vowel + tone),
  )
  .concat('đ')
  .flatMap((letter) => [letter, letter.toUpperCase()])
  .map((letter) => letter.normalize('NFC'))

const serif = await loadSerif()

describe('the serif', () => {
  it('has every letter of Vietnamese', () => {
    const { glyphOf } = openFont(serif)
    expect(new Set(VIETNAMESE).size).toBe(146)
    expect(
      VIETNAMESE.filter((letter) => letter.length !== 1 || glyphOf(code(letter)[0]!) === 0),
    ).toEqual([])
  })

  // Widths of Times-Roman as Adobe's metrics list them, of a thousandth of the size; Times New Roman has the same.
  it.each<[string, number]>([
    [' ', 250],
    ['!', 333],
    ['A', 722],
    ['B', 667],
    ['I', 333],
    ['M', 889],
    ['W', 944],
    ['a', 444],
    ['f', 333],
    ['i', 278],
    ['m', 778],
    ['w', 722],
    ['0', 500],
    ['9', 500],
    [':', 278],
    ['+', 564],
    ['-', 333],
    ['/', 278],
    ['Đ', 722],
    ['é', 444],
    ['ô', 500],
    ['€', 500],
    ['–', 500],
    ['“', 444],
  ])('gives %j the width of Times New Roman', (letter, width) => {
    const { glyphOf, advanceOf, unitsPerEm } = openFont(serif)
    expect(
      Math.abs((advanceOf(glyphOf(code(letter)[0]!)) * 1000) / unitsPerEm - width),
    ).toBeLessThan(1)
  })

  it('names itself, and who made it under which licence', () => {
    expect(openFont(serif)).toMatchObject({ name: 'Tinos-Regular', weight: 400, italicAngle: 0 })
    const text = new TextDecoder('utf-16be').decode(serif.slice(serif.length % 2))
    const other = new TextDecoder('utf-16be').decode(serif.slice(1 - (serif.length % 2)))
    expect(text + other).toContain('SIL Open Font License')
  })
})

describe('a part of a font', () => {
  const font = openFont(serif)

  it('is the same for the same characters in any order, and small', () => {
    const one = subsetFont(font, code('Đặng ế'))
    const other = subsetFont(font, code('ế gnặĐ'))
    expect(one.file).toEqual(other.file)
    expect(one.file.length).toBeLessThan(4000)
    expect(one.codePoints).toEqual(code(' gnĐặế'))
  })

  it('has the outline and the width of each character, and all that it is composed of', () => {
    const { file, codePoints, glyphCount } = subsetFont(font, code('ẤẶđỹ'))
    const tables = readTables(file)
    expect([...tables.keys()]).toEqual(['glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp'])
    expect(tables.get('maxp')!.getUint16(4)).toBe(glyphCount)
    expect(tables.get('loca')!.byteLength).toBe((glyphCount + 1) * 4)
    expect(tables.get('head')!.getInt16(50)).toBe(1)
    for (const [index, each] of codePoints.entries()) {
      const glyph = font.glyphOf(each)
      const [start, end] = [index + 1, index + 2].map((at) => tables.get('loca')!.getUint32(at * 4))
      const { byteOffset } = tables.get('glyf')!
      const outline = file.subarray(byteOffset + start!, byteOffset + end!)
      expect(tables.get('hmtx')!.getUint16((index + 1) * 4)).toBe(font.advanceOf(glyph))
      const original = font.outlineOf(glyph)
      // Number of contours and the box; the parts of a composed one have other numbers.
      expect([...outline.subarray(0, 10)]).toEqual([...original.subarray(0, 10)])
    }
  })

  it('keeps two characters apart that look the same', () => {
    const alike = { ...font, glyphOf: () => font.glyphOf(0x110) }
    const { codePoints, glyphCount } = subsetFont(alike, [0x110, 0xd0])
    expect(codePoints).toEqual([0xd0, 0x110])
    expect(glyphCount).toBeGreaterThanOrEqual(3)
  })

  it('sums up to what a font file must', () => {
    const { file } = subsetFont(font, code('Trần'))
    const words = new DataView(file.buffer)
    let sum = 0
    for (let at = 0; at < file.length; at += 4) sum = (sum + words.getUint32(at)) >>> 0
    expect(sum).toBe(0xb1b0afba)
  })
})

describe('hostile fonts', () => {
  const wrong = expect.objectContaining({
    code: 'USAGE_ARGUMENT',
    details: expect.objectContaining({ argument: 'appearance.content.text.font' }) as unknown,
  }) as unknown
  const outcome = (bytes: Uint8Array): unknown => {
    try {
      const font = openFont(bytes)
      const known = code('Đặng Ỷ').filter(
        (each) => font.glyphOf(each) > 0 && font.glyphOf(each) < font.glyphCount,
      )
      return subsetFont(font, known).file.length > 0
    } catch (error) {
      return error
    }
  }

  it('are refused when cut short anywhere', () => {
    for (let length = 0; length < serif.length; length += length < 1000 ? 1 : 97) {
      expect(outcome(serif.slice(0, length))).toEqual(wrong)
    }
  })

  it('are refused or read when any byte differs, and never anything else', () => {
    for (let at = 0; at < serif.length; at += at < 600 ? 1 : 31) {
      const bytes = new Uint8Array(serif)
      bytes[at]! ^= 0xff
      const result = outcome(bytes)
      if (result !== true) expect(result).toEqual(wrong)
    }
  })

  it('are refused where a glyph is part of itself', () => {
    const font = openFont(serif)
    const circular = {
      ...font,
      outlineOf: () => Uint8Array.of(0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0),
    }
    expect(() => subsetFont(circular, code('a'))).toThrow('fewer parts')
  })

  it.each<[string, (view: DataView, tables: ReturnType<typeof readTables>) => void]>([
    ['outlines of PostScript', (view) => view.setUint32(0, 0x4f54544f)],
    ['a collection', (view) => view.setUint32(0, 0x74746366)],
    ['WOFF 2', (view) => view.setUint32(0, 0x774f4632)],
    ['restricted embedding', (_, tables) => tables.get('OS/2')!.setUint16(8, 0x0002)],
    ['no subsetting', (_, tables) => tables.get('OS/2')!.setUint16(8, 0x0108)],
    ['no Unicode', (_, tables) => tables.get('cmap')!.setUint16(2, 0)],
    ['no em', (_, tables) => tables.get('head')!.setUint16(18, 0)],
  ])('are refused with %s', (_, change) => {
    const bytes = new Uint8Array(serif)
    change(new DataView(bytes.buffer), readTables(bytes))
    expect(outcome(bytes)).toEqual(wrong)
  })

  it.each([undefined, 'font', new ArrayBuffer(8), new Uint8Array(0)])('are no %j', (bytes) => {
    expect(outcome(bytes as Uint8Array)).toEqual(wrong)
  })
})
