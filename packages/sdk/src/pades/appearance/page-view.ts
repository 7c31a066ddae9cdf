/**
 * A page as a person sees it: which part of it, which way up, how large (ISO 32000-2 §7.7.3.3).
 * @module
 */
import type { PdfDocument } from '../../pdf/document.ts'
import { malformed } from '../../pdf/malformed.ts'
import { asKind, integerOf, type PdfDict, type PdfValue } from '../../pdf/objects.ts'
import { followDict, type OwnedDict } from '../structure.ts'

/** Left, bottom, right, top in user space; left < right and bottom < top. */
export type Box = readonly [number, number, number, number]

/** How a page is shown. */
export interface PageView {
  /** What of the page is seen: /CropBox within /MediaBox. */
  readonly box: Box
  /** Degrees clockwise. */
  readonly rotation: 0 | 90 | 180 | 270
  /** Points (1/72 inch) that a unit of user space is. */
  readonly unit: number
}

const MAX_DEPTH = 64

/**
 * Reads how a page is shown; /MediaBox, /CropBox and /Rotate may stand higher up in the tree.
 * @throws {FormatError} FORMAT_MALFORMED where it has no /MediaBox
 */
export async function readPageView(document: PdfDocument, page: OwnedDict): Promise<PageView> {
  const inherited = async (key: string): Promise<PdfValue> => {
    let node: PdfDict | undefined = page.dict
    for (let depth = 0; node !== undefined; depth++) {
      if (depth > MAX_DEPTH) throw malformed('page tree', 0, 'a tree that ends')
      const value = await document.resolve(node.entries.get(key))
      if (value !== null) return value
      node = (await followDict(document, node.entries.get('Parent')))?.dict
    }
    return null
  }
  const media = await readBox(document, await inherited('MediaBox'))
  if (media === undefined) throw malformed('page', 0, '/MediaBox')
  const crop = await readBox(document, await inherited('CropBox'))
  const unit = asKind(await document.resolve(page.dict.entries.get('UserUnit')), 'number')?.value
  const turned = (((integerOf(await inherited('Rotate')) ?? 0) % 360) + 360) % 360
  return {
    box: crop === undefined ? media : (intersect(crop, media) ?? media),
    // Other angles are not in the standard; viewers take them for none.
    rotation: turned === 90 || turned === 180 || turned === 270 ? turned : 0,
    unit: unit !== undefined && unit > 0 && unit <= 1000 ? unit : 1,
  }
}

/** Reads a rectangle by any two opposite corners (§7.9.5); undefined where it is none, or has no area. */
export async function readBox(document: PdfDocument, value: PdfValue): Promise<Box | undefined> {
  const items = asKind(value, 'array')?.items ?? []
  const corners = await Promise.all(items.slice(0, 4).map((item) => document.resolve(item)))
  const [x1, y1, x2, y2] = corners.map((corner) => asKind(corner, 'number')?.value)
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return undefined
  const box: Box = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)]
  return hasArea(box) ? box : undefined
}

function hasArea([left, bottom, right, top]: Box): boolean {
  return left < right && bottom < top
}

function intersect(one: Box, other: Box): Box | undefined {
  const box: Box = [
    Math.max(one[0], other[0]),
    Math.max(one[1], other[1]),
    Math.min(one[2], other[2]),
    Math.min(one[3], other[3]),
  ]
  return hasArea(box) ? box : undefined
}

/** Width and height as seen, in points on paper. */
export function sizeOnPaper({ box, rotation, unit }: PageView): { width: number; height: number } {
  const [across, up] = [(box[2] - box[0]) * unit, (box[3] - box[1]) * unit]
  return rotation % 180 === 0 ? { width: across, height: up } : { width: up, height: across }
}

/** From a place as seen (points on paper, from the top left, y downwards) to user space. */
export function toUserSpace(view: PageView, seen: Box): Box {
  const [left, bottom, right, top] = view.box
  const [x1, y1, x2, y2] = seen.map((value) => value / view.unit) as unknown as Box
  switch (view.rotation) {
    case 0:
      return [left + x1, top - y2, left + x2, top - y1]
    case 90:
      return [left + y1, bottom + x1, left + y2, bottom + x2]
    case 180:
      return [right - x2, bottom + y1, right - x1, bottom + y2]
    case 270:
      return [right - y2, top - x2, right - y1, top - x1]
  }
}

/** The /Matrix that has a form of that width and height stand upright on the page as seen (§12.5.5). */
export function uprightMatrix({ rotation }: PageView, width: number, height: number): number[] {
  switch (rotation) {
    case 0:
      return [1, 0, 0, 1, 0, 0]
    case 90:
      return [0, 1, -1, 0, height, 0]
    case 180:
      return [-1, 0, 0, -1, width, height]
    case 270:
      return [0, -1, 1, 0, 0, width]
  }
}
