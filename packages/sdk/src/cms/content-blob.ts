/**
 * A CMS around content that is not held in memory: its lengths are known beforehand, so that what stands before the
 * content and after it can be written without reading a byte of it.
 *
 * ```
 * SEQUENCE { id-signedData, [0] { SEQUENCE { version, digestAlgorithms, SEQUENCE { eContentType, [0] { OCTET STRING
 * ──────────────────────────────────── before ──────────────────────────────────────────────────────────┘
 *   content: a Blob, or a part of one
 * certificates, crls, signerInfos } } }                                                            after
 * ```
 * @module
 */
import { wholeBerToDer } from '../asn1/ber.ts'
import { TAG, contextTag, encodeExplicit, encodeHeader, encodeSequence } from '../asn1/der.ts'
import { type ElementSpan, malformed, readElement } from '../asn1/element.ts'
import { readDer } from '../asn1/reader.ts'
import type { Bytes } from '../bytes.ts'
import { readChunk, sizeOf } from '../digest.ts'
import { FormatError } from '../errors.ts'

const WHAT = 'signature'
/** Before the content stand a version and the algorithms of hashes. */
const MAX_BEFORE_BYTES = 1 << 16
/** Read as a whole. */
const MAX_BER_BYTES = 256 << 20
/** A length that is not known beforehand (X.690 §8.1.3.6). */
const INDEFINITE = 0x80

/** A CMS, and the content that was inside. */
export interface Opened {
  /** DER ContentInfo of the same signatures, detached. */
  readonly detached: Bytes
  /** Undefined where nothing was inside. */
  readonly content: Blob | undefined
}

/** One part of an encoding, or all of it. */
type Part = Uint8Array | Blob

/**
 * Puts content into a detached CMS. No signature covers where the content stands.
 * @param detachedDer DER ContentInfo without content
 * @param content not read
 * @returns DER ContentInfo
 * @see RFC 5652 §5.2
 */
export function encloseContent(detachedDer: Uint8Array, content: Blob, type = ''): Blob {
  const contentInfo = readDer(detachedDer, WHAT)
  const signedData = contentInfo.getChild(1, contextTag(0)).getChild(0, TAG.SEQUENCE)
  const [version, algorithms, encapsulated, ...rest] = signedData.children.map(({ bytes }) => bytes)
  const contentType = readDer(encapsulated as Bytes, WHAT).getChild(0, TAG.OID).bytes
  const inside = wrap(contextTag(0), wrap(TAG.OCTET_STRING, [content]))
  const around = wrap(TAG.SEQUENCE, [contentType, ...inside])
  const parts = [version as Bytes, algorithms as Bytes, ...around, ...rest]
  const whole = wrap(TAG.SEQUENCE, [
    contentInfo.getChild(0, TAG.OID).bytes,
    ...wrap(contextTag(0), wrap(TAG.SEQUENCE, parts)),
  ])
  return new Blob(whole as (Bytes | Blob)[], { type })
}

function wrap(tag: number, parts: readonly Part[]): readonly Part[] {
  const length = parts.reduce((sum, part) => sum + sizeOf(part), 0)
  return [encodeHeader(tag, length), ...parts]
}

/**
 * Takes the content out of a CMS; of the content not a byte is read, but of one in BER, which is then in memory.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED for BER of more than 256 MiB; FORMAT_CHANGED where it is a File
 *   that was changed since it was chosen
 */
export async function takeContentOut(cms: Blob): Promise<Opened> {
  const { size } = cms
  const before = await readChunk(cms, 0, Math.min(size, MAX_BEFORE_BYTES))
  if (before[1] === INDEFINITE) return takeContentOut(await putInDer(cms))
  const read = (start: number, end: number, tag: number): ElementSpan => {
    const span = readElement(before, start, end, WHAT)
    return span.tag === tag ? span : malformed(WHAT, start, `tag 0x${tag.toString(16)}`)
  }
  const root = read(0, size, TAG.SEQUENCE)
  const type = read(root.contents, root.end, TAG.OID)
  const tagged = read(type.end, root.end, contextTag(0))
  const signedData = read(tagged.contents, tagged.end, TAG.SEQUENCE)
  const version = read(signedData.contents, signedData.end, TAG.INTEGER)
  const algorithms = read(version.end, signedData.end, TAG.SET)
  const encapsulated = read(algorithms.end, signedData.end, TAG.SEQUENCE)
  const contentType = read(encapsulated.contents, encapsulated.end, TAG.OID)
  if (contentType.end === encapsulated.end) {
    return { detached: (await readChunk(cms, 0, size)) as Bytes, content: undefined }
  }
  const inside = read(contentType.end, encapsulated.end, contextTag(0))
  const octets = read(inside.contents, inside.end, TAG.OCTET_STRING)
  const ends = [root.end, tagged.end, signedData.end, inside.end, octets.end]
  if (!equal(ends, [size, size, size, encapsulated.end, encapsulated.end])) {
    malformed(WHAT, root.start, 'nothing behind the content but what belongs to it')
  }
  const bytesOf = ({ start, end }: ElementSpan): Uint8Array => before.subarray(start, end)
  const after = await readChunk(cms, encapsulated.end, size)
  const detached = encodeSequence(
    bytesOf(type),
    encodeExplicit(
      0,
      encodeSequence(
        ...[bytesOf(version), bytesOf(algorithms)],
        ...[encodeSequence(bytesOf(contentType)), after],
      ),
    ),
  )
  return { detached, content: cms.slice(octets.contents, octets.end) }
}

/** Where its contents end, only they tell. */
async function putInDer(cms: Blob): Promise<Blob> {
  if (cms.size > MAX_BER_BYTES) {
    const details = { feature: `BER of more than ${MAX_BER_BYTES} bytes` }
    throw new FormatError('FORMAT_UNSUPPORTED', { details })
  }
  const der = wholeBerToDer(await readChunk(cms, 0, cms.size), WHAT)
  return new Blob([der as Bytes], { type: cms.type })
}

function equal(left: readonly number[], right: readonly number[]): boolean {
  return left.every((one, index) => one === right[index])
}
