/**
 * Signatures added to a JWS that others signed: beside theirs, or below one of them.
 * @module
 */
import { encodeBase64url, parseBase64url } from '../../bytes.ts'
import { readChunk, sizeOf } from '../../digest.ts'
import { FormatError, wrongArgument } from '../../errors.ts'
import { decodeContentType } from '../../jades/content-type.ts'
import { BY_URI_HASH } from '../../jades/detached.ts'
import { type Jws, encodeJws, isObject, isRaw, parseJws, parseProtected } from '../../jades/jws.ts'
import { parsePayload } from '../../jades/payload.ts'
import type { DocumentInput } from '../../types.ts'
import { type DocumentLabel, assertDocumentInput, describeDocument } from '../document.ts'
import type {
  JsonCertificate,
  JsonDocument,
  JsonSignatureOptions,
  JsonState,
  PreparedJson,
} from './options.ts'
import { assertDocuments, prepareDetached, preparePayload } from './request.ts'

/** What adding a signature can be told. */
export interface AddJsonOptions extends JsonSignatureOptions {
  /** The documents that lie outside, all of them; needed where the others signed digests. */
  readonly documents?: readonly JsonDocument[] | undefined
  /** What the person is told of the payload before signing. */
  readonly document?: DocumentLabel | undefined
}

/** What countersigning can be told. */
export interface CounterSignJsonOptions extends JsonSignatureOptions {
  /** The place of the signature to be countersigned, from 0; needed where there are several. */
  readonly signature?: number | undefined
  /** What the person is told of that signature. Default: `signature`. */
  readonly document?: DocumentLabel | undefined
}

/** Reads a JWS that others signed. @throws {UsageError} USAGE_ARGUMENT @throws {FormatError} FORMAT_MALFORMED, FORMAT_CHANGED */
export async function readJws(jws: DocumentInput): Promise<Jws> {
  assertDocumentInput('jws', jws)
  return parseJws(await readChunk(jws, 0, sizeOf(jws)))
}

/**
 * Prepares a signature beside those of others, over what they signed.
 * @throws as `addJsonSignature`
 */
export async function prepareAddition(
  jws: DocumentInput,
  options: JsonCertificate & AddJsonOptions,
): Promise<PreparedJson> {
  const others = await readJws(jws)
  const state: JsonState = {
    form: 'general',
    isEnclosed: false,
    others: encodeJws(others, 'general'),
    countersigned: undefined,
  }
  const headers = others.signatures.map(parseProtected)
  const raw = others.signatures.map(isRaw)
  // RFC 7797 §3: one JWS, one way.
  const isOwnRaw = raw[0] === true
  if (raw.some((one) => one !== isOwnRaw)) throw unsupported('b64 that differs')
  const sigDs = headers.map(({ sigD }) => sigD)
  if (sigDs.some((sigD) => sigD !== undefined)) {
    const byHash = sigDs.every((sigD) => isObject(sigD) && sigD['mId'] === BY_URI_HASH)
    if (!byHash || !isOwnRaw) throw unsupported('sigD that is not by digests of the documents')
    assertDocuments(options.documents)
    return prepareDetached(options.documents, options, state)
  }
  if (others.payload === undefined) throw unsupported('payload that is not enclosed')
  const content = parsePayload(others.payload, isOwnRaw)
  const { name = 'document', mediaType } = options.document ?? {}
  const cty = headers.map(({ cty }) => cty).find((one) => typeof one === 'string')
  return preparePayload(
    {
      text: others.payload,
      isRaw: isOwnRaw,
      contentType: cty,
      document: describeDocument(content, { name, mediaType: mediaType ?? decodeContentType(cty) }),
      state,
    },
    options,
  )
}

/**
 * Prepares a signature over the value of another's (TS 119 182-1 §5.3.2).
 * @throws as `counterSignJson`
 */
export async function prepareCounter(
  jws: DocumentInput,
  options: JsonCertificate & CounterSignJsonOptions,
): Promise<PreparedJson> {
  const others = await readJws(jws)
  const { signature: index = others.signatures.length === 1 ? 0 : Number.NaN } = options
  const signed = others.signatures[index]
  if (signed === undefined) {
    throw wrongArgument('signature', `a number up to ${others.signatures.length - 1}`)
  }
  // A compact text has no place for what is added.
  const form = others.form === 'compact' ? 'flattened' : others.form
  const value = parseBase64url(signed.signature) ?? new Uint8Array()
  const { name = 'signature', mediaType = 'application/octet-stream' } = options.document ?? {}
  return preparePayload(
    {
      text: encodeBase64url(value),
      isRaw: false,
      // §5.1.3: none in a counter-signature.
      contentType: undefined,
      document: describeDocument(value, { name, mediaType }),
      state: {
        form,
        isEnclosed: false,
        others: encodeJws(others, form),
        countersigned: index,
      },
    },
    options,
  )
}

function unsupported(feature: string): FormatError {
  return new FormatError('FORMAT_UNSUPPORTED', { details: { feature } })
}
