/**
 * What keeps a CMS as it is: nothing can be added to it without voiding that.
 * @module
 */
import {
  idAaErExternal,
  idAaErInternal,
  idAaEtsArchiveTimestamp,
  idAaEtsArchiveTimestampV2,
} from '../asn1/signature-oid.ts'
import { FormatError } from '../errors.ts'
import { withCounterSigners } from './counter-signers.ts'
import { type SignedDataParts, parseAttributes } from './parse.ts'

/**
 * Archive time stamps of the older versions are over all certificates and revocation data (TS 101 733 §6.4.1), evidence
 * records over the whole CMS as it was written (RFC 4998 appendix A, TS 119 122-3).
 */
const CLOSING: readonly string[] = [
  idAaEtsArchiveTimestamp,
  idAaEtsArchiveTimestampV2,
  idAaErInternal,
  idAaErExternal,
]

/**
 * Refuses to add to a CMS that has one of them.
 * @throws {FormatError} FORMAT_NOT_ALLOWED {rule: archived}; FORMAT_MALFORMED
 */
export function assertOpen({ signerInfos }: Pick<SignedDataParts, 'signerInfos'>): void {
  const attributes = withCounterSigners(signerInfos).flatMap(({ unsignedAttributes }) =>
    parseAttributes(unsignedAttributes),
  )
  if (!attributes.some(({ oid }) => CLOSING.includes(oid))) return
  throw new FormatError('FORMAT_NOT_ALLOWED', { details: { rule: 'archived' } })
}
