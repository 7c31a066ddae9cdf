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

/** What the signature is going to be. */
export interface IntendedSignature {
  readonly digest: DigestName
  readonly reason: string | undefined
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array
}

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
 * @throws {FormatError} FORMAT_NOT_ALLOWED {rule}, FORMAT_UNSUPPORTED {feature}
 */
export async function assertSeedValue(
  document: PdfDocument,
  seed: PdfDict,
  intended: IntendedSignature,
): Promise<void> {
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
  if (demands(DEMAND.subFilter) && !(await names('SubFilter')).includes('ETSI.CAdES.detached')) {
    throw notAllowed('SV SubFilter')
  }
  const digest = intended.digest.replace('-', '')
  const spellings = (await names('DigestMethod')).map((each) => each.replace('-', ''))
  if (demands(DEMAND.digest) && !spellings.includes(digest)) throw notAllowed('SV DigestMethod')
  if (demands(DEMAND.reasons)) assertReason(await names('Reasons'), intended.reason)
  if (demands(DEMAND.version) && (asKind(await get('V'), 'number')?.value ?? 0) > 2) {
    throw unsupported('SV V')
  }
  await assertNothingElse(document, seed, demands)
  await assertCertificate(document, seed, intended.certificate)
}

/** A single `.` forbids to give a reason, as no list at all does (Table 235). */
function assertReason(allowed: readonly string[], reason: string | undefined): void {
  const isForbidden = allowed.length === 0 || (allowed.length === 1 && allowed[0] === '.')
  const isMet = isForbidden ? reason === undefined : allowed.includes(reason ?? '')
  if (!isMet) throw notAllowed('SV Reasons')
}

async function assertNothingElse(
  document: PdfDocument,
  seed: PdfDict,
  demands: (bit: number) => boolean,
): Promise<void> {
  const get = (key: string): Promise<PdfValue> => document.resolve(seed.entries.get(key))
  if (demands(DEMAND.revocation) && (await get('AddRevInfo')) === true) {
    throw unsupported('SV AddRevInfo')
  }
  const isLocking = nameOf(await get('LockDocument')) === 'true'
  if (demands(DEMAND.lock) && isLocking) throw unsupported('SV LockDocument')
  if (demands(DEMAND.appearance)) throw unsupported('SV AppearanceFilter')
  if (demands(DEMAND.attestation)) throw unsupported('SV LegalAttestation')
  // P 0: an ordinary signature; 1 to 3: the author wants a certification (Table 235).
  const certification = asKind(await get('MDP'), 'dict')
  const level = integerOf(await document.resolve(certification?.entries.get('P'))) ?? 0
  if (level !== 0) throw unsupported('SV MDP')
  const timestamp = asKind(await get('TimeStamp'), 'dict')
  const isRequired = integerOf(await document.resolve(timestamp?.entries.get('Ff'))) ?? 0
  if ((isRequired & 1) !== 0) throw unsupported('SV TimeStamp')
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
