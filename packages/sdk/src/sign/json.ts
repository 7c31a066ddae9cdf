/**
 * Signatures of JSON, JAdES: `signJson` for one go, `prepareJson` and `completeJson` where the signature value comes from
 * another worker, another machine or another day; `addJsonSignature` beside those of others, `counterSignJson` below one.
 *
 * ```
 * payload ─ prepareJson ─► header.payload ─ Signer ─► signatureValue ─ completeJson ─ verify ─► JWS
 * ```
 *
 * A payload is enclosed as it is or in base64url; documents of any size stay outside and are signed by their digests.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { readChunk, sizeOf } from '../digest.ts'
import { wrongArgument } from '../errors.ts'
import { encodeContentType } from '../jades/content-type.ts'
import { type Jws, type JwsSignature, encodeJws, parseJws } from '../jades/jws.ts'
import { encodePayload } from '../jades/payload.ts'
import type { DocumentInput } from '../types.ts'
import { decideAlgorithm } from './algorithm-choice.ts'
import { askSigner } from './ask-signer.ts'
import { assertCallOptions } from './call-options.ts'
import { climbAs } from './climb-as.ts'
import { type DocumentLabel, assertDocumentInput, describeDocument } from './document.ts'
import { completeJson, completeSignature, getPayload, placeSignature } from './json/complete.ts'
import {
  type AddJsonOptions,
  type CounterSignJsonOptions,
  prepareAddition,
  prepareCounter,
} from './json/more.ts'
import {
  type JsonCertificate,
  type JsonDocument,
  type JsonOptions,
  type JsonSigner,
  type JsonState,
  type PreparedJson,
  assertJsonOptions,
  decideForm,
} from './json/options.ts'
import {
  MAX_SIGNING_INPUT_BYTES,
  listDocuments,
  nameOf,
  prepareDetached,
  preparePayload,
} from './json/request.ts'

import type { Climb } from './ladder.ts'
import type { Level, LevelChoice } from './level.ts'
import { prepareLevel } from './prepare-level.ts'
import { type ProfileChoice, applyProfile } from './profile.ts'

export { completeJson }
export type {
  AddJsonOptions,
  CounterSignJsonOptions,
  DocumentLabel,
  JsonDocument,
  Level,
  LevelChoice,
  PreparedJson,
}

export interface PrepareJsonOptions extends JsonOptions, JsonCertificate {}
export interface SignJsonOptions extends JsonOptions, JsonSigner, ProfileChoice {}

/**
 * Signs JSON, or anything else, as a JSON Web Signature.
 * @param payload bytes or a Blob; where `detached`, several with a name each as well; not retained
 * @returns UTF-8 of a JWS; a fresh array that the caller owns
 * @throws {UsageError} USAGE_ARGUMENT, also where what would be signed is more than 64 KiB and not `detached`;
 *   USAGE_UNSUPPORTED_ALGORITHM, USAGE_INSECURE_CONTEXT
 * @throws {UserError} USER_CANCELLED when the signal aborts, and whatever else the signer throws
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID where the signature value does not verify; nothing is returned then
 * @throws {FormatError} FORMAT_MALFORMED where a certificate cannot be read; FORMAT_CHANGED where a File was changed or
 *   removed since it was chosen
 * @throws {TrustError} TRUST_TIMESTAMP and others of levels; from there on the error's `signed` is what was reached
 * @see TS 119 182-1 §5, §6 (JAdES B-B to B-LTA), RFC 7515, RFC 7797   @since 0.1
 */
export async function signJson(
  payload: DocumentInput | readonly JsonDocument[],
  options: SignJsonOptions,
): Promise<Bytes> {
  if (options?.profile !== undefined) {
    return signJson(payload, await applyProfile('json', options))
  }
  const { form, ...rest } = (options ?? {}) as SignJsonOptions
  const own = decideForm(form, rest)
  const documents = rest.detached === true ? listDocuments(payload, rest.document) : undefined
  return signWith(rest, documents, (given) => prepareJson(payload, { ...given, form: own }))
}

/**
 * Adds a signature to a JWS that others signed, over what they signed. Theirs stay as they are.
 * @param jws in any form; not retained
 * @returns a JWS in the general form
 * @throws as `signJson`; {FormatError} FORMAT_MALFORMED where the JWS cannot be read; FORMAT_UNSUPPORTED {feature} where
 *   its payload is neither enclosed nor named by digests of the documents themselves
 * @see RFC 7515 §7.2.1, TS 119 182-1 §5.2.8   @since 0.1
 */
