/**
 * What a PDF before 2.0 says of itself where it has more than its version has: the extensions dictionary
 * (ISO 32000-2 §7.12).
 * @module
 */
import type { PdfDocument } from '../pdf/document.ts'
import {
  asKind,
  dict,
  integerOf,
  name,
  nameOf,
  number,
  withEntries,
  type PdfDict,
} from '../pdf/objects.ts'

/** The level that brought /DSS and document time stamps to PDF 1.7 (ETSI TS 102 778-4 Annex A). */
const ESIC_LEVEL = 1

/** A catalog that names the extensions of ETSI; the same where the document is PDF 2.0 or names them already. */
export async function withEsicExtension(document: PdfDocument, catalog: PdfDict): Promise<PdfDict> {
  if (await isVersion2(document, catalog)) return catalog
  const extensions = asKind(await document.resolve(catalog.entries.get('Extensions')), 'dict')
  const known = asKind(await document.resolve(extensions?.entries.get('ESIC')), 'dict')
  const level = integerOf(await document.resolve(known?.entries.get('ExtensionLevel'))) ?? 0
  if (level >= ESIC_LEVEL) return catalog
  const esic = dict({ BaseVersion: name('1.7'), ExtensionLevel: number(ESIC_LEVEL) })
  // Direct, as §7.12.2 asks for.
  return withEntries(catalog, { Extensions: withEntries(extensions ?? dict({}), { ESIC: esic }) })
}

/** The header's version, or a later one of the catalog (§7.7.2). */
async function isVersion2({ source, resolve }: PdfDocument, catalog: PdfDict): Promise<boolean> {
  const [digit = 0] = await source.read('%PDF-'.length, '%PDF-'.length + 1)
  const own = nameOf(await resolve(catalog.entries.get('Version'))) ?? ''
  return digit >= '2'.charCodeAt(0) || own >= '2'
}
