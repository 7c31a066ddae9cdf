/**
 * What both ways of signing what others signed have in common.
 * @module
 */
import type { Bytes } from '../../bytes.ts'
import { completeSigner } from '../../cms/complete.ts'
import { encloseContent, takeContentOut } from '../../cms/content-blob.ts'
import { assertOpen } from '../../cms/assert-open.ts'
import { type SignedDataParts, parseSignedData } from '../../cms/parse.ts'
import { prepareSignedAttributes } from '../../cms/prepare.ts'
import type { SignerParts } from '../../cms/signed-data.ts'
import type {
  AlgorithmName,
  DocumentDescription,
  DocumentInput,
  SignatureToConfirm,
  Signer,
} from '../../types.ts'
import { askSigner } from '../ask-signer.ts'
import { type ClaimsChoice, encodeCmsClaims } from '../claims.ts'
import { climbAs } from '../climb-as.ts'
import { type DocumentLabel, assertDocumentInput } from '../document.ts'
import type { Climb } from '../ladder.ts'

/** What both can be told. */
export interface CosignOptions extends ClaimsChoice {
  readonly signer: Signer
  /** One of `signer.algorithms`. Default: the first. */
  readonly algorithm?: AlgorithmName | undefined
  /** What the person is told of it before signing. */
  readonly document?: DocumentLabel | undefined
  /** The time that the signer claims, whole seconds count; the bridge refuses one that is far off. Default: now. */
  readonly signingTime?: Date | undefined
  readonly signal?: AbortSignal | undefined
}

/** What is signed, and by whom. */
export interface Cosigning extends ClaimsChoice {
  readonly signer: Signer
  readonly algorithm: AlgorithmName
  readonly signingTime: Date | undefined
  readonly signal: AbortSignal | undefined
  /** By the algorithm's own hash. */
  readonly documentDigest: Uint8Array
  readonly document: DocumentDescription
  /** Of a counter-signature. */
  readonly countersigned?: SignatureToConfirm
}

/** A CMS that is to be added to. */
export interface OpenedCms {
  /** Without the content, where that is a Blob. */
  readonly parts: SignedDataParts
  /** What lies inside; of a Blob a part of it, not read. */
  readonly content: Bytes | Blob | undefined
}

/**
 * Reads a CMS, all but the content inside of a Blob.
 * @throws {UsageError} USAGE_ARGUMENT
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_CHANGED where it is a File that was changed since it was chosen;
 *   FORMAT_NOT_ALLOWED {rule: archived} where an archive time stamp, or an evidence record, covers the whole as it is
 */
export async function readCms(cms: DocumentInput): Promise<OpenedCms> {
  assertDocumentInput('cms', cms)
  const { detached, content } =
    cms instanceof Blob ? await takeContentOut(cms) : { detached: cms, content: undefined }
  const parts = parseSignedData(detached, 'signature')
  assertOpen(parts)
  return { parts, content: content ?? parts.content }
}

/** What was signed, and what is to become of it. */
export interface Built {
  readonly signed: Bytes
  /** Undefined where there is nothing to build. */
  readonly climb: Climb<Bytes> | undefined
  /** Makes the whole of what was built. Default: it is the whole. */
  readonly embed?: (built: Bytes) => Bytes
}

/**
 * Builds on what was signed.
 * @param cms as the caller passed it
 * @param content as `readCms` found it: a Blob goes in again
 * @returns what the caller passed: of bytes bytes, of a Blob a Blob of its type
 * @throws what the climb throws; the error's `signed` is of the same kind
 */
export async function buildLike(
  cms: DocumentInput,
  content: OpenedCms['content'],
  { signed, climb, embed = (built) => built }: Built,
): Promise<Bytes | Blob> {
  const like = (built: Bytes): Bytes | Blob => {
    if (cms instanceof Uint8Array) return embed(built)
    return content instanceof Blob
      ? encloseContent(embed(built), content, cms.type)
      : new Blob([embed(built)], { type: cms.type })
  }
  return climb === undefined ? like(signed) : climbAs(climb, signed, like)
}

/**
 * Has one more signature made.
 * @throws whatever the signer throws; {TokenError} TOKEN_SIGNATURE_INVALID; {UserError} USER_CANCELLED
 */
export async function cosign(cosigning: Cosigning): Promise<SignerParts> {
  const { signer, algorithm, documentDigest, document, signal, countersigned } = cosigning
  const { certificate, chain } = signer
  const { signingTime = new Date() } = cosigning
  const isCountersignature = countersigned !== undefined
  const claimed = await encodeCmsClaims(cosigning)
  const prepared = await prepareSignedAttributes({
    ...{ certificate, chain, algorithm, documentDigest, signingTime, isCountersignature, claimed },
  })
  const request = isCountersignature
    ? { ...prepared, document, kind: 'cms-countersignature' as const, countersigned }
    : { ...prepared, document }
  const value = await askSigner(signer, request, signal === undefined ? {} : { signal })
  return completeSigner(prepared, value)
}
