/**
 * Since when a signature is proven to have existed: who was revoked later was still good then.
 * @module
 */
import { equalBytes } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { readTimestamp } from './timestamp-token.ts'

/**
 * Finds the earliest time that a token says of some octets. One of other octets proves nothing of these.
 * @returns undefined where none does
 * @throws {TrustError} TRUST_TIMESTAMP where one is none
 * @throws {FormatError} FORMAT_MALFORMED
 */
export async function findProvenAt(
  octets: Uint8Array,
  tokens: readonly Uint8Array[],
): Promise<Date | undefined> {
  let earliest: Date | undefined
  for (const { time, imprint } of await Promise.all(tokens.map(readTimestamp))) {
    const { digest, value } = imprint
    const isOver = digest !== undefined && equalBytes(value, await digestBytes(digest, octets))
    if (isOver && (earliest === undefined || time < earliest)) earliest = time
  }
  return earliest
}
