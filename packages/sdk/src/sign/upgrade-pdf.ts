/**
 * What a PDF is given after it was signed.
 * @module
 */
import { parseSignedData, type SignedDataParts } from '../cms/parse.ts'
import { sizeOf } from '../digest.ts'
import { FormatError, isSigningError } from '../errors.ts'
import { addToStore } from '../pades/security-store.ts'
import { type PdfSignature, listSignatures, replaceSignature } from '../pades/signatures.ts'
import type { RequestToken } from '../trust/request-timestamp.ts'
import type { DocumentInput } from '../types.ts'
import { addDocumentTimestamp, estimateTokenBytes } from './document-timestamp.ts'
import { findEvidence } from './evidence-pdf.ts'
import type { Rungs } from './ladder.ts'
import { assertInTime, isInTime, isStamped, stampCms } from './stamp-cms.ts'

/** No token with its authority's certificate is smaller; whoever has less room need not be asked for one. */
const SMALLEST_TOKEN_BYTES = 1024

/**
 * What each level is to a PDF.
 * @param password opens an encrypted document
 */
export function createRungs(password: string | undefined): Rungs<DocumentInput> {
  return {
    stamp: (pdf, ask) => stampPdf(pdf, ask, password),
    evidence: (pdf) => findEvidence(pdf, password),
    embed: (pdf, data) => addToStore(pdf, data, password),
    async archive(pdf, ask) {
      const { tokens } = await findEvidence(pdf, password)
      const reserveBytes = estimateTokenBytes(tokens)
      return addDocumentTimestamp(pdf, ask, { password, reserveBytes })
    },
  }
}

/**
 * Gives every signature a time that has none and may still get one. A signature that the file ends with, and that is the only one without, is
 * stamped in the room that was kept for it; where there is no room, or others have no time either, the file gets a
 * document time stamp, which is over all of them.
 * @param pdf bytes are written to
 * @returns those bytes or fresh ones, of a Blob a Blob
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED where there is no signature
 * @throws {TrustError} TRUST_TIMESTAMP
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @see EN 319 142-1 §6.3 (PAdES B-T)
 */
async function stampPdf(
  pdf: DocumentInput,
  ask: RequestToken,
  password: string | undefined,
): Promise<DocumentInput> {
  const listed = await listSignatures(pdf, password)
  const signatures = listed.filter(({ kind }) => kind !== 'timestamp')
  if (signatures.length === 0) {
    throw new FormatError('FORMAT_UNSUPPORTED', {
      details: { feature: 'a PDF without a signature' },
    })
  }
  const all = findTimeless(listed)
  const inTime = all.filter(({ cms }) => cms === undefined || isInTime(cms, new Date()))
  // Whose certificate has expired is past help, and keeps nobody else from a time; where that is all that there is, it is told.
  const timeless = all.length === signatures.length && inTime.length === 0 ? all : inTime
  if (timeless.length === 0) return pdf
  const inRoom = await stampInRoom(pdf, timeless, ask)
  if (inRoom !== undefined) return inRoom
  const askInTime: RequestToken = async (imprint) => {
    const stamp = await ask(imprint)
    for (const { cms } of timeless) if (cms !== undefined) assertInTime(cms, stamp.time)
    return stamp
  }
  return addDocumentTimestamp(pdf, askInTime, { password })
}

/** A signature, and its CMS where it is one that can be read. */
interface Timeless extends PdfSignature {
  readonly cms: SignedDataParts | undefined
}

/** The signatures that nobody has given a time. */
function findTimeless(signatures: readonly PdfSignature[]): readonly Timeless[] {
  const stampedTo = Math.max(
    0,
    ...signatures.filter(({ kind }) => kind === 'timestamp').map(({ end }) => end),
  )
  return signatures
    .filter(({ kind, end }) => kind !== 'timestamp' && end > stampedTo)
    .map((signature) => ({ ...signature, cms: findSignedData(signature) }))
    .filter(({ cms }) => cms === undefined || !cms.signerInfos.every(isStamped))
}

/** @returns undefined for what cannot be added to: BER, or no CMS at all */
function findSignedData({ kind, der }: PdfSignature): SignedDataParts | undefined {
  if (kind !== 'signature') return undefined
  try {
    return parseSignedData(der, 'signature')
  } catch (error) {
    if (isSigningError(error)) return undefined
    throw error
  }
}

/** @returns undefined where there is no room */
async function stampInRoom(
  pdf: DocumentInput,
  [signature, ...others]: readonly Timeless[],
  ask: RequestToken,
): Promise<DocumentInput | undefined> {
  if (signature?.cms === undefined || others.length > 0) return undefined
  const { gap, end, der } = signature
  if (gap === undefined || end < sizeOf(pdf)) return undefined
  if ((gap.end - gap.start - 2) / 2 - der.length < SMALLEST_TOKEN_BYTES) return undefined
  const stamped = await stampCms(der, ask)
  try {
    return replaceSignature(pdf, gap, stamped)
  } catch (error) {
    if (isSigningError(error) && error.code === 'FORMAT_PLACEHOLDER_TOO_SMALL') return undefined
    throw error
  }
}
