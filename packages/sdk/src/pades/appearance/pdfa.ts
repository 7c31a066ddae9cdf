/**
 * What PDF/A asks of an appearance. A document says of itself which part it follows (ISO 19005-1 §6.7.11).
 * @module
 */
import type { Bytes } from '../../bytes.ts'
import { FormatError, isSigningError } from '../../errors.ts'
import type { PdfDocument } from '../../pdf/document.ts'
import type { PdfImage } from '../../pdf/image/image.ts'
import {
  array,
  asKind,
  dict,
  integerOf,
  name,
  real,
  type PdfDict,
  type PdfStream,
} from '../../pdf/objects.ts'
import { followDict, type OwnedDict } from '../structure.ts'

/** What a document is that claims to be PDF/A. */
export interface Archival {
  readonly part: number
  /** How many colours its output intent has, 3 being RGB; undefined where it has none. */
  readonly intentColours: number | undefined
}

const UNREADABLE: readonly string[] = ['FORMAT_MALFORMED', 'FORMAT_UNSUPPORTED']

/**
 * Reads what a document claims to be, of the metadata that PDF/A wants in UTF-8; undefined where it claims nothing, or in a
 * way that cannot be read, damaged or by a filter that is not known here: a signature needs no metadata.
 */
export async function readArchival(
  document: PdfDocument,
  catalog: PdfDict,
): Promise<Archival | undefined> {
  const stream = asKind(await document.resolve(catalog.entries.get('Metadata')), 'stream')
  if (stream === undefined) return undefined
  const xmp = new TextDecoder().decode(await readIfSound(document, stream))
  const part = /\bpdfaid:part\s*(?:=\s*["']|>\s*)(\d)/.exec(xmp)?.[1]
  if (part === undefined) return undefined
  return { part: Number(part), intentColours: await readIntent(document, catalog) }
}

async function readIfSound(document: PdfDocument, stream: PdfStream): Promise<Bytes | undefined> {
  try {
    return await document.readStream(stream)
  } catch (error) {
    if (isSigningError(error) && UNREADABLE.includes(error.code)) return undefined
    throw error
  }
}

async function readIntent(document: PdfDocument, catalog: PdfDict): Promise<number | undefined> {
  const intents = asKind(await document.resolve(catalog.entries.get('OutputIntents')), 'array')
  for (const item of intents?.items ?? []) {
    const intent = asKind(await document.resolve(item), 'dict')
    const profile = await document.resolve(intent?.entries.get('DestOutputProfile'))
    const colours = asKind(profile, 'stream')?.dict.entries.get('N')
    if (colours !== undefined) return integerOf(await document.resolve(colours))
  }
  return undefined
}

/**
 * Refuses a picture that a PDF/A may not hold.
 * @param page that it is to be seen on
 * @throws {FormatError} FORMAT_UNSUPPORTED {feature}
 */
export async function assertPictureAllowed(
  document: PdfDocument,
  page: OwnedDict,
  { part, intentColours }: Archival,
  picture: PdfImage,
): Promise<void> {
  if (picture.colours === 4) throw refused('CMYK pictures', part)
  if (picture.softMask !== undefined) {
    if (part === 1) throw refused('transparent pictures', part)
    // ISO 19005-2 §6.2.10: what is mixed needs to know in which colours; a page is not to be written again for that.
    const group = await followDict(document, page.dict.entries.get('Group'))
    const isMixed = intentColours !== undefined || group?.dict.entries.has('CS') === true
    if (!isMixed) throw refused('transparent pictures without an output intent', part)
  }
  // PDF 1.4, on which part 1 stands, knows no more than 8 bits.
  if (part === 1 && picture.bitsPerComponent > 8) throw refused('pictures of 16 bits', part)
}

function refused(what: string, part: number): FormatError {
  return new FormatError('FORMAT_UNSUPPORTED', { details: { feature: `${what} in PDF/A-${part}` } })
}

const WHITE = array(...[0.9505, 1, 1.089].map(real))
/** Of sRGB, with a plain gamma (IEC 61966-2-1): columns of X, Y and Z. */
const PRIMARIES = [0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505]

/**
 * What device colours mean in an appearance where the document does not say it (ISO 32000-2 §8.6.5.6, ISO 19005-1 §6.2.3.3):
 * entries of /ColorSpace.
 * @returns undefined where its output intent says it
 */
export function calibratedColours({ intentColours }: Archival): PdfDict | undefined {
  if (intentColours === 3) return undefined
  const grey = dict({ WhitePoint: WHITE, Gamma: real(2.2) })
  const rgb = dict({
    WhitePoint: WHITE,
    Gamma: array(...[2.2, 2.2, 2.2].map(real)),
    Matrix: array(...PRIMARIES.map(real)),
  })
  return dict({
    DefaultGray: array(name('CalGray'), grey),
    DefaultRGB: array(name('CalRGB'), rgb),
  })
}
