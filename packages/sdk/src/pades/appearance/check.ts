/**
 * Whether an appearance is one: it comes from plain JavaScript or from JSON.
 * @module
 */
import { wrongArgument } from '../../errors.ts'
import type { Appearance, AppearanceContent, Line, Place, TextContent } from './appearance.ts'

const MAX_LINES = 50
const MAX_LINE_LENGTH = 500
const MAX_POINTS = 200
const TIME_FORMATS: readonly string[] = ['iso8601', 'day-first', 'without-zone', 'vgca']
/** A sheet of A0, and room. PDF itself ends at 5 m. */
const MAX_MILLIMETRES = 2000

/**
 * Checks everything but the bytes of font and picture.
 * @throws {UsageError} USAGE_ARGUMENT, naming the part that is wrong
 */
export function assertAppearance(given: unknown): asserts given is Appearance {
  const appearance = given as Appearance
  if (typeof given !== 'object' || given === null) fail('appearance', '{ page, at, content }')
  const { page, at, content } = appearance
  assertPage('appearance.page', page)
  if (at !== undefined) assertPlace('appearance.at', at)
  if (typeof content !== 'object' || content === null) {
    fail('appearance.content', '{ text, image }, one of them or both')
  }
  assertContent(content)
}

/** @throws {UsageError} USAGE_ARGUMENT where it is no page */
export function assertPage(argument: string, page: Appearance['page']): void {
  const isPage = page === undefined || page === 'last' || (Number.isInteger(page) && page >= 1)
  if (!isPage) fail(argument, "a page's number, from 1, or 'last'")
}

/** @throws {UsageError} USAGE_ARGUMENT where it is no place */
export function assertPlace(argument: string, place: Place): void {
  const { x, y, width, height, from = 'top-left' } = (place ?? {}) as Place
  const isInside = [x, y].every((value) => isBetween(value, 0, MAX_MILLIMETRES))
  const hasSize = [width, height].every((value) => isBetween(value, 1, MAX_MILLIMETRES))
  const isCorner = /^(top|bottom)-(left|right)$/.test(from)
  if (isInside && hasSize && isCorner) return
  fail(argument, '{ x, y, width, height } in millimetres, at least 1 wide and high')
}

function assertContent({ text, image, layout, frame, padding }: AppearanceContent): void {
  if (text === undefined && image === undefined) fail('appearance.content', 'a text or an image')
  if (text !== undefined) assertText(text)
  if (image !== undefined && !((image as unknown) instanceof Uint8Array)) {
    fail('appearance.content.image', 'bytes of a PNG or JPEG')
  }
  oneOf('layout', layout, ['above', 'left', 'behind'])
  if (padding !== undefined && !isBetween(padding, 0, 100)) {
    fail('appearance.content.padding', 'millimetres, 0 to 100')
  }
  if (frame === undefined) return
  const { colour, width = 1 } = frame ?? {}
  if (!isColour(colour) || !isBetween(width, 0.1, 20)) {
    fail('appearance.content.frame', "{ colour: '#rrggbb', width } with 0.1 to 20 points")
  }
}

function assertText(text: TextContent): void {
  const { lines, size = 10, colour = '#000000', align, verticalAlign } = (text ?? {}) as TextContent
  if (!Array.isArray(lines) || lines.length === 0 || lines.length > MAX_LINES) {
    fail('appearance.content.text.lines', `1 to ${MAX_LINES} lines`)
  }
  if (!(lines as readonly Line[]).every(isLine)) {
    fail('appearance.content.text.lines', `lines of at most ${MAX_LINE_LENGTH} characters`)
  }
  if (!isBetween(size, 1, MAX_POINTS)) {
    fail('appearance.content.text.size', `points, 1 to ${MAX_POINTS}`)
  }
  if (!isColour(colour)) fail('appearance.content.text.colour', '#rrggbb')
  oneOf('text.align', align, ['left', 'centre', 'right'])
  oneOf('text.verticalAlign', verticalAlign, ['top', 'middle', 'bottom'])
}

function isLine(line: unknown): boolean {
  if (isShort(line)) return true
  if (typeof line !== 'object' || line === null) return false
  const { time, zone = '+07:00', certificate, before = '' } = line as Record<string, unknown>
  if (!isShort(before)) return false
  if (certificate !== undefined) return ['holder', 'organization'].includes(certificate as string)
  const isZone = typeof zone === 'string' && /^[+-](0\d|1[0-4]):[0-5]\d$/.test(zone)
  return isZone && TIME_FORMATS.includes(time as string)
}

function isShort(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_LINE_LENGTH
}

function isColour(value: unknown): boolean {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)
}

function isBetween(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value >= low && value <= high
}

function oneOf(part: string, value: unknown, words: readonly string[]): void {
  if (value === undefined || words.includes(value as string)) return
  fail(`appearance.content.${part}`, words.join(', '))
}

function fail(argument: string, expected: string): never {
  throw wrongArgument(argument, expected)
}
