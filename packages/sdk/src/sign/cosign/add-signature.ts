/**
 * One more signature over the same content, beside those that are there.
 * @module
 */
import { getAlgorithm } from '../../algorithms.ts'
import { idData, idMessageDigest } from '../../asn1/oid.ts'
import { type Bytes, equalBytes } from '../../bytes.ts'
import { extendSignedData } from '../../cms/extend-signed-data.ts'
import { type SignedDataParts, findValue, parseAttributes } from '../../cms/parse.ts'
import { findDigest } from '../../cms/signature-scheme.ts'
import { encodeSignerInfo } from '../../cms/signed-data.ts'
import { digestDocument, sizeOf } from '../../digest.ts'
import { FormatError, wrongArgument } from '../../errors.ts'
import type { DigestName, DocumentInput, DocumentStream, HashProgress } from '../../types.ts'
import { decideAlgorithm } from '../algorithm-choice.ts'
import { assertCallOptions } from '../call-options.ts'
import { type DocumentLabel, describeDocument, isDocumentInput } from '../document.ts'
import { type DigestedStream, digestStream } from '../document-stream.ts'
import type { LevelChoice } from '../level.ts'
import { prepareLevel } from '../prepare-level.ts'
import { type CosignOptions, buildLike, cosign, readCms } from './cosigner.ts'

export interface AddSignatureOptions extends CosignOptions, LevelChoice {
  /** What the signatures are over, where it does not lie inside; a stream is read once. */
  readonly data?: DocumentInput | DocumentStream | undefined
  /** How far hashing has come. */
  readonly onProgress?: HashProgress | undefined
}

/**
 * Adds a signature over the same content.
 * @param cms DER ContentInfo; copied, but for what lies inside of a Blob, which is read in chunks
 * @returns of bytes fresh ones, of a Blob a Blob around the same content
 * @throws {UsageError} USAGE_ARGUMENT, also where `data` is missing, or there though the content lies inside;
 *   USAGE_UNSUPPORTED_ALGORITHM
 * @throws {FormatError} FORMAT_CHANGED where a signer signed other content than this; FORMAT_MALFORMED;
 *   FORMAT_UNSUPPORTED {feature} where the content is not plain data, or an old archive time stamp closed it
 * @throws {UserError} USER_CANCELLED, and whatever else the signer throws
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 * @throws {TrustError} from there on the error's `signed` is what was reached; a level is one of all signatures in it
 * @see RFC 5652 §5.1, EN 319 122-1 §6   @since 0.1
 */
export async function addSignature(cms: Uint8Array, options: AddSignatureOptions): Promise<Bytes>
export async function addSignature(cms: Blob, options: AddSignatureOptions): Promise<Blob>
export async function addSignature(
  cms: DocumentInput,
  options: AddSignatureOptions,
): Promise<Bytes | Blob>
export async function addSignature(
  cms: DocumentInput,
  options: AddSignatureOptions,
): Promise<Bytes | Blob> {
  const { signer, signal, signingTime, ...given } = (options ?? {}) as AddSignatureOptions
  const algorithm = decideAlgorithm(signer, given.algorithm)
  assertCallOptions(options)
  const { digest } = getAlgorithm(algorithm)
  const [{ parts, content }, climb] = await Promise.all([
    readCms(cms),
    prepareLevel<Bytes>({ ...given, signal }, signer, async () =>
      (await import('../upgrade-cms.ts')).createRungs(),
    ),
  ])
  const data = chooseData(parts, content, given.data)
  const described = describeDocument(Object(data) as DocumentInput, labelOf(cms, given))
  const { documentDigest, size } = await digestData(parts, data, digest, { ...given, signal })
  const added = await cosign({
    ...{ signer, algorithm, signingTime, signal, documentDigest, claims: given.claims },
    document: { ...described, size },
  })
  const others = parts.signerInfos.map(({ signerInfo }) => signerInfo.bytes)
  const signed = extendSignedData(parts, added, [...others, encodeSignerInfo(added)])
  return buildLike(cms, content, { signed, climb })
}

/** A file's name is that of the data, or else that of the signature around it. */
function labelOf(
  cms: DocumentInput,
  { document, data }: Pick<AddSignatureOptions, 'document' | 'data'>,
): DocumentLabel {
  const { name } = (data ?? cms) as { readonly name?: string }
  return { name: name?.slice(0, 255), ...document }
}

function chooseData(
  { contentType }: SignedDataParts,
  content: DocumentInput | undefined,
  data: DocumentInput | DocumentStream | undefined,
): DocumentInput | DocumentStream {
  if (contentType !== idData) {
    const details = { feature: `content of type ${contentType}` }
    throw new FormatError('FORMAT_UNSUPPORTED', { details })
  }
  if (content === undefined && data !== undefined) return data
  if (content !== undefined && data === undefined) return content
  throw wrongArgument('data', content === undefined ? 'what was signed' : 'nothing: it is inside')
}

/** Hashes what is signed, and sees to it that it is what the others signed. */
async function digestData(
  { signerInfos }: SignedDataParts,
  data: DocumentInput | DocumentStream,
  digest: DigestName,
  options: Pick<AddSignatureOptions, 'signal' | 'onProgress'>,
): Promise<DigestedStream> {
  const digested = isDocumentInput(data)
    ? { documentDigest: await digestDocument(digest, [data], options), size: sizeOf(data) }
    : await digestStream(digest, data, options)
  const known = new Map<DigestName, Bytes>([[digest, digested.documentDigest]])
  for (const { digestAlgorithm, signedAttributes } of signerInfos) {
    const name = findDigest(digestAlgorithm)
    const claimed = findValue(parseAttributes(signedAttributes), idMessageDigest)?.contents
    if (name === undefined || claimed === undefined) continue
    // Of a stream nothing is left to be hashed once more.
    const again = isDocumentInput(data) ? () => digestDocument(name, [data], options) : undefined
    const own = known.get(name) ?? (await again?.())
    if (own === undefined) continue
    known.set(name, own)
    if (!equalBytes(claimed, own)) throw new FormatError('FORMAT_CHANGED')
  }
  return digested
}