export async function addJsonSignature(
  jws: DocumentInput,
  options: AddJsonOptions & JsonSigner,
): Promise<Bytes> {
  return signWith(options, options?.documents, (given) => prepareAddition(jws, given))
}

/**
 * Signs another's signature value: the counter-signature cSig, in the unprotected header of that signature.
 * @param jws in any form; not retained
 * @returns a JWS in the same form, a flattened one of a compact one
 * @throws as `signJson`; {FormatError} FORMAT_MALFORMED where the JWS cannot be read
 * @see TS 119 182-1 §5.3.2   @since 0.1
 */
export async function counterSignJson(
  jws: DocumentInput,
  options: CounterSignJsonOptions & JsonSigner,
): Promise<Bytes> {
  return signWith(options, undefined, (given) => prepareCounter(jws, given))
}

/**
 * Prepares a payload for a signature value that comes later.
 * @returns frozen and structured-cloneable; owns its bytes
 * @throws as `signJson`, but for the signer's errors
 * @since 0.1
 */
export async function prepareJson(
  payload: DocumentInput | readonly JsonDocument[],
  options: PrepareJsonOptions,
): Promise<PreparedJson> {
  const given = (options ?? {}) as PrepareJsonOptions
  assertCallOptions(given)
  assertJsonOptions(given)
  const { form = 'compact', detached = false, b64 = true } = given
  const state: JsonState = {
    ...{ form, isEnclosed: !detached },
    ...{ others: undefined, countersigned: undefined },
  }
  if (detached) return prepareDetached(listDocuments(payload, given.document), given, state)
  if (Array.isArray(payload)) {
    throw wrongArgument('detached', 'true, by which a list of documents is signed')
  }
  assertDocumentInput('payload', payload)
  const content = await readPayload(payload)
  const label = { ...nameOf(payload, given.document) }
  const mediaType = label.mediaType ?? (isJson(content) ? 'application/json' : undefined)
  const document = describeDocument(payload, { ...label, mediaType })
  return preparePayload(
    {
      text: encodePayload(content, !b64, form),
      isRaw: !b64,
      contentType: given.contentType ?? encodeContentType(document.mediaType),
      ...{ document, state },
    },
    given,
  )
}

/** What all ways of signing have in common. */
async function signWith<O extends JsonSigner>(
  options: O,
  documents: readonly JsonDocument[] | undefined,
  prepare: (given: O & JsonCertificate) => Promise<PreparedJson>,
): Promise<Bytes> {
  // Left out by mistake in plain JavaScript, options are a signer that is missing.
  const { signer, signal, ...rest } = (options ?? {}) as O
  const algorithm = decideAlgorithm(signer, rest.algorithm)
  assertCallOptions({ ...rest, signal })
  const { certificate, chain } = signer
  const prepared = await prepare({ ...options, certificate, chain, algorithm })
  const content = { documents, payload: getPayload(prepared) }
  const climb = await prepareLevel({ ...rest, signal }, signer, async () =>
    (await import('./upgrade-json.ts')).createRungs(content),
  )
  const value = await askSigner(signer, prepared, signal === undefined ? {} : { signal })
  const signature = await completeSignature(prepared, value)
  if (climb === undefined) return placeSignature(signature, prepared)
  return climbAlone(signature, climb, (reached) => placeSignature(reached, prepared))
}

/** Builds on a signature before it is put beside those of others, which are not ours to build on. */
function climbAlone(
  signature: JwsSignature,
  climb: Climb<Bytes>,
  place: (signature: JwsSignature) => Bytes,
): Promise<Bytes> {
  const alone: Jws = { form: 'flattened', payload: undefined, signatures: [signature], others: {} }
  return climbAs(climb, encodeJws(alone, 'flattened'), (reached) =>
    place(parseJws(reached).signatures[0] as JwsSignature),
  )
}

async function readPayload(payload: DocumentInput): Promise<Bytes> {
  const size = sizeOf(payload)
  if (size === 0) throw wrongArgument('payload', 'at least one byte')
  if (size > MAX_SIGNING_INPUT_BYTES) {
    const most = `at most ${MAX_SIGNING_INPUT_BYTES} bytes with its header`
    throw wrongArgument('payload', `${most}, or detached: true, by which digests are signed`)
  }
  return new Uint8Array(await readChunk(payload, 0, size))
}

function isJson(content: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content))
    return true
  } catch {
    return false
  }
}
