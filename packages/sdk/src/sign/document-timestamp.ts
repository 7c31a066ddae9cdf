/**
 * A document time stamp on a PDF: laid out, hashed, asked for, put in.
 * @module
 */
import type { DigestOptions } from '../digest.ts'
import { planDocumentTimestamp } from '../pades/document-timestamp.ts'
import { layOut } from '../pades/layout.ts'
import type { RequestToken } from '../trust/request-timestamp.ts'
import type { DocumentInput } from '../types.ts'

/** How it is made. */
export interface DocumentTimestampOptions extends DigestOptions {
  /** Room for the token, in bytes. Default: 16 KiB, for authorities are known that send their whole chain along. */
  readonly reserveBytes?: number | undefined
  /** Opens an encrypted document. */
  readonly password: string | undefined
}

const RESERVE_BYTES = 16_384
/** Tokens of one authority differ by what their integers and times need. */
const SLACK_BYTES = 256
/** Another authority may send another certificate along. */
const SPARE_BYTES = 4096
/** 1 MiB: above it something else went wrong. */
const MAX_RESERVE_BYTES = 1 << 20

/**
 * Estimates the room for a token by those that are there: who stamped before is likely to stamp again.
 * @returns undefined where there are none
 */
export function estimateTokenBytes(tokens: readonly Uint8Array[]): number | undefined {
  if (tokens.length === 0) return undefined
  return Math.max(...tokens.map(({ length }) => length)) + SPARE_BYTES
}

/**
 * Appends a document time stamp. Where the token is larger than the room, the authority is asked once more, for a
 * larger room makes it another file.
 * @param pdf not retained
 * @returns of bytes fresh ones, of a Blob a Blob
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED, FORMAT_CHANGED, FORMAT_PASSWORD, FORMAT_NOT_ALLOWED; FORMAT_PLACEHOLDER_TOO_SMALL where the
 *   second token is larger than the first
 * @throws {UserError} USER_CANCELLED when the signal aborts; and whatever `ask` throws
 */
export async function addDocumentTimestamp(
  pdf: DocumentInput,
  ask: RequestToken,
  { reserveBytes = RESERVE_BYTES, password, ...options }: DocumentTimestampOptions,
): Promise<DocumentInput> {
  const stamp = async (contentsBytes: number) => {
    const layout = layOut(pdf, await planDocumentTimestamp(pdf, { contentsBytes, password }))
    const value = await layout.digest('SHA-256', options)
    const { tokenDer } = await ask({ digest: 'SHA-256', value })
    return { layout, tokenDer }
  }
  const first = await stamp(reserveBytes)
  const needed = first.tokenDer.length
  const isTooSmall = needed > reserveBytes && needed <= MAX_RESERVE_BYTES
  const { layout, tokenDer } = isTooSmall ? await stamp(needed + SLACK_BYTES) : first
  return layout.finish(tokenDer)
}
