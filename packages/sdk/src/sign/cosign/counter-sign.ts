/**
 * A signature on a signature: its maker confirms that one, and nothing else.
 * @module
 */
import { getAlgorithm } from '../../algorithms.ts'
import { idCountersignature } from '../../asn1/signature-oid.ts'
import { type Bytes, equalBytes } from '../../bytes.ts'
import { addToSigner } from '../../cms/add-attribute.ts'
import { findSignerCertificate } from '../../cms/check-signer.ts'
import { readCountersigned } from '../../cms/countersigned.ts'
import { extendSignedData } from '../../cms/extend-signed-data.ts'
import { type SignedDataParts, type SignerInfoParts, parseSignedData } from '../../cms/parse.ts'
import { type SignerParts, encodeSignedData } from '../../cms/signed-data.ts'
import { digestBytes } from '../../digest.ts'
import { wrongArgument } from '../../errors.ts'
import type { DocumentInput } from '../../types.ts'
import { decideAlgorithm } from '../algorithm-choice.ts'
import { assertCallOptions } from '../call-options.ts'
import { describeDocument } from '../document.ts'
import type { Level, LevelChoice } from '../level.ts'
import { prepareLevel } from '../prepare-level.ts'
import { type CosignOptions, buildLike, cosign, readCms } from './cosigner.ts'

export interface CounterSignOptions extends CosignOptions, LevelChoice {
  /**
   * Whose signature is signed: DER of that signer's certificate, or the signature's place in the file, from 0. Needed
   * where there are several.
   */
  readonly which?: Uint8Array | number | undefined
  /** Up to B-T of the counter-signature alone; above, of all signatures in the file. Default: B-B. */
  readonly level?: Level | undefined
}

/**
 * Adds a counter-signature to one of the signatures.
 * @param cms DER ContentInfo; copied, but for what lies inside of a Blob, which is not read. What a detached one is over is not needed: its signature is signed, not the data
 * @returns of bytes fresh ones, of a Blob a Blob
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM
 * @throws {FormatError} FORMAT_CHANGED where the signature is not its certificate's; FORMAT_MALFORMED;
 *   FORMAT_UNSUPPORTED {feature} where its certificate is not inside, its algorithm is unknown, it has no signed
 *   attributes, or an old archive time stamp closed it
 * @throws {UserError} USER_CANCELLED, and whatever else the signer throws
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 * @throws {TrustError} TRUST_REVOKED, TRUST_VALIDITY, TRUST_STATUS before the key is asked; TRUST_TIMESTAMP, TRUST_STATUS
 *   after: the error's `signed` has the counter-signature as far as it was built
 * @see RFC 5652 §11.4, EN 319 122-1 §5.2.7   @since 0.1
 */
export async function counterSign(cms: Uint8Array, options: CounterSignOptions): Promise<Bytes>
export async function counterSign(cms: Blob, options: CounterSignOptions): Promise<Blob>
export async function counterSign(
  cms: DocumentInput,
  options: CounterSignOptions,
): Promise<Bytes | Blob>
export async function counterSign(
  cms: DocumentInput,
  options: CounterSignOptions,
): Promise<Bytes | Blob> {
  const { signer, signal, signingTime, which, ...given } = (options ?? {}) as CounterSignOptions
  const algorithm = decideAlgorithm(signer, given.algorithm)
  assertCallOptions(options)
  const [{ parts, content }, climb] = await Promise.all([
    readCms(cms),
    prepareLevel<Bytes>({ ...given, signal }, signer, async () =>
      (await import('../upgrade-cms.ts')).createRungs(),
    ),
  ])
  const index = findIndex(parts, which)
  const parent = parts.signerInfos[index] as SignerInfoParts
  const countersigned = await readCountersigned(parts, parent)
  const { digest } = getAlgorithm(algorithm)
  const own = await cosign({
    ...{ signer, algorithm, signingTime, signal, countersigned, claims: given.claims },
    documentDigest: await digestBytes(digest, parent.signature),
    document: { ...describeDocument(cms, given.document), size: parent.signature.length },
  })
  // By itself it is a SignedData like any other, for its own level.
  const alone = encodeSignedData({ ...own, content: undefined })
  const embed = (built: Bytes): Bytes => embedInto(parts, index, { own, built })
  if (given.level === 'B-T') return buildLike(cms, content, { signed: alone, climb, embed })
  return buildLike(cms, content, { signed: embed(alone), climb })
}

function findIndex(parts: SignedDataParts, which: unknown): number {
  const { signerInfos } = parts
  const found = [...signerInfos.keys()].filter((index) => {
    if (!(which instanceof Uint8Array)) return which === undefined || which === index
    const signer = signerInfos[index]
    const certificate = signer && findSignerCertificate(parts, signer)
    return certificate !== undefined && equalBytes(certificate.certificateDer, which)
  })
  const [index, ...others] = found
  if (index !== undefined && others.length === 0) return index
  throw wrongArgument(
    'which',
    'the certificate of one signer, or its signature’s place in the file',
  )
}

/** Puts a counter-signature, as it was built alone, beside the signature that it is over. */
function embedInto(
  parts: SignedDataParts,
  index: number,
  { own, built }: { readonly own: SignerParts; readonly built: Bytes },
): Bytes {
  const [alone] = parseSignedData(built, 'signature').signerInfos
  const signerInfos = parts.signerInfos.map((signer, at) =>
    at === index && alone !== undefined
      ? addToSigner(signer, idCountersignature, alone.signerInfo.bytes)
      : signer.signerInfo.bytes,
  )
  return extendSignedData(parts, own, signerInfos)
}
