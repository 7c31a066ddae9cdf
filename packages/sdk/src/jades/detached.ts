/**
 * Documents that lie outside a signature, as its header names them: sigD, the mechanism ObjectIdByURIHash.
 *
 * ```
 * sigD { mId, pars: [URI …], hashM: S256 | S384 | S512, hashV: [base64url digest …], ctys: [media type …] }
 * ```
 *
 * The mechanisms ObjectIdByURI and HttpHeaders are not written: their documents, or the headers of a message, would be
 * part of what is signed, which must be small enough to be read before a key signs it; digests do the same for any size.
 * The digests are of the documents themselves, for which `b64` must be false (TS 119 182-1 §5.2.8.3.3).
 * @module
 */
import { encodeBase64url } from '../bytes.ts'
import { FormatError, wrongArgument } from '../errors.ts'
import type { DigestName, DocumentInput } from '../types.ts'
import { encodeContentType } from './content-type.ts'
import { isObject } from './jws.ts'
import { malformedJws } from './malformed.ts'

/** One of them. */
export interface DetachedDocument {
  /** A path with `/` between its steps, as it is shown to the person. */
  readonly name: string
  readonly mediaType: string
  readonly digest: Uint8Array
}

/** As JSON has it. */
export interface SigD {
  readonly mId: string
  readonly pars: readonly string[]
  readonly hashM: string
  readonly hashV: readonly string[]
  readonly ctys: readonly string[]
}

/** `mId` of the one mechanism that is written. */
export const BY_URI_HASH = 'http://uri.etsi.org/19182/ObjectIdByURIHash'
/** TS 119 182-1 annex E. */
const HASHES: Readonly<Record<DigestName, string>> = {
  'SHA-256': 'S256',
  'SHA-384': 'S384',
  'SHA-512': 'S512',
}
const MAX_URI_LENGTH = 1024

/**
 * Names documents by their digests.
 * @throws {UsageError} USAGE_ARGUMENT where two have one name, or a name makes no path
 * @see TS 119 182-1 §5.2.8.3.3
 */
export function encodeSigD(documents: readonly DetachedDocument[], hash: DigestName): SigD {
  const pars = documents.map(({ name }) => encodePath(name))
  if (new Set(pars).size !== pars.length) {
    throw wrongArgument('payload', 'documents of different names')
  }
  return {
    mId: BY_URI_HASH,
    pars,
    hashM: HASHES[hash],
    hashV: documents.map(({ digest }) => encodeBase64url(digest)),
    ctys: documents.map(({ mediaType }) => encodeContentType(mediaType)),
  }
}

/** A relative reference (RFC 3986 §4.2): every step percent-encoded. */
function encodePath(name: string): string {
  const steps = name.split('/')
  const isPath = !steps.some((step) => step === '' || step === '.' || step === '..')
  let uri = ''
  try {
    uri = steps.map(encodeURIComponent).join('/')
  } catch {
    // A half of a surrogate pair: no character.
  }
  if (!isPath || uri === '' || uri.length > MAX_URI_LENGTH) {
    throw wrongArgument('name', `a relative path, as a URI at most ${MAX_URI_LENGTH} characters`)
  }
  return uri
}

/**
 * Finds the documents that a signature names, in its order.
 * @throws {UsageError} USAGE_ARGUMENT where one is missing
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED for another mechanism or hash
 */
export function findDocuments(
  sigD: unknown,
  documents: readonly { readonly name: string; readonly data: DocumentInput }[],
): readonly { readonly data: DocumentInput; readonly hash: DigestName; readonly digest: string }[] {
  const { mId, pars, hashM, hashV } = isObject(sigD) ? sigD : {}
  const hash = (Object.keys(HASHES) as DigestName[]).find((name) => HASHES[name] === hashM)
  if (mId !== BY_URI_HASH || hash === undefined) {
    throw new FormatError('FORMAT_UNSUPPORTED', { details: { feature: `sigD ${String(mId)}` } })
  }
  const isText = (list: unknown): list is readonly string[] =>
    Array.isArray(list) && list.every((one) => typeof one === 'string')
  if (!isText(pars) || !isText(hashV) || pars.length !== hashV.length) {
    throw malformedJws('sigD with a digest for each name')
  }
  return pars.map((uri, index) => {
    const found = documents.find(({ name }) => name === decodePath(uri))
    if (found === undefined) throw wrongArgument('documents', `a document named ${decodePath(uri)}`)
    return { data: found.data, hash, digest: hashV[index] as string }
  })
}

function decodePath(uri: string): string {
  try {
    return decodeURIComponent(uri)
  } catch (cause) {
    throw malformedJws('names in percent-encoding', cause)
  }
}
