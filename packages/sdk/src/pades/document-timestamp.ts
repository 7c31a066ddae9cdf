/**
 * The revision that takes a document time stamp: the word of an authority over the whole file as it was.
 *
 * It is always allowed: document time stamps and the DSS are no changes to what a certification or a lock protects
 * (ISO 32000-2 §12.8.2.2.2).
 * @see ISO 32000-2 §12.8.5, EN 319 142-1 §5.4.3
 * @module
 */
import { isSigningError } from '../errors.ts'
import { name } from '../pdf/objects.ts'
import type { DocumentInput } from '../types.ts'
import { appendSignature, openForm, type SigningPlan } from './append-signature.ts'
import { readArchival } from './appearance/pdfa.ts'
import { chooseField, type FieldPlace, type Paint } from './field.ts'
import { assertSigningAllowed } from './permissions.ts'
import type { SignatureEntries } from './signature-dictionary.ts'

/** Of the field's name. */
const PREFIX = 'Timestamp'

/** /M has no place in it: the time is the token's. */
const ENTRIES: SignatureEntries = {
  Type: name('DocTimeStamp'),
  Filter: name('Adobe.PPKLite'),
  SubFilter: name('ETSI.RFC3161'),
}

/**
 * No appearance (ISO 32000-2 §12.8.5): even an empty one is a change that a certification need not allow. PDF/A-1 wants one
 * of every field (ISO 19005-1 §6.9), and has it where signing would be allowed.
 */
const leaveBare: Paint = async (place) => {
  const { document, catalog } = place
  const archival = await readArchival(document, catalog.dict)
  const isBare = archival?.part !== 1 || !(await mayBeSigned(place))
  return { entries: {}, isBare }
}

async function mayBeSigned({ document, catalog, fields }: FieldPlace): Promise<boolean> {
  const { name: fieldName } = chooseField(fields, undefined, { prefix: PREFIX })
  try {
    await assertSigningAllowed(document, catalog.dict, fields, fieldName)
    return true
  } catch (error) {
    if (isSigningError(error) && error.code === 'FORMAT_NOT_ALLOWED') return false
    throw error
  }
}

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
  const chosen = chooseField(place.fields, undefined, { prefix: PREFIX })
  return appendSignature(place, chosen, { entries: ENTRIES, contentsBytes: token.contentsBytes })
}
