/**
 * What a PDF is given after it was signed.
 * @module
 */
import { getLastSignature, replaceSignature } from '../pades/last-signature.ts'
import type { TimestampOptions } from '../trust/request-timestamp.ts'
import type { DocumentInput } from '../types.ts'
import { stampCms } from './upgrade-cms.ts'

/**
 * Gives the signature that the file ends with a time stamp, in the room that was kept for it.
 * @returns of bytes fresh ones, of a Blob a Blob
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED where the file ends with something else;
 *   FORMAT_PLACEHOLDER_TOO_SMALL
 * @throws {TrustError} TRUST_TIMESTAMP
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @see EN 319 142-1 §6.3 (PAdES B-T)
 */
export async function stampPdf(
  pdf: DocumentInput,
  options: TimestampOptions,
): Promise<DocumentInput> {
  // The caller may go on writing to its own.
  const own = pdf instanceof Uint8Array ? new Uint8Array(pdf) : pdf
  const { gap, cms } = await getLastSignature(own)
  return replaceSignature(own, gap, await stampCms(cms, options))
}
