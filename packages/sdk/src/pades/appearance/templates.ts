/**
 * The marks that Vietnam's clerical rules ask for, each as data: an `Appearance` that can be looked at, kept, and changed
 * before it is used. Lengths are millimetres.
 *
 * Decree 30/2020/NĐ-CP, Appendix I gives places, pictures and type, and no lengths but that the seal has its real size:
 * what it does not say is a parameter here, with a default that was measured or is common.
 * @module
 */
import { wrongArgument } from '../../errors.ts'
import { readImageHeader } from '../../pdf/image/read-image.ts'
import type { Appearance, Line, Place, TextContent, TimeFormat } from './appearance.ts'
import { contain } from './layout.ts'
import { POINTS_PER_MM } from './units.ts'

/** An appearance with a place of its own. */
export interface PlacedAppearance extends Appearance {
  readonly page: number | 'last'
  readonly at: Place
}

/** Where marks at the top right of a page stand; inside the top margin of 20 mm, which the rules keep free. */
const TOP_RIGHT: Place = { x: 10, y: 4, width: 80, height: 15, from: 'top-right' }

/** Times New Roman, lower case, upright, 10 points, black (Appendix I, II.8.b and Part II.I). */
const MARK: Omit<TextContent, 'lines'> = {
  ...{ size: 10, colour: '#000000', align: 'right', verticalAlign: 'top' },
}

/** Moment of signing with Vietnam's time zone, as ISO 8601 writes it. */
const NOW: Line = { time: 'iso8601' }

/**
 * The signature of the person with authority: the picture of the handwritten signature, blue on a transparent ground,
 * centred between the line of the title and the line of the name (Decree 30/2020/NĐ-CP, Appendix I, II.7.d, cell 7c).
 * @param image PNG with transparency
 * @param within the space between title and name; the picture stands in its middle as large as it fits
 * @returns its `at` is what the picture covers, which `organisationSeal` counts from
 * @throws {UsageError} USAGE_ARGUMENT where the picture cannot be used
 */
export function personalSignature(options: {
  readonly image: Uint8Array
  readonly within: Place
  readonly page?: number | 'last'
}): PlacedAppearance {
  const { image, within, page = 'last' } = assertOptions(options)
  assertPlace('within', within)
  const fitted = contain(readImageHeader(image), within)
  return { page, at: { ...fitted, from: within.from }, content: { image } }
}

/**
 * The organisation's signature on the main document: the picture of the seal, red, in its real size, over about a third
 * of the personal signature on its left (Decree 30/2020/NĐ-CP, Appendix I, II.8.a, cell 8; article 33). Signed after the
 * person, so that it lies on top, as on paper.
 * @param image PNG with transparency
 * @param over the personal signature: an `Appearance`, or `{ page, at }` of what its picture covers
 * @param diameter of the seal. Default: 36, common for agencies; lower units have 32 to 34
 */
export function organisationSeal(options: {
  readonly image: Uint8Array
  readonly over: Pick<Appearance, 'page' | 'at'>
  readonly diameter?: number
}): PlacedAppearance {
  const { image, over, diameter = 36 } = assertOptions(options)
  const at = over?.at
  assertPlace('over', at)
  const { x, y, width, height, from = 'top-left' } = at
  // The seal's right edge is a third of the way into the signature; from the right, that is two thirds less.
  const left = x + width / 3 - diameter
  const right = x + (width * 2) / 3
  return {
    // Where nothing is said, the signature itself stands on the first.
    page: over.page ?? 1,
    at: {
      x: from.endsWith('left') ? left : right,
      y: y + (height - diameter) / 2,
      ...{ width: diameter, height: diameter, from },
    },
    content: { image },
  }
}

/**
 * A text or appendix in a file apart from its main document: number and symbol, time of signing, at the top right of the
 * first page of each file, without a picture (Decree 30/2020/NĐ-CP, Appendix I, II.8.b, III.1.d). In the same file as the
 * main document nothing is put on it.
 * @param documentNumber number and symbol of the document, `12/QĐ-UBND`
 */
export function separateAttachment(options: {
  readonly documentNumber: string
  readonly at?: Place
}): PlacedAppearance {
  const { documentNumber, at = TOP_RIGHT } = assertOptions(options)
  return mark([documentNumber, NOW], at)
}

/**
 * An electronic copy of a paper: its form, the agency that copies, time of signing, at the top right of the first page,
 * without a picture (Decree 30/2020/NĐ-CP, Appendix I, Part II.I, cell 14; article 25.1.c).
 * @param form SAO Y: the whole; SAO LỤC: copied from a copy; TRÍCH SAO: a part
 * @param agency its name; default: the organization of the signer's certificate
 */
