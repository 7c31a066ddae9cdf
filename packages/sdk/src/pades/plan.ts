/**
 * The revision that signs a document, complete but for the signature: all that a PDF has to say about signing is
 * decided here, before anybody is asked for a PIN.
 *
 * XFA and usage rights are left as they are: what is signed is the file, and taking them out would be a change that
 * earlier signatures do not allow.
 * @module
 */
import { load } from '../load.ts'
import type { DocumentInput } from '../types.ts'
import { appendSignature, openForm, type SigningPlan } from './append-signature.ts'
import type { AskedRules, ChangeRules } from './change-rules.ts'
import { chooseField, type ChosenField, type FieldPlace, type Paint } from './field.ts'
import { assertSigningAllowed } from './permissions.ts'
import { describeSignature, type SignatureText } from './signature-dictionary.ts'

/** What is to be signed into the document. */
export interface PlanInput extends SignatureText, Omit<AskedRules, 'reason'> {
  readonly fieldName: string | undefined
  /** Opens an encrypted document; the empty one where undefined. */
  readonly password: string | undefined
  /** Room for the DER signature. */
  readonly contentsBytes: number
  readonly paint?: Paint | undefined
}

/**
 * Plans the revision.
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED, FORMAT_NOT_ALLOWED, FORMAT_PASSWORD
 * @throws {UsageError} USAGE_ARGUMENT for a field name that cannot be used
 */
export async function planSignature(pdf: DocumentInput, input: PlanInput): Promise<SigningPlan> {
  const place = await openForm(pdf, input)
  const { document, catalog, fields } = place
  const chosen = chooseField(fields, input.fieldName)
  document.cipher?.assertMaySign(chosen.existing === undefined ? 'new' : 'existing')
  await assertSigningAllowed(document, catalog.dict, fields, chosen.name)
  const rules = await findRules(place, chosen, input)
  const ruled = rules === undefined ? chosen : { ...chosen, entries: rules.fieldEntries }
  return appendSignature(place, ruled, {
    entries: describeSignature(input, rules?.references),
    contentsBytes: input.contentsBytes,
    onAttached: rules?.onAttached,
  })
}

/** Loaded only where the caller or the field asks for more than a signature. */
async function findRules(
  place: FieldPlace,
  { existing }: ChosenField,
  input: PlanInput,
): Promise<ChangeRules | undefined> {
  const entries = existing?.dict.entries
  const asks = entries?.has('SV') === true || entries?.has('Lock') === true
  if (!asks && input.certify === undefined && input.lock === undefined) return undefined
  const { decideRules } = await load(import('./change-rules.ts'))
  return decideRules(place, existing, input)
}
