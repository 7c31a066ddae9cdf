/**
 * An empty signature field in a revision of its own: for whoever prepares a form that others sign.
 * @module
 */
import { wrongArgument } from '../errors.ts'
import { array, dict, name, number, real, type PdfRef, type PdfValue } from '../pdf/objects.ts'
import type { Revision } from '../pdf/revision.ts'
import { encodeTextString } from '../pdf/text-string.ts'
import type { Bytes } from '../bytes.ts'
import type { DigestName, DocumentInput } from '../types.ts'
import { openForm } from './append-signature.ts'
import type { Appearance } from './appearance/appearance.ts'
import { chooseSpot } from './appearance/spot.ts'
import { encodeFieldLock } from './change-rules.ts'
import type { ChangeLevel, FieldLock } from './field-lock.ts'
import { addField, chooseField } from './field.ts'
import { assertSigningAllowed } from './permissions.ts'

/** What the signature in the field must be (ISO 32000-2 Table 237); it is PAdES in any case. */
export interface SeedValue {
  /** One of these, and no other; an empty list: none. */
  readonly reasons?: readonly string[] | undefined
  readonly digests?: readonly DigestName[] | undefined
  /** A certification with these permissions; 0: none. */
  readonly certify?: 0 | ChangeLevel | undefined
  /** With a time stamp; where viewers find an authority. */
  readonly timestamp?: { readonly url: string } | undefined
  /** With what authorities say of its certificates. */
  readonly revocation?: boolean | undefined
  /** Whether nothing, or something, may be changed after it. */
  readonly lockDocument?: boolean | undefined
}

/** The field that is wanted. */
export interface NewField extends Pick<Appearance, 'page' | 'at'> {
  readonly name: string | undefined
  readonly lock: FieldLock | undefined
  readonly seedValue: SeedValue | undefined
  readonly password: string | undefined
}

/**
 * Plans the revision.
 * @returns what is to be appended
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED, FORMAT_NOT_ALLOWED, FORMAT_PASSWORD
 * @throws {UsageError} USAGE_ARGUMENT for a name that is taken, or a place that there is not
 */
export async function planField(pdf: DocumentInput, wanted: NewField): Promise<Bytes> {
  const place = await openForm(pdf, { password: wanted.password })
  const { document, revision, catalog, fields } = place
  document.cipher?.assertMaySign('new')
  const chosen = chooseField(fields, wanted.name, { argument: 'name' })
  if (chosen.existing !== undefined) {
    throw wrongArgument('name', 'a name that is free')
  }
  // Where others signed, it may come where its signature might.
  await assertSigningAllowed(document, catalog.dict, fields, chosen.name)
  const own: Record<string, PdfValue> = {}
  // Table 235: both are objects of their own.
  if (wanted.lock) own['Lock'] = addObject(revision, encodeFieldLock(wanted.lock))
  if (wanted.seedValue) own['SV'] = addObject(revision, encodeSeedValue(wanted.seedValue))
  const spot = wanted.at && (await chooseSpot(place, wanted, ''))
  const painted = spot && {
    page: spot.page,
    entries: { Rect: array(...spot.rectangle.map((each) => real(each))) },
  }
  await addField(place, chosen.name, own, painted)
  return (await revision.encode()).bytes
}

function addObject(revision: Revision, value: PdfValue): PdfRef {
  const ref = revision.allocate()
  revision.set(ref, value)
  return ref
}

/** Bits of /Ff: SubFilter, and those of what is given. */
const DEMAND = { subFilter: 2, reasons: 8, revocation: 32, digest: 64, lock: 128 } as const

function encodeSeedValue(seed: SeedValue): PdfValue {
  const { reasons, digests, certify, timestamp, revocation, lockDocument } = seed
  const given = (value: unknown, bit: number): number => (value === undefined ? 0 : bit)
  const flags =
    DEMAND.subFilter |
    given(reasons, DEMAND.reasons) |
    given(digests, DEMAND.digest) |
    (revocation === true ? DEMAND.revocation : 0) |
    given(lockDocument, DEMAND.lock)
  const texts = (values: readonly string[]): PdfValue => array(...values.map(encodeTextString))
  return dict({
    Type: name('SV'),
    Ff: number(flags),
    SubFilter: array(name('ETSI.CAdES.detached')),
    // A single point forbids to give one.
    Reasons: reasons && texts(reasons.length === 0 ? ['.'] : reasons),
    DigestMethod: digests && texts(digests.map((each) => each.replace('-', ''))),
    MDP: certify === undefined ? undefined : dict({ P: number(certify) }),
    TimeStamp: timestamp && dict({ URL: encodeTextString(timestamp.url), Ff: number(1) }),
    AddRevInfo: revocation === true ? true : undefined,
    LockDocument: lockDocument === undefined ? undefined : name(String(lockDocument)),
  })
}
