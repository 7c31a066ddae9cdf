/**
 * Millimetres on a page, as a person sees it, to a rectangle in its user space.
 * @module
 */
import { wrongArgument } from '../../errors.ts'
import type { FieldPlace } from '../field.ts'
import type { OwnedDict } from '../structure.ts'
import type { Appearance, Place } from './appearance.ts'
import { getPage } from './page-tree.ts'
import { readPageView, sizeOnPaper, toUserSpace, type Box, type PageView } from './page-view.ts'
import { POINTS_PER_MM } from './units.ts'

/** Where a new widget stands: its page, and its rectangle in user space. */
export interface NewSpot {
  readonly page: OwnedDict
  readonly view: PageView
  readonly rectangle: Box
}

/**
 * Finds the place that was asked for.
 * @param path of the two arguments, up to their names
 * @throws {UsageError} USAGE_ARGUMENT where there is no such place
 */
export async function chooseSpot(
  { document, catalog }: FieldPlace,
  { page = 1, at }: Pick<Appearance, 'page' | 'at'>,
  path: '' | 'appearance.',
): Promise<NewSpot> {
  if (at === undefined) throw wrongArgument(`${path}at`, '{ x, y, width, height } in millimetres')
  const found = await getPage(document, catalog.dict, page, `${path}page`)
  const view = await readPageView(document, found)
  return { page: found, view, rectangle: toUserSpace(view, boxOf(at, view, `${path}at`)) }
}

/** Points on paper from the top left, y downwards. */
function boxOf(
  { x, y, width, height, from = 'top-left' }: Place,
  view: PageView,
  argument: string,
): Box {
  const page = sizeOnPaper(view)
  const [across, down] = [width, height].map((value) => value * POINTS_PER_MM) as [number, number]
  const [left, top] = [x, y].map((value) => value * POINTS_PER_MM) as [number, number]
  const x1 = from.endsWith('left') ? left : page.width - left - across
  const y1 = from.startsWith('top') ? top : page.height - top - down
  const isInside = x1 >= -0.01 && y1 >= -0.01 && x1 + across <= page.width + 0.01
  if (isInside && y1 + down <= page.height + 0.01) return [x1, y1, x1 + across, y1 + down]
  const sides = [page.width, page.height].map(
    (side) => Math.floor((side / POINTS_PER_MM) * 10) / 10,
  )
  throw wrongArgument(argument, `a place on the page, which has ${sides.join(' × ')} mm`)
}
