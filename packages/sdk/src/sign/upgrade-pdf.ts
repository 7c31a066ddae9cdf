/**
 * What a PDF is given after it was signed.
 * @module
 */
import { getLastSignature, replaceSignature } from '../pades/last-signature.ts'
import type { RequestToken } from '../trust/request-timestamp.ts'
import type { DocumentInput } from '../types.ts'
import type { Rungs } from './ladder.ts'
import { stampCms } from './upgrade-cms.ts'

/**
 * What each level is to a PDF.
 * @param password opens an encrypted document
 */
export function createRungs(password: string | undefined): Rungs<DocumentInput> {
  return { stamp: (pdf, ask) => stampPdf(pdf, ask, password) }
}

/**
 * Gives the signature that the file ends with a time stamp, in the room that was kept for it.
 * @param pdf bytes are written to
 * @returns those bytes, or another Blob
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED where the file ends with something else;
 *   FORMAT_PLACEHOLDER_TOO_SMALL
 * @throws {TrustError} TRUST_TIMESTAMP
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @see EN 319 142-1 §6.3 (PAdES B-T)
 */
async function stampPdf(
  pdf: DocumentInput,
  ask: RequestToken,
  password: string | undefined,
): Promise<DocumentInput> {
  const { gap, cms } = await getLastSignature(pdf, password)
  return replaceSignature(pdf, gap, await stampCms(cms, ask))
}
