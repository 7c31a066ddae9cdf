/**
 * The revision that signs a document, complete but for the signature: all that a PDF has to say about signing is
 * decided here, before anybody is asked for a PIN.
 *
 * XFA and usage rights are left as they are: what is signed is the file, and taking them out would be a change that
 * earlier signatures do not allow.
 * @module
 */
import type { PdfDocument } from '../pdf/document.ts'
import {
  array,
  asKind,
  dict,
  integerOf,
  name,
  number,
  type PdfRef,
  type PdfValue,
} from '../pdf/objects.ts'
import { encodeTextString } from '../pdf/text-string.ts'
import type { DocumentInput } from '../types.ts'
import { appendSignature, openForm, type SigningPlan } from './append-signature.ts'
import { chooseField, type Paint } from './field.ts'
import type { FormField } from './form.ts'
import { assertSigningAllowed, readScope } from './permissions.ts'
import { assertSeedValue, type IntendedSignature } from './seed-value.ts'
import { describeSignature, type SignatureText } from './signature-dictionary.ts'

/** What is to be signed into the document. */
export interface PlanInput extends SignatureText, Omit<IntendedSignature, 'reason'> {
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
  const references = await honourField(document, chosen.existing, input, catalog.ref)
  return appendSignature(place, chosen, {
    entries: describeSignature(input, references),
    contentsBytes: input.contentsBytes,
  })
}

/** What an existing field asks of its signature: seed values are met or refused, a lock becomes a transform. */
async function honourField(
  document: PdfDocument,
  field: FormField | undefined,
  input: PlanInput,
  catalog: PdfRef,
): Promise<PdfValue | undefined> {
  if (field === undefined) return undefined
  const seed = asKind(await document.resolve(field.dict.entries.get('SV')), 'dict')
  if (seed !== undefined) await assertSeedValue(document, seed, input)
  const lock = asKind(await document.resolve(field.dict.entries.get('Lock')), 'dict')
  if (lock === undefined) return undefined
  const { action, names } = await readScope(document, lock)
  const locked = transform('FieldMDP', catalog, {
    Action: name(action),
    Fields: action === 'All' ? undefined : array(...names.map(encodeTextString)),
  })
  // PDF 2.0 (Table 236): the lock may also restrict what comes after.
  const level = integerOf(await document.resolve(lock.entries.get('P')))
  if (level === undefined) return array(locked)
  return array(locked, transform('DocMDP', catalog, { P: number(level) }))
}

/** A signature reference dictionary (Table 256). */
function transform(
  method: string,
  catalog: PdfRef,
  parameters: Readonly<Record<string, PdfValue | undefined>>,
): PdfValue {
  return dict({
    Type: name('SigRef'),
    TransformMethod: name(method),
    Data: catalog,
    TransformParams: dict({ Type: name('TransformParams'), V: name('1.2'), ...parameters }),
  })
}
