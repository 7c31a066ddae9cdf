/**
 * A visible signature's widget: prepared while nothing is signed yet, then painted into the revision.
 * @module
 */
import { wrongArgument } from '../../errors.ts'
import { load } from '../../load.ts'
import { embedFont } from '../../pdf/font/embed-font.ts'
import { openFont } from '../../pdf/font/font.ts'
import { wrongFont } from '../../pdf/font/sfnt.ts'
import type { PdfImage } from '../../pdf/image/image.ts'
import { readImage } from '../../pdf/image/read-image.ts'
import {
  array,
  asKind,
  dict,
  real,
  withEntries,
  type PdfDict,
  type PdfRef,
} from '../../pdf/objects.ts'
import type { Revision } from '../../pdf/revision.ts'
import type { FieldPlace, Paint } from '../field.ts'
import type { FormField } from '../form.ts'
import { followDict, type OwnedDict } from '../structure.ts'
import type { Appearance, FontSource } from './appearance.ts'
import { assertAppearance } from './check.ts'
import { drawForm } from './draw.ts'
import { layOutContent, type TextInput } from './layout.ts'
import { writeLines, type SigningFacts } from './lines.ts'
import { getPageOf } from './page-tree.ts'
import { readBox, readPageView, sizeOnPaper, uprightMatrix } from './page-view.ts'
import { assertPictureAllowed, calibratedColours, readArchival } from './pdfa.ts'
import { chooseSpot, type NewSpot } from './spot.ts'

/** Where the widget stands, and the widget of an existing field. */
interface Spot extends NewSpot {
  readonly widget: OwnedDict | undefined
}

/**
 * Reads font and picture, and writes the lines.
 * @throws {UsageError} USAGE_ARGUMENT, naming the part of the appearance that is wrong; USAGE_NOT_LOADED
 */
export async function preparePaint(appearance: unknown, facts: SigningFacts): Promise<Paint> {
  assertAppearance(appearance)
  const { content } = appearance
  const text = content.text && {
    font: openFont(await loadFont(content.text.font)),
    lines: writeLines(content.text.lines, facts),
  }
  const picture = content.image && (await readImage(content.image))
  return async (place, existing) => {
    const spot = existing
      ? await findSpot(place, existing, appearance)
      : { ...(await chooseSpot(place, appearance, 'appearance.')), widget: undefined }
    const archival = await readArchival(place.document, place.catalog.dict)
    if (picture && archival) {
      await assertPictureAllowed(place.document, spot.page, archival, picture)
    }
    const colours = archival && calibratedColours(archival)
    const form = await paintForm(place.revision, appearance, spot, { text, picture, colours })
    const entries = { AP: dict({ N: form }) }
    const { page, widget } = spot
    if (widget === undefined) {
      return {
        page,
        entries: { ...entries, Rect: array(...spot.rectangle.map((each) => real(each))) },
      }
    }
    if (widget.ref.number === existing?.ref?.number) return { page, entries }
    place.revision.set(widget.ref, withEntries(widget.dict, entries))
    return { page, entries: {} }
  }
}

async function loadFont(source: FontSource | undefined): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source
  if (source === undefined) return (await load(import('../../pdf/font/serif.ts'))).loadSerif()
  if (typeof source === 'function') return source()
  throw wrongFont('a TrueType font as bytes, or a function that brings them')
}

/** What is painted. */
interface PaintedParts {
  readonly text: TextInput | undefined
  readonly picture: PdfImage | undefined
  /** Entries of /ColorSpace. */
  readonly colours: PdfDict | undefined
}

async function paintForm(
  revision: Revision,
  { content }: Appearance,
  { view, rectangle }: Spot,
  { text, picture, colours }: PaintedParts,
): Promise<PdfRef> {
  const size = sizeOnPaper({ ...view, box: rectangle })
  const layout = layOutContent(content, size, text, picture)
  const shown = layout.lines.map((line) => line.text).join('')
  const parts = {
    font: text && (await embedFont(revision, text.font, shown)),
    picture: picture && { ref: addPicture(revision, picture), turn: picture.turn },
    colours,
  }
  const matrix = uprightMatrix(view, size.width, size.height)
  const form = revision.allocate()
  revision.set(form, drawForm(content, { ...size, matrix }, layout, parts))
  return form
}

function addPicture(revision: Revision, { image, softMask }: PdfImage): PdfRef {
  const mask = softMask && revision.allocate()
  if (mask !== undefined && softMask !== undefined) revision.set(mask, softMask)
  const ref = revision.allocate()
  revision.set(ref, { ...image, dict: withEntries(image.dict, { SMask: mask }) })
  return ref
}

/** The place that an existing field has. */
async function findSpot(
  { document, catalog }: FieldPlace,
  field: FormField,
  { page, at }: Appearance,
): Promise<Spot> {
  if (page !== undefined || at !== undefined) {
    throw wrongArgument('appearance', '{ content } alone: the field has its own place')
  }
  const kids = asKind(await document.resolve(field.dict.entries.get('Kids')), 'array')?.items ?? []
  const [only] = kids
  const own = kids.length === 0 && field.ref ? { ref: field.ref, dict: field.dict } : undefined
  const widget = kids.length === 1 ? await followDict(document, only) : own
  const rectangle =
    widget && (await readBox(document, await document.resolve(widget.dict.entries.get('Rect'))))
  if (widget?.ref === undefined || rectangle === undefined) {
    throw wrongArgument('fieldName', 'a field that has one rectangle, or a new name')
  }
  const owned = { ref: widget.ref, dict: widget.dict }
  const found = await getPageOf(document, catalog.dict, owned)
  return { page: found, view: await readPageView(document, found), rectangle, widget: owned }
}
