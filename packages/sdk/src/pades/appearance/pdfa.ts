/**
 * What PDF/A does not allow in an appearance. A document says of itself which part it follows (ISO 19005-1 §6.7.11).
 * @module
 */
import { FormatError } from '../../errors.ts'
import type { PdfDocument } from '../../pdf/document.ts'
import type { PdfImage } from '../../pdf/image/image.ts'
import { asKind, type PdfDict } from '../../pdf/objects.ts'

/**
 * Refuses a picture that a PDF/A may not hold.
 * @throws {FormatError} FORMAT_UNSUPPORTED {feature}
 */
export async function assertPictureAllowed(
  document: PdfDocument,
  catalog: PdfDict,
  picture: PdfImage,
): Promise<void> {
  const part = await findPdfaPart(document, catalog)
  if (part === undefined) return
  if (picture.colours === 4) throw refused('CMYK pictures', part)
  if (part !== 1) return
  if (picture.softMask !== undefined) throw refused('transparent pictures', part)
  // PDF 1.4, on which part 1 stands, knows no more than 8 bits.
  if (picture.bitsPerComponent > 8) throw refused('pictures of 16 bits', part)
}

function refused(what: string, part: number): FormatError {
  return new FormatError('FORMAT_UNSUPPORTED', { details: { feature: `${what} in PDF/A-${part}` } })
}

/** The part of ISO 19005 that the document claims to follow, of the metadata that PDF/A wants in UTF-8. */
async function findPdfaPart(document: PdfDocument, catalog: PdfDict): Promise<number | undefined> {
  const stream = asKind(await document.resolve(catalog.entries.get('Metadata')), 'stream')
  if (stream === undefined) return undefined
  const xmp = new TextDecoder().decode(await document.readStream(stream))
  const part = /\bpdfaid:part\s*(?:=\s*["']|>\s*)(\d)/.exec(xmp)?.[1]
  return part === undefined ? undefined : Number(part)
}
