/**
 * JSON Web Signatures in their three forms, read and written. What was signed is text, and stays that very text.
 *
 * ```
 * compact     protected.payload.signature                                                       RFC 7515 §7.1
 * flattened   {"payload", "protected", "header"?, "signature"}                                  §7.2.2
 * general     {"payload", "signatures": [{"protected", "header"?, "signature"}, …]}             §7.2.1
 * ```
 *
 * The payload is missing, or empty in the compact form, where it lies outside.
 * @module
 */
import { type Bytes, encodeUtf8, parseBase64url } from '../bytes.ts'
import { parseEncoded, parseKeptJson } from './exact-json.ts'
import { malformedJws } from './malformed.ts'

export type JwsForm = 'compact' | 'flattened' | 'general'

type Json = Readonly<Record<string, unknown>>

/** One signature. */
export interface JwsSignature {
  /** base64url, as it was signed. */
  readonly protected: string
  /** The unprotected header. */
  readonly header?: Json
  /** base64url. */
  readonly signature: string
}

/** All that one text holds. */
export interface Jws {
  readonly form: JwsForm
  /** As it was signed: base64url, or text where b64 is false; undefined where it is not enclosed. */
  readonly payload: string | undefined
  /** At least one. */
  readonly signatures: readonly JwsSignature[]
  /** Members that nobody defined: to be ignored, and kept. */
  readonly others: Json
}

/** Validation data of a few signers over decades; a payload of more is signed by its digest. */
const MAX_BYTES = 32 << 20
const MAX_SIGNATURES = 256

/**
 * Reads a JWS; nothing of it is verified.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED {feature} for numbers that would be others when written again
 */
export function parseJws(bytes: Uint8Array): Jws {
  if (bytes.length > MAX_BYTES) throw malformedJws(`at most ${MAX_BYTES} bytes`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
  } catch (cause) {
    throw malformedJws('UTF-8', cause)
  }
  return text.startsWith('{') ? parseObject(text) : parseCompact(text)
}

/** Writes a JWS. @param form other than compact where there are several signatures or an unprotected header */
export function encodeJws({ payload, signatures, others }: Jws, form: JwsForm): Bytes {
  const [first] = signatures as readonly [JwsSignature]
  if (form === 'compact') {
    return encodeUtf8(`${first.protected}.${payload ?? ''}.${first.signature}`)
  }
  const enclosed = payload === undefined ? {} : { payload }
  const content = form === 'flattened' ? inOrder(first) : { signatures }
  return encodeUtf8(JSON.stringify({ ...others, ...enclosed, ...content }))
}

/** One spelling, whoever added the header. */
function inOrder({ protected: header, header: unprotected, signature, ...rest }: JwsSignature) {
  const added = unprotected === undefined ? {} : { header: unprotected }
  return { ...rest, protected: header, ...added, signature }
}

/**
 * Reads the protected header of one signature.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseProtected({ protected: text }: JwsSignature): Json {
  const header = parseEncoded(text, 'a protected header in JSON')
  if (isObject(header)) return header
  throw malformedJws('a protected header that is an object')
}

/** Whether the payload is signed as it is (RFC 7797 §3). @throws {FormatError} FORMAT_MALFORMED */
export function isRaw(signature: JwsSignature): boolean {
  return parseProtected(signature)['b64'] === false
}

/** Tells whether a value is an object of JSON, and no list. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseCompact(text: string): Jws {
  const [header = '', payload = '', signature = '', ...rest] = text.split('.')
  if (rest.length > 0 || header === '' || signature === '') throw malformedJws('three parts')
  const only = readSignature({ protected: header, signature })
  return {
    form: 'compact',
    payload: payload === '' ? undefined : payload,
    signatures: [only],
    others: {},
  }
}

function parseObject(text: string): Jws {
  const root = parseKeptJson(text)
  if (!isObject(root)) throw malformedJws('an object')
  const { payload, signatures, protected: header, header: unprotected, signature, ...others } = root
  // Half a character has no place in UTF-8, which is what is signed.
  const isText = typeof payload === 'string' && !/\p{Surrogate}/u.test(payload)
  if (payload !== undefined && !isText) throw malformedJws('a payload in text')
  if (signatures === undefined) {
    const one = unprotected === undefined ? {} : { header: unprotected }
    const only = readSignature({ protected: header, ...one, signature })
    return { form: 'flattened', payload, signatures: [only], others }
  }
  const isList = Array.isArray(signatures) && signatures.length > 0
  // §7.2.2: a text is of one form or of the other.
  if (!isList || signatures.length > MAX_SIGNATURES || signature !== undefined) {
    throw malformedJws(`1 to ${MAX_SIGNATURES} signatures`)
  }
  return { form: 'general', payload, signatures: signatures.map(readSignature), others }
}

function readSignature(value: unknown): JwsSignature {
  if (!isObject(value)) throw malformedJws('a signature that is an object')
  const { protected: header, signature, header: unprotected } = value
  if (typeof header !== 'string' || parseBase64url(header) === undefined) {
    throw malformedJws('a protected header in base64url')
  }
  if (typeof signature !== 'string' || parseBase64url(signature) === undefined) {
    throw malformedJws('a signature value in base64url')
  }
  if (unprotected !== undefined && !isObject(unprotected)) {
    throw malformedJws('an unprotected header that is an object')
  }
  return value as unknown as JwsSignature
}