export function certifiedCopy(options: {
  readonly form: 'SAO Y' | 'SAO LỤC' | 'TRÍCH SAO'
  readonly agency?: Line
  readonly at?: Place
}): PlacedAppearance {
  const { form, agency = { certificate: 'organization' }, at = TOP_RIGHT } = assertOptions(options)
  return mark([form, agency, NOW], at)
}

/**
 * A record scanned by the archive: the agency and the time of signing, no picture; a certified copy for readers begins
 * with BẢN SAO (Circular 05/2025/TT-BNV).
 */
export function archivedRecord(
  options: {
    readonly agency?: Line
    readonly forReader?: boolean
    readonly at?: Place
  } = {},
): PlacedAppearance {
  const {
    agency = { certificate: 'organization' },
    forReader = false,
    at = TOP_RIGHT,
  } = assertOptions(options)
  return mark([...(forReader ? ['BẢN SAO'] : []), agency, NOW], at)
}

/**
 * As before Decree 30: the picture of the red seal stands at the top right of the first page, with the agency and the time
 * beside it (Circular 01/2019/TT-BNV; kept by agencies whose software was made for it).
 * @param diameter of the seal. Default: 16, which the margin of 20 holds
 */
export function sealedMark(options: {
  readonly image: Uint8Array
  readonly agency?: Line
  readonly diameter?: number
  readonly at?: Place
}): PlacedAppearance {
  const {
    image,
    agency = { certificate: 'organization' },
    diameter = 16,
    at = { ...TOP_RIGHT, height: diameter },
  } = assertOptions(options)
  const text: TextContent = {
    ...MARK,
    verticalAlign: 'middle',
    align: 'left',
    lines: [agency, NOW],
  }
  return { page: 1, at, content: { image, layout: 'left', text } }
}

/**
 * The stamp of an incoming document (Decree 30/2020/NĐ-CP, Appendix IV, has the one on paper; none is laid down for
 * electronic ones): ĐẾN and what the register says, in the keys and values that portals hand over as `MetaData`.
 * @param metadata `[{ Key: 'Số đến', Value: '123' }, …]`, a line each
 */
export function incomingStamp(options: {
  readonly metadata: readonly { readonly Key: string; readonly Value: string }[]
  readonly title?: string
  readonly colour?: string
  readonly at?: Place
}): PlacedAppearance {
  const { metadata, title = 'ĐẾN', colour = '#c8102e', at } = assertOptions(options)
  const isEntry = (entry: unknown): boolean => typeof entry === 'object' && entry !== null
  if (!Array.isArray(metadata) || !metadata.every(isEntry)) {
    throw wrongArgument('metadata', 'a list of { Key, Value }')
  }
  const lines = [title, ...metadata.map(({ Key, Value }) => `${Key}: ${Value}`)]
  return {
    page: 1,
    at: at ?? { x: 10, y: 4, width: 50, height: 4 + 4.2 * lines.length },
    content: { text: { lines, colour }, frame: { colour }, padding: 1.5 },
  }
}

/**
 * The block of the software that most agencies use: 170 × 30 points, the signer's name and the time, centred (measured on
 * files of VGCA Sign Service). That software writes the time without a zone, `time: 'vgca'`; the decree wants the zone.
 */
export function signerBlock(options: {
  /** Where; its width and height may be left out. */
  readonly at: Pick<Place, 'x' | 'y' | 'from'> & Partial<Place>
  readonly page?: number | 'last'
  readonly time?: TimeFormat
}): PlacedAppearance {
  const { at, page = 'last', time = 'iso8601' } = assertOptions(options)
  const lines: readonly Line[] = [{ certificate: 'holder' }, { time }]
  return {
    page,
    at: { width: 170 / POINTS_PER_MM, height: 30 / POINTS_PER_MM, ...at },
    content: { text: { lines, size: 10, align: 'centre' } },
  }
}

function mark(lines: readonly Line[], at: Place): PlacedAppearance {
  return { page: 1, at, content: { text: { ...MARK, lines } } }
}

function assertOptions<T extends object>(options: T): T {
  if (typeof options === 'object' && options !== null) return options
  throw wrongArgument('options', 'an object with what the mark is made of')
}

function assertPlace(argument: string, at: unknown): asserts at is Place {
  const { x, y, width, height } = (at ?? {}) as Partial<Place>
  if ([x, y, width, height].every((value) => typeof value === 'number')) return
  throw wrongArgument(argument, '{ x, y, width, height } in millimetres')
}
