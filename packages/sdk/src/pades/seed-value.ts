/**
 * Seed values: what the author of a signature field demands of the signature in it (ISO 32000-2 Table 235). What is
 * only a wish is let pass; a demand is met or refused.
 * @module
 */
import { equalBytes } from '../bytes.ts'
import type { PdfDocument } from '../pdf/document.ts'
import { notAllowed, unsupported } from '../pdf/malformed.ts'
import { asKind, integerOf, nameOf, type PdfDict, type PdfValue } from '../pdf/objects.ts'
import { decodeTextString } from '../pdf/text-string.ts'
import type { DigestName } from '../types.ts'
import type { ChangeLevel } from './field-lock.ts'

/** What the signature is going to be. */
export interface IntendedSignature {
  readonly digest: DigestName
  readonly reason: string | undefined
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array
  readonly certify?: ChangeLevel | undefined
  /** At once, not later. */
  readonly isStamped: boolean
  /** What authorities say of the certificates is put in at once. */
  readonly hasRevocation: boolean
}

/** What the field demands that the signature can do. */
export interface SeedDemands {
  /** A certification with these permissions. */
  readonly certify: ChangeLevel | undefined
  /** Whether nothing may be changed after it; undefined where nothing is said. */
  readonly lockDocument: boolean | undefined
}

const SUB_FILTER = 'ETSI.CAdES.detached'

/** Bits of /Ff: the entry is a demand. */
const DEMAND = {
  filter: 1,
  subFilter: 2,
  version: 4,
  reasons: 8,
  attestation: 16,
  revocation: 32,
  digest: 64,
  lock: 128,
  appearance: 256,
} as const

/**
 * Refuses where the field demands another signature than is going to be made.
 * @returns what it demands besides
 * @throws {FormatError} FORMAT_NOT_ALLOWED {rule}, FORMAT_UNSUPPORTED {feature}
 */
export async function honourSeedValue(
  document: PdfDocument,
  seed: PdfDict,
  intended: IntendedSignature,
): Promise<SeedDemands> {
  const get = (key: string): Promise<PdfValue> => document.resolve(seed.entries.get(key))
  const flags = integerOf(await get('Ff')) ?? 0
  const demands = (bit: number): boolean => (flags & bit) !== 0
  const names = async (key: string): Promise<readonly string[]> => {
    const items = asKind(await get(key), 'array')?.items ?? []
    const values = await Promise.all(items.map((item) => document.resolve(item)))
    return values.map((value) => nameOf(value) ?? textOf(value) ?? '')
  }
  if (demands(DEMAND.filter) && nameOf(await get('Filter')) !== 'Adobe.PPKLite') {
    throw notAllowed('SV Filter')
  }
  if (demands(DEMAND.subFilter)) assertListed('SubFilter', await names('SubFilter'), SUB_FILTER)
  if (demands(DEMAND.digest)) {
    const spellings = (await names('DigestMethod')).map((each) => each.replace('-', ''))
    assertListed('DigestMethod', spellings, intended.digest.replace('-', ''))
  }
  if (demands(DEMAND.reasons)) assertReason(await names('Reasons'), intended.reason)
  if (demands(DEMAND.version) && (asKind(await get('V'), 'number')?.value ?? 0) > 2) {
    throw unsupported('SV V')
  }
  await assertFurther(document, seed, intended, demands)
  await assertCertificate(document, seed, intended.certificate)
  const certification = asKind(await get('MDP'), 'dict')
  const level = integerOf(await document.resolve(certification?.entries.get('P')))
  const isLocking = nameOf(await get('LockDocument'))
  return {
    certify: certificationOf(level, intended.certify),
    lockDocument: demands(DEMAND.lock) && isLocking !== 'auto' ? isLocking === 'true' : undefined,
  }
}

/** /MDP: 0 is an ordinary signature, 1 to 3 a certification with these permissions (Table 235). */
function certificationOf(
  demanded: number | undefined,
  asked: ChangeLevel | undefined,
): ChangeLevel | undefined {
  if (demanded === undefined) return asked
  const isCertification = demanded === 1 || demanded === 2 || demanded === 3
  if (asked !== undefined && asked !== demanded) throw notAllowed('SV MDP')
  return isCertification ? demanded : undefined
}

function assertListed(key: string, listed: readonly string[], value: string): void {
  if (!listed.includes(value)) throw notAllowed(`SV ${key}`)
}

/** A single `.` forbids to give a reason, as no list at all does (Table 235). */
function assertReason(allowed: readonly string[], reason: string | undefined): void {
  const isForbidden = allowed.length === 0 || (allowed.length === 1 && allowed[0] === '.')
  const isMet = isForbidden ? reason === undefined : allowed.includes(reason ?? '')
  if (!isMet) throw notAllowed('SV Reasons')
}

async function assertFurther(
  document: PdfDocument,
  seed: PdfDict,
  { isStamped, hasRevocation }: IntendedSignature,
  demands: (bit: number) => boolean,
): Promise<void> {
  const get = (key: string): Promise<PdfValue> => document.resolve(seed.entries.get(key))
  if (demands(DEMAND.revocation) && (await get('AddRevInfo')) === true && !hasRevocation) {
    throw notAllowed('SV AddRevInfo')
  }
  if (demands(DEMAND.appearance)) throw unsupported('SV AppearanceFilter')
  if (demands(DEMAND.attestation)) throw unsupported('SV LegalAttestation')
  const timestamp = asKind(await get('TimeStamp'), 'dict')
  const isRequired = integerOf(await document.resolve(timestamp?.entries.get('Ff'))) ?? 0
  if ((isRequired & 1) !== 0 && !isStamped) throw notAllowed('SV TimeStamp')
}

/** Table 236: of the demands on certificates only a list of certificates is met; others are refused. */
async function assertCertificate(
  document: PdfDocument,
  seed: PdfDict,
  certificate: Uint8Array,
): Promise<void> {
  const demand = asKind(await document.resolve(seed.entries.get('Cert')), 'dict')
  if (demand === undefined) return
  const flags = integerOf(await document.resolve(demand.entries.get('Ff'))) ?? 0
  if ((flags & ~1) !== 0) throw unsupported('SV Cert')
  if ((flags & 1) === 0) return
  const subjects = asKind(await document.resolve(demand.entries.get('Subject')), 'array')
  for (const item of subjects?.items ?? []) {
    const der = asKind(await document.resolve(item), 'string')
    if (der !== undefined && equalBytes(der.bytes, certificate)) return
  }
  throw notAllowed('SV Cert')
}

function textOf(value: PdfValue): string | undefined {
  const text = asKind(value, 'string')
  return text && decodeTextString(text)
}
