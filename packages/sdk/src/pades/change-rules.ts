/**
 * What a signature says of changes after it: certification (DocMDP) and locked fields (FieldMDP), as the caller asks for
 * them or the field does (ISO 32000-2 §12.8.2.2 and §12.8.2.4). Loaded only where one of them does.
 * @module
 */
import { wrongArgument } from '../errors.ts'
import { notAllowed } from '../pdf/malformed.ts'
import {
  array,
  asKind,
  dict,
  integerOf,
  name,
  number,
  withEntries,
  type PdfDict,
  type PdfRef,
  type PdfValue,
} from '../pdf/objects.ts'
import type { Revision } from '../pdf/revision.ts'
import { encodeTextString } from '../pdf/text-string.ts'
import { assertFieldLock, type ChangeLevel, type FieldLock } from './field-lock.ts'
import type { FieldPlace } from './field.ts'
import type { FormField } from './form.ts'
import { readScope, type FieldScope } from './permissions.ts'
import { honourSeedValue, type IntendedSignature } from './seed-value.ts'
import { followDict } from './structure.ts'

/** What the caller asks for. */
export interface AskedRules extends IntendedSignature {
  readonly certify?: ChangeLevel | undefined
  readonly lock?: FieldLock | undefined
}

/** What follows for the revision. */
export interface ChangeRules {
  /** /Reference of the signature. */
  readonly references: PdfValue | undefined
  /** What the field says besides. */
  readonly fieldEntries: Readonly<Record<string, PdfValue>>
  /** Called once the field was written. */
  readonly onAttached: (signature: PdfRef) => Promise<void>
}

/** A lock, read or to be written. */
interface Lock extends FieldScope {
  readonly permissions: number | undefined
}

/**
 * Decides on the rules.
 * @param field undefined where it is new
 * @throws {FormatError} FORMAT_NOT_ALLOWED, FORMAT_UNSUPPORTED, FORMAT_MALFORMED
 * @throws {UsageError} USAGE_ARGUMENT
 */
export async function decideRules(
  place: FieldPlace,
  field: FormField | undefined,
  asked: AskedRules,
): Promise<ChangeRules> {
  const { document, catalog, revision } = place
  assertAsked(asked, field)
  const seed = asKind(await document.resolve(field?.dict.entries.get('SV')), 'dict')
  const demands = seed && (await honourSeedValue(document, seed, asked))
  const certify = asked.certify ?? demands?.certify
  if (certify !== undefined) await assertFirst(place)
  const own = field && (await readLock(place, field))
  const wanted = own ?? (asked.lock && lockOf(asked.lock))
  const lock = demands === undefined ? wanted : closed(wanted, demands.lockDocument, certify)

  return {
    references: referencesOf(certify, lock, catalog.ref),
    fieldEntries: lock === undefined || lock === own ? {} : { Lock: addLock(revision, lock) },
    onAttached: async (signature) => {
      if (certify !== undefined) await setPermissions(place, signature)
    },
  }
}

function referencesOf(
  certify: number | undefined,
  lock: Lock | undefined,
  catalog: PdfRef,
): PdfValue | undefined {
  const references = [
    ...(certify === undefined ? [] : [transform('DocMDP', { P: number(certify) })]),
    ...(lock === undefined ? [] : [lockTransform(lock, catalog)]),
  ]
  return references.length === 0 ? undefined : array(...references)
}

/** Table 235: /Lock is an object of its own. */
function addLock(revision: Revision, lock: Lock): PdfRef {
  const ref = revision.allocate()
  revision.set(ref, encodeLock(lock))
  return ref
}

function assertAsked({ certify, lock }: AskedRules, field: FormField | undefined): void {
  if (certify !== undefined && ![1, 2, 3].includes(certify)) {
    throw wrongArgument('certify', '1, 2 or 3')
  }
  if (lock === undefined) return
  assertFieldLock('lock', lock)
  // What is there already was made by somebody who decided on its lock.
  if (field !== undefined) throw wrongArgument('lock', 'no lock for a field that is there already')
}

/** §12.8.2.2.1: the certification is the first of all signatures. */
async function assertFirst({ document, catalog, fields }: FieldPlace): Promise<void> {
  const permissions = await followDict(document, catalog.dict.entries.get('Perms'))
  const isCertified = permissions?.dict.entries.has('DocMDP') === true
  const isSigned = fields.some(({ type, value }) => type === 'Sig' && value !== null)
  if (isCertified || isSigned) throw notAllowed('DocMDP after a signature')
}

async function readLock({ document }: FieldPlace, field: FormField): Promise<Lock | undefined> {
  const found = asKind(await document.resolve(field.dict.entries.get('Lock')), 'dict')
  if (found === undefined) return undefined
  const permissions = integerOf(await document.resolve(found.entries.get('P')))
  return { ...(await readScope(document, found)), permissions }
}

const ACTIONS = { all: 'All', include: 'Include', exclude: 'Exclude' } as const

function lockOf({ action, fields = [], permissions }: FieldLock): Lock {
  return { action: ACTIONS[action], names: fields, permissions }
}

/** /LockDocument: nothing may be changed any more, or something must stay open. */
function closed(
  lock: Lock | undefined,
  demand: boolean | undefined,
  certify: number | undefined,
): Lock | undefined {
  const level = certify ?? lock?.permissions
  if (demand === false && level === 1) throw notAllowed('SV LockDocument')
  if (demand !== true || level === 1) return lock
  if (certify !== undefined) throw notAllowed('SV LockDocument')
  return { ...(lock ?? { action: 'All', names: [] }), permissions: 1 }
}

function scopeOf({ action, names }: Lock): Record<string, PdfValue | undefined> {
  const fields = action === 'All' ? undefined : array(...names.map(encodeTextString))
  return { Action: name(action), Fields: fields }
}

function permissionsOf({ permissions }: Lock): PdfValue | undefined {
  return permissions === undefined ? undefined : number(permissions)
}

/** Writes a lock dictionary (Table 236). */
function encodeLock(lock: Lock): PdfDict {
  return dict({ Type: name('SigFieldLock'), ...scopeOf(lock), P: permissionsOf(lock) })
}

/** Writes the lock dictionary of a new field. */
export function encodeFieldLock(lock: FieldLock): PdfDict {
  return encodeLock(lockOf(lock))
}

/**
 * A signature reference dictionary (Table 256). The lock's /P counts by the lock itself (Table 236); Acrobat reads it
 * here.
 */
function lockTransform(lock: Lock, catalog: PdfRef): PdfDict {
  const reference = transform('FieldMDP', { ...scopeOf(lock), P: permissionsOf(lock) })
  return withEntries(reference, { Data: catalog })
}

function transform(
  method: string,
  parameters: Readonly<Record<string, PdfValue | undefined>>,
): PdfDict {
  return dict({
    Type: name('SigRef'),
    TransformMethod: name(method),
    TransformParams: dict({ Type: name('TransformParams'), V: name('1.2'), ...parameters }),
  })
}

/** §12.8.6: the catalog names the certification. */
async function setPermissions(
  { document, revision, catalog }: FieldPlace,
  signature: PdfRef,
): Promise<void> {
  const now = asKind(await revision.get(catalog.ref), 'dict') ?? catalog.dict
  const old = await followDict(document, now.entries.get('Perms'))
  const permissions = withEntries(old?.dict ?? dict({}), { DocMDP: signature })
  if (old?.ref !== undefined) revision.set(old.ref, permissions)
  else revision.set(catalog.ref, withEntries(now, { Perms: permissions }))
}
