/**
 * Where text and picture stand in the rectangle.
 * @module
 */
import { wrongArgument } from '../../errors.ts'
import type { Font } from '../../pdf/font/font.ts'
import type { AppearanceContent } from './appearance.ts'
import { breakText, noRoom, placeText, type Area, type PlacedLine } from './text-layout.ts'
import { POINTS_PER_MM } from './units.ts'

/** Text to be laid out: its lines as they are read. */
export interface TextInput {
  readonly font: Font
  readonly lines: readonly string[]
}

/** Everything in points, y upwards from the bottom. */
export interface ContentLayout {
  readonly picture: Area | undefined
  readonly lines: readonly PlacedLine[]
}

const GAP = POINTS_PER_MM
const DEFAULT_SIZE = 10

/** The size of text that does not say its own. */
export function sizeOf({ text }: AppearanceContent): number {
  return text?.size ?? DEFAULT_SIZE
}

/**
 * Lays the content out.
 * @param size of the rectangle, points
 * @param text undefined where there is none
 * @param picture in pixels; undefined where there is none
 * @throws {UsageError} USAGE_ARGUMENT where there is no room
 */
export function layOutContent(
  content: AppearanceContent,
  size: { readonly width: number; readonly height: number },
  text: TextInput | undefined,
  picture: { readonly width: number; readonly height: number } | undefined,
): ContentLayout {
  const inner = shrink({ x: 0, y: 0, ...size }, (content.padding ?? 0) * POINTS_PER_MM)
  if (text === undefined || content.text === undefined) {
    return { picture: picture && contain(picture, inner), lines: [] }
  }
  const areas = picture === undefined ? { text: inner } : split(content, inner, text, picture)
  const block = breakText(text.font, text.lines, sizeOf(content), areas.text.width)
  return {
    picture: picture && areas.picture && contain(picture, areas.picture),
    lines: placeText(block, areas.text, content.text),
  }
}

/** Divides the rectangle among picture and text. */
function split(
  content: AppearanceContent,
  inner: Area,
  text: TextInput,
  picture: { readonly width: number; readonly height: number },
): { readonly text: Area; readonly picture?: Area } {
  const { x, y, width, height } = inner
  if (content.layout === 'behind') return { text: inner, picture: inner }
  if (content.layout === 'above') {
    const block = breakText(text.font, text.lines, sizeOf(content), width)
    const left = height - block.height - GAP
    if (left <= 0) throw noRoom('high', block.height + GAP)
    return {
      text: { x, y, width, height: block.height },
      picture: { x, y: y + block.height + GAP, width, height: left },
    }
  }
  // As wide as it is at full height, and never more than half.
  const across = Math.min((height * picture.width) / picture.height, (width - GAP) / 2)
  return {
    text: { x: x + across + GAP, y, width: width - across - GAP, height },
    picture: { x, y, width: across, height },
  }
}

function shrink({ x, y, width, height }: Area, by: number): Area {
  const area = { x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by }
  if (area.width > 0 && area.height > 0) return area
  throw wrongArgument('appearance.content.padding', 'millimetres that leave room inside')
}

/** The largest rectangle of the picture's proportions, in the middle of an area. */
export function contain(
  picture: { readonly width: number; readonly height: number },
  area: Area,
): Area {
  const scale = Math.min(area.width / picture.width, area.height / picture.height)
  const [width, height] = [picture.width * scale, picture.height * scale]
  return {
    x: area.x + (area.width - width) / 2,
    y: area.y + (area.height - height) / 2,
    width,
    height,
  }
}
