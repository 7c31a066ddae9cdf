/**
 * The signed file in memory, once. Bytes are laid out without the gap, so that what is hashed is one run and the
 * platform's own hash takes it; then the few bytes behind the gap move and open it. A Blob stays where it is.
 * @module
 */
import { takeMemory } from '../builtin.ts'
import { encodeHex, encodeUtf8, type Bytes } from '../bytes.ts'
import { assertNotAborted, digestBytes, digestDocument, type DigestOptions } from '../digest.ts'
import { FormatError } from '../errors.ts'
import { CHAR } from '../pdf/lexer.ts'
import type { DigestName, DocumentInput } from '../types.ts'
import type { SigningPlan } from './append-signature.ts'
import { startsWith } from './starts-with.ts'

/** A document with its revision, of which the signature is still to come. */
export interface Layout {
  /** Hashes everything but the gap. */
  readonly digest: (name: DigestName, options: DigestOptions) => Promise<Bytes>
  /**
   * Puts the signature into the gap; to be called once.
   * @throws {FormatError} FORMAT_PLACEHOLDER_TOO_SMALL; FORMAT_CHANGED where the output does not start with the input
   */
  readonly finish: (signatureDer: Uint8Array) => DocumentInput
}

/**
 * Lays a document and its revision out.
 * @param held what was read of a Blob that is small; it is not read again
 * @throws {FormatError} FORMAT_CHANGED where the plan was not made for a document of this size
 */
export function layOut(pdf: DocumentInput, plan: SigningPlan, held = pdf): Layout {
  const size = pdf instanceof Uint8Array ? pdf.length : pdf.size
  const { start, end } = plan.gap
  const isInside = start >= size && end >= start + 2 && end <= size + plan.revision.length
  if (!isInside || (end - start) % 2 !== 0) throw new FormatError('FORMAT_CHANGED')
  return pdf instanceof Uint8Array ? layOutBytes(pdf, plan) : layOutBlob(pdf, plan, held)
}

function layOutBytes(pdf: Uint8Array, { revision, gap }: SigningPlan): Layout {
  const file = takeMemory(pdf.length + revision.length)
  const tail = revision.subarray(gap.end - pdf.length)
  file.set(pdf)
  file.set(revision.subarray(0, gap.start - pdf.length), pdf.length)
  file.set(tail, gap.start)
  return {
    async digest(name, { signal, onProgress }) {
      assertNotAborted(signal)
      const hashed = file.subarray(0, gap.start + tail.length)
      const digest = await digestBytes(name, hashed)
      onProgress?.(hashed.length, hashed.length)
      assertNotAborted(signal)
      return digest
    },
    finish(signatureDer) {
      const contents = encodeContents(signatureDer, gap.end - gap.start)
      file.copyWithin(gap.end, gap.start, gap.start + tail.length)
      file.set(contents, gap.start)
      if (!startsWith(file, pdf)) throw new FormatError('FORMAT_CHANGED')
      return file
    },
  }
}

function layOutBlob(pdf: Blob, { revision, gap }: SigningPlan, held: DocumentInput): Layout {
  const before = revision.subarray(0, gap.start - pdf.size)
  const after = revision.subarray(gap.end - pdf.size)
  return {
    digest: (name, options) => digestDocument(name, [held, before, after], options),
    finish(signatureDer) {
      const contents = encodeContents(signatureDer, gap.end - gap.start)
      return new Blob([pdf, before, contents, after], { type: 'application/pdf' })
    },
  }
}

/** Writes /Contents as it stands in the file: hexadecimal, filled up with zeros, never cut. */
export function encodeContents(signatureDer: Uint8Array, gapBytes: number): Bytes {
  const reserved = (gapBytes - 2) / 2
  const needed = signatureDer.length
  if (needed > reserved) {
    throw new FormatError('FORMAT_PLACEHOLDER_TOO_SMALL', { details: { needed, reserved } })
  }
  const contents = new Uint8Array(gapBytes).fill(CHAR.zero)
  contents[0] = CHAR.less
  contents.set(encodeUtf8(encodeHex(signatureDer)), 1)
  contents[gapBytes - 1] = CHAR.greater
  return contents
}
