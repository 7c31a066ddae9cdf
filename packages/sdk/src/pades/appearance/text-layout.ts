/**
 * Text in a rectangle: which words stand on which line, and where.
 * @module
 */
import { wrongArgument } from '../../errors.ts'
import type { Font } from '../../pdf/font/font.ts'
import { wrongFont } from '../../pdf/font/sfnt.ts'
import type { TextContent } from './appearance.ts'

/** A rectangle in points, y upwards from the bottom of the appearance. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Lines that are broken and measured. */
export interface TextBlock {
  readonly lines: readonly { readonly text: string; readonly width: number }[]
  readonly size: number
  /** From baseline to baseline. */
  readonly leading: number
  /** From the top to the first baseline. */
  readonly ascent: number
  readonly height: number
}

/** A line and where its baseline begins. */
export interface PlacedLine {
  readonly text: string
  readonly x: number
  readonly y: number
}

/** What rounding may take. */
const TOLERANCE = 0.01

/**
 * Breaks lines at spaces so that they fit a width.
 * @throws {UsageError} USAGE_ARGUMENT where the font lacks a character, or a word is too wide
 */
export function breakText(
  font: Font,
  lines: readonly string[],
  size: number,
  width: number,
): TextBlock {
  const scale = size / font.unitsPerEm
  const measure = (text: string): number => {
    let units = 0
    for (const character of text) units += font.advanceOf(glyphOf(font, character))
    return units * scale
  }
  const broken = lines.flatMap((line) => breakLine(line, measure, width))
  const leading = (font.ascent - font.descent + font.lineGap) * scale
  const height = (font.ascent - font.descent) * scale + (broken.length - 1) * leading
  return { lines: broken, size, leading, ascent: font.ascent * scale, height }
}

function glyphOf(font: Font, character: string): number {
  const codePoint = character.codePointAt(0) as number
  const glyph = font.glyphOf(codePoint)
  if (glyph > 0 && glyph < font.glyphCount) return glyph
  const number = codePoint.toString(16).toUpperCase().padStart(4, '0')
  throw wrongFont(`a font that has “${character}” (U+${number})`)
}

function breakLine(line: string, measure: (text: string) => number, width: number) {
  const lines: { text: string; width: number }[] = []
  let text = ''
  for (const word of line.split(' ')) {
    const longer = text === '' ? word : `${text} ${word}`
    if (text !== '' && measure(longer) > width + TOLERANCE) {
      lines.push({ text, width: measure(text) })
      text = word
    } else text = longer
  }
  lines.push({ text, width: measure(text) })
  const widest = lines.find((each) => each.width > width + TOLERANCE)
  if (widest !== undefined) throw noRoom('wide', widest.width)
  return lines
}

/** Puts a block into an area. */
export function placeText(
  block: TextBlock,
  area: Area,
  { align = 'left', verticalAlign = 'middle' }: TextContent,
): PlacedLine[] {
  const free = area.height - block.height
  if (free < -TOLERANCE) throw noRoom('high', block.height)
  const above = { top: 0, middle: free / 2, bottom: free }[verticalAlign]
  const top = area.y + area.height - above
  return block.lines.map(({ text, width }, index) => ({
    text,
    x: area.x + { left: 0, centre: 0.5, right: 1 }[align] * (area.width - width),
    y: top - block.ascent - index * block.leading,
  }))
}

/** Text is never cut, and never made smaller than it was asked for. */
export function noRoom(direction: 'wide' | 'high', points: number): Error {
  const millimetres = Math.ceil((points * 254) / 72) / 10
  return wrongArgument(
    'appearance.at',
    `a rectangle whose text has room: ${millimetres} mm ${direction}`,
  )
}
