/**
 * What earlier signatures and the author permit: certification (DocMDP) and locked fields (FieldMDP),
 * ISO 32000-2 §12.8.2.
 * @module
 */
import type { PdfDocument } from '../pdf/document.ts'
import { malformed, notAllowed } from '../pdf/malformed.ts'
import { asKind, integerOf, nameOf, type PdfDict, type PdfValue } from '../pdf/objects.ts'
import { decodeTextString } from '../pdf/text-string.ts'
import type { FormField } from './form.ts'

/** A set of fields, as locks and FieldMDP give it. */
export interface FieldScope {
  readonly action: string
  readonly names: readonly string[]
}

/**
 * Refuses a signature that would break another one.
 * @param fieldName full name of the field that is to be signed
 * @throws {FormatError} FORMAT_NOT_ALLOWED {rule: 'DocMDP P=1' | 'Lock P=1' | 'FieldMDP'}
 */
export async function assertSigningAllowed(
  document: PdfDocument,
  catalog: PdfDict,
  fields: readonly FormField[],
  fieldName: string,
): Promise<void> {
  const permissions = asKind(await document.resolve(catalog.entries.get('Perms')), 'dict')
  // A set: fields that inherit their value share it, and looking once is enough.
  const signatures = new Set([permissions?.entries.get('DocMDP')])
  for (const { type, value, dict } of fields) {
    if (type !== 'Sig' || value === null) continue
    signatures.add(value)
    // Table 236: the lock of a signed field may close the whole document.
    const lock = asKind(await document.resolve(dict.entries.get('Lock')), 'dict')
    const level = integerOf(await document.resolve(lock?.entries.get('P')))
    if (level === 1) throw notAllowed('Lock P=1')
  }
  for (const value of signatures) {
    const signature = asKind(await document.resolve(value), 'dict')
    if (signature === undefined) continue
    const references = asKind(await document.resolve(signature.entries.get('Reference')), 'array')
    for (const reference of references?.items ?? []) {
      await assertReference(document, reference, fieldName)
    }
  }
}

async function assertReference(
  document: PdfDocument,
  value: PdfValue,
  fieldName: string,
): Promise<void> {
  const reference = asKind(await document.resolve(value), 'dict')
  const method = nameOf(await document.resolve(reference?.entries.get('TransformMethod')))
  const given = await document.resolve(reference?.entries.get('TransformParams'))
  const parameters = asKind(given, 'dict')
  if (parameters === undefined) return
  if (method === 'DocMDP') {
    // Table 257: P is 2 where it is not given.
    const level = integerOf(await document.resolve(parameters.entries.get('P'))) ?? 2
    if (level === 1) throw notAllowed('DocMDP P=1')
  }
  if (method === 'FieldMDP' && isInScope(await readScope(document, parameters), fieldName)) {
    throw notAllowed('FieldMDP')
  }
}

/** Reads the fields that a lock or FieldMDP speaks of. */
export async function readScope(document: PdfDocument, dict: PdfDict): Promise<FieldScope> {
  const action = nameOf(await document.resolve(dict.entries.get('Action')))
  if (action !== 'All' && action !== 'Include' && action !== 'Exclude') {
    throw malformed('lock', 0, '/Action All, Include or Exclude')
  }
  const listed = asKind(await document.resolve(dict.entries.get('Fields')), 'array')
  const names: string[] = []
  for (const item of listed?.items ?? []) {
    const text = asKind(await document.resolve(item), 'string')
    if (text !== undefined) names.push(decodeTextString(text))
  }
  return { action, names }
}

/** A name stands for the field and all below it. */
function isInScope({ action, names }: FieldScope, fieldName: string): boolean {
  if (action === 'All') return true
  const isListed = names.some((each) => fieldName === each || fieldName.startsWith(`${each}.`))
  return isListed === (action === 'Include')
}
