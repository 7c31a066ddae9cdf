/**
 * The revision that takes a document time stamp: the word of an authority over the whole file as it was.
 *
 * It is always allowed: document time stamps and the DSS are no changes to what a certification or a lock protects
 * (ISO 32000-2 §12.8.2.2.2).
 * @see ISO 32000-2 §12.8.5, EN 319 142-1 §5.4.3
 * @module
 */
import { name } from '../pdf/objects.ts'
import type { DocumentInput } from '../types.ts'
import { appendSignature, openForm, type SigningPlan } from './append-signature.ts'
import { chooseField, type Paint } from './field.ts'
import type { SignatureEntries } from './signature-dictionary.ts'
import { getFirstPage } from './structure.ts'

/** /M has no place in it: the time is the token's. */
const ENTRIES: SignatureEntries = {
  Type: name('DocTimeStamp'),
  Filter: name('Adobe.PPKLite'),
  SubFilter: name('ETSI.RFC3161'),
}

/** No appearance (ISO 32000-2 §12.8.5): even an empty one is a change that a certification need not allow. */
const leaveBare: Paint = async ({ document, catalog }) => ({
  page: await getFirstPage(document, catalog.dict),
  entries: {},
  isBare: true,
})

/** What is known of the token. */
export interface TokenToCome {
  readonly contentsBytes: number
  readonly password: string | undefined
}

/**
 * Plans the revision, with a field of its own: `Timestamp1` or the next name that is free.
 * @param token `contentsBytes` is the room for its DER; `password` opens an encrypted document
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED, FORMAT_PASSWORD; FORMAT_NOT_ALLOWED where the author of an
 *   encrypted document allows no new field
 */
export async function planDocumentTimestamp(
  pdf: DocumentInput,
  token: TokenToCome,
): Promise<SigningPlan> {
  const place = await openForm(pdf, { password: token.password, paint: leaveBare })
  place.document.cipher?.assertMaySign('new')
  const chosen = chooseField(place.fields, undefined, 'Timestamp')
  return appendSignature(place, chosen, { entries: ENTRIES, contentsBytes: token.contentsBytes })
}
