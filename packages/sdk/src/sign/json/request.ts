/**
 * The first half of every signature in JSON: the signing input and what the signer is told of it.
 * @module
 */
import { getAlgorithm } from '../../algorithms.ts'
import { parseCertificate } from '../../asn1/certificate.ts'
import { encodeUtf8, parseBase64url } from '../../bytes.ts'
import { assertCertificates } from '../../cms/prepare.ts'
import { digestBytes, digestDocument } from '../../digest.ts'
import { UsageError, wrongArgument } from '../../errors.ts'
import { encodeSigD } from '../../jades/detached.ts'
import { encodeProtectedHeader } from '../../jades/protected-header.ts'
import type { DocumentInput } from '../../types.ts'
import { readClaims } from '../claims.ts'
import { type DocumentLabel, assertDocumentInput, describeDocument } from '../document.ts'
import { sumProgress } from '../sum-progress.ts'
import type {
  JsonCertificate,
  JsonDocument,
  JsonSignatureOptions,
  JsonState,
  PreparedJson,
} from './options.ts'

/** A JWS signing input that a signer takes, as every structure that it re-reads. */
export const MAX_SIGNING_INPUT_BYTES = 64 * 1024
const MAX_DOCUMENTS = 256

type Options = JsonCertificate & JsonSignatureOptions

/** What is signed besides the header. */
export interface PayloadToSign {
  /** As it is signed. */
  readonly text: string
  readonly isRaw: boolean
  readonly contentType: string | undefined
  readonly document: PreparedJson['document']
  readonly state: JsonState
}

/**
 * Prepares the signature of a payload.
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM
 * @throws {FormatError} FORMAT_MALFORMED where a certificate cannot be read
 */
export async function preparePayload(
  payload: PayloadToSign,
  options: Options,
): Promise<PreparedJson> {
  const { text, isRaw, contentType, document, state } = payload
  const header = await encodeHeader(options, { contentType, isRaw, sigD: undefined })
  const content = isRaw ? encodeUtf8(text) : (parseBase64url(text) ?? new Uint8Array())
  const { digest } = getAlgorithm(options.algorithm)
  return freeze(`${header}.${text}`, options, {
    documentDigest: await digestBytes(digest, content),
    ...{ document, state },
  })
}

/**
 * Prepares the signature of documents that lie outside, by their digests.
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM
 * @throws {UserError} USER_CANCELLED when the signal aborts
 * @throws {FormatError} FORMAT_MALFORMED where a certificate cannot be read; FORMAT_CHANGED where a File was changed
 */
export async function prepareDetached(
  documents: readonly JsonDocument[],
  options: Options,
  state: JsonState,
): Promise<PreparedJson> {
  const { digest: algorithm } = getAlgorithm(options.algorithm)
  const described = []
  const listen = sumProgress(documents, options.onProgress)
  for (const { name, data, mediaType } of documents) {
    const description = describeDocument(data, { name, mediaType })
    const onProgress = listen(data)
    const value = await digestDocument(algorithm, [data], { ...options, onProgress })
    described.push({ ...description, digest: { algorithm, value } })
  }
  const named = described.map(({ digest, ...rest }) => ({ ...rest, digest: digest.value }))
  const sigD = encodeSigD(named, algorithm)
  const header = await encodeHeader(options, { contentType: undefined, isRaw: true, sigD })
  const [first, ...alsoSigned] = described
  if (first === undefined) throw wrongArgument('payload', 'at least one document')
  const { digest, ...document } = first
  return freeze(`${header}.`, options, {
    documentDigest: digest.value,
    document: Object.freeze(document),
    ...(alsoSigned.length === 0 ? {} : { alsoSigned: Object.freeze(alsoSigned) }),
    state,
  })
}

/** @throws {UsageError} USAGE_ARGUMENT */
export function assertDocuments(documents: unknown): asserts documents is readonly JsonDocument[] {
  if (!Array.isArray(documents) || documents.length === 0 || documents.length > MAX_DOCUMENTS) {
    throw wrongArgument('payload', `data, or 1 to ${MAX_DOCUMENTS} documents with a name each`)
  }
  for (const document of documents as readonly Partial<JsonDocument>[]) {
    assertDocumentInput('payload', document?.data)
    if (typeof document.name !== 'string') throw wrongArgument('name', 'text')
  }
}

async function encodeHeader(
  { certificate, chain = [], algorithm, signingTime = new Date(), ...choice }: Options,
  content: Pick<Parameters<typeof encodeProtectedHeader>[0], 'contentType' | 'isRaw' | 'sigD'>,
): Promise<string> {
  assertCertificates(certificate, chain)
  const signer = parseCertificate(certificate)
  if (!signer.algorithms.includes(getAlgorithm(algorithm).name)) {
    throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm } })
  }
  const issuers = chain.map(parseCertificate)
  const claims = await readClaims(choice)
  const input = { algorithm, certificate: signer, chain: issuers, signingTime, claims, ...content }
  return encodeProtectedHeader(input)
}

function freeze(
  signingInput: string,
  { algorithm, certificate }: Options,
  rest: Pick<PreparedJson, 'documentDigest' | 'document' | 'alsoSigned' | 'state'>,
): PreparedJson {
  const toBeSigned = encodeUtf8(signingInput)
  if (toBeSigned.length > MAX_SIGNING_INPUT_BYTES) {
    const most = `what makes at most ${MAX_SIGNING_INPUT_BYTES} bytes with its header`
    throw wrongArgument('payload', `${most}, or detached: true, by which digests are signed`)
  }
  return Object.freeze({
    format: 'jades',
    kind: 'jws-signing-input',
    ...{ algorithm, toBeSigned, ...rest },
    certificate: new Uint8Array(certificate),
    state: Object.freeze(rest.state),
  })
}

/** What the page says of the payload, or what a File says by itself. */
export function nameOf(
  payload: DocumentInput,
  label: DocumentLabel = {},
): DocumentLabel & { name: string } {
  const { name, type } = payload as { readonly name?: string; readonly type?: string }
  return {
    name: label.name ?? (name || 'document'),
    mediaType: label.mediaType ?? (type || undefined),
  }
}

/** The documents outside, one or several. @throws {UsageError} USAGE_ARGUMENT */
export function listDocuments(
  payload: DocumentInput | readonly JsonDocument[],
  label: DocumentLabel | undefined,
): readonly JsonDocument[] {
  const isOne = payload instanceof Uint8Array || payload instanceof Blob
  const documents = isOne ? [{ ...nameOf(payload, label), data: payload }] : payload
  assertDocuments(documents)
  return documents
}
