/**
 * What a JWS is given after it was signed, in the unprotected header of each of its signatures.
 *
 * ```
 * B-T    sigTst         over the signature value in base64url                              TS 119 182-1 §5.3.4
 * B-LT   xVals, rVals   what it takes to check all certificates; later anyValData          §5.3.5
 * B-LTA  arcTst         over what was signed and all of that                               §5.3.6
 * ```
 *
 * A compact text has no place for it and becomes a flattened one.
 * @module
 */
import { parseCertificate } from '../asn1/certificate.ts'
import { type Bytes, encodeBase64url, encodeUtf8, equalBytes, parseBase64url } from '../bytes.ts'
import { digestBytes, digestDocument, readChunk, sizeOf } from '../digest.ts'
import { FormatError, wrongArgument } from '../errors.ts'
import { layOutArchive } from '../jades/archive-imprint.ts'
import { findDocuments } from '../jades/detached.ts'
import { parseEtsiU } from '../jades/etsi-u.ts'
import {
  type Jws,
  type JwsSignature,
  encodeJws,
  isRaw,
  parseJws,
  parseProtected,
} from '../jades/jws.ts'
import {
  addTimestamp,
  addValues,
  findCertificates,
  findTokens,
  findValues,
} from '../jades/validation-values.ts'
import { assertStampTime, leaveLost } from '../trust/stamp-time.ts'
import type { RequestToken } from '../trust/request-timestamp.ts'
import type { Evidence } from '../trust/validation-data.ts'
import type { DocumentInput } from '../types.ts'
import type { Rungs } from './ladder.ts'

/** What was signed, where it is not enclosed. */
export interface JsonContent {
  /** With sigD: all documents. */
  readonly documents?:
    readonly { readonly name: string; readonly data: DocumentInput }[] | undefined
  /** Without sigD: the payload as it was signed. */
  readonly payload?: string | undefined
}

/** What each level is to a JWS. */
export function createRungs(content: JsonContent = {}): Rungs<Bytes> {
  return {
    stamp: (jws, ask) => forEach(jws, (one) => stamp(one, ask), isLost),
    evidence: (jws) => collectEvidence(parseJws(jws)),
    embed: (jws, data) => forEach(jws, async (one) => addValues(one, data)),
    archive: (jws, ask) => forEach(jws, (one, whole) => archive(one, whole, content, ask)),
  }
}

async function forEach(
  bytes: Bytes,
  build: (signature: JwsSignature, jws: Jws) => Promise<JwsSignature>,
  isPast: (signature: JwsSignature) => boolean = () => false,
): Promise<Bytes> {
  const jws = parseJws(bytes)
  const left = leaveLost(jws.signatures, isPast)
  const signatures: JwsSignature[] = []
  for (const signature of jws.signatures) {
    signatures.push(left(signature) ? signature : await build(signature, jws))
  }
  return encodeJws({ ...jws, signatures }, jws.form === 'compact' ? 'flattened' : jws.form)
}

const isStamped = (signature: JwsSignature): boolean =>
  parseEtsiU(signature).some(({ name }) => name === 'sigTst')

function isLost(signature: JwsSignature): boolean {
  const [certificate] = findCertificates(signature)
  if (isStamped(signature) || certificate === undefined) return false
  return new Date() > parseCertificate(certificate).notAfter
}

async function stamp(signature: JwsSignature, ask: RequestToken): Promise<JwsSignature> {
  if (isStamped(signature)) return signature
  const value = await digestBytes('SHA-256', encodeUtf8(signature.signature))
  const { tokenDer, time } = await ask({ digest: 'SHA-256', value })
  const [certificate] = findCertificates(signature)
  if (certificate !== undefined) assertStampTime(parseCertificate(certificate), time)
  return addTimestamp(signature, 'sigTst', tokenDer)
}

function collectEvidence({ signatures }: Jws): Evidence {
  const known = signatures.map((signature) => findValues(signature).certificates)
  return {
    signers: signatures.map((signature) => {
      const [certificate, ...pool] = findCertificates(signature)
      if (certificate !== undefined) return { certificate, pool }
      const details = { feature: 'signature without x5c' }
      throw new FormatError('FORMAT_UNSUPPORTED', { details })
    }),
    tokens: signatures.flatMap(findTokens),
    pool: known.flat(),
  }
}

async function archive(
  signature: JwsSignature,
  { payload }: Jws,
  content: JsonContent,
  ask: RequestToken,
): Promise<JwsSignature> {
  const signed = await getSigned(signature, payload ?? content.payload, content)
  const value = await digestDocument('SHA-256', layOutArchive(signed, signature))
  const { tokenDer } = await ask({ digest: 'SHA-256', value })
  return addTimestamp(signature, 'arcTst', tokenDer)
}

async function getSigned(
  signature: JwsSignature,
  payload: string | undefined,
  { documents }: JsonContent,
): Promise<readonly DocumentInput[]> {
  const { sigD } = parseProtected(signature)
  if (sigD === undefined) {
    if (payload !== undefined) return [encodeUtf8(payload)]
    throw new FormatError('FORMAT_UNSUPPORTED', {
      details: { feature: 'payload that is not enclosed' },
    })
  }
  if (documents === undefined) throw wrongArgument('documents', 'all documents that were signed')
  const isOwn = isRaw(signature)
  const found: DocumentInput[] = []
  for (const { data, hash, digest } of findDocuments(sigD, documents)) {
    const signed = isOwn ? data : await encodeWhole(data)
    const actual = await digestDocument(hash, [signed])
    if (!equalBytes(actual, parseBase64url(digest) ?? new Uint8Array())) {
      throw new FormatError('FORMAT_CHANGED')
    }
    found.push(signed)
  }
  return found
}

async function encodeWhole(data: DocumentInput): Promise<Bytes> {
  return encodeUtf8(encodeBase64url(await readChunk(data, 0, sizeOf(data))))
}
