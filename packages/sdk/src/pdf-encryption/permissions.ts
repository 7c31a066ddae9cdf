/**
 * What the author lets a user do who has not the owner's password (ISO 32000-2 Table 22).
 * @module
 */
import { notAllowed } from '../pdf/malformed.ts'
import type { EncryptionSettings, FoundKey } from './settings.ts'

/** Bits of /P by their position less one. */
const MODIFY = 1 << 3
const ANNOTATE = 1 << 5
const FILL = 1 << 8

/**
 * Refuses a signature that the permissions do not allow: an empty field may be filled by who may annotate, and from R3
 * on by who may fill forms in; a new one also needs the right to modify.
 * @throws {FormatError} FORMAT_NOT_ALLOWED {rule: 'P'}
 */
export function assertMaySign(
  { revision, permissions }: EncryptionSettings,
  { isOwner }: FoundKey,
  field: 'existing' | 'new',
): void {
  if (isOwner) return
  const has = (bit: number): boolean => (permissions & bit) !== 0
  const mayFill = has(ANNOTATE) || (revision >= 3 && has(FILL))
  const mayCreate = has(ANNOTATE) && has(MODIFY)
  if (field === 'existing' ? !mayFill : !mayCreate) throw notAllowed('P')
}
