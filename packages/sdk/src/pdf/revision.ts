/**
 * A revision to be appended to a file (ISO 32000-2 §7.5.6): objects set or added, then written behind the untouched
 * input:
 *
 *     input │ line end if missing │ N G obj … endobj … │ xref … trailer, or an /XRef stream │ startxref … %%EOF
 * @module
 */
import { equalBytes, type Bytes } from '../bytes.ts'
import { openSourcePdf, type PdfDocument } from './document.ts'
import { encodeValue, PdfWriter, type Span } from './encode.ts'
import { CHAR, Lexer } from './lexer.ts'
import { malformed } from './malformed.ts'
import {
  asKind,
  isSameRef,
  number,
  withEntries,
  type PdfRef,
  type PdfString,
  type PdfValue,
} from './objects.ts'
import { parseValue } from './parser.ts'
import { isSameValue } from './same-value.ts'
import { joinSource, type ByteSource } from './source.ts'
import {
  inheritedTrailer,
  writeXrefStream,
  writeXrefTable,
  type SectionInput,
  type WrittenObject,
} from './xref-encode.ts'
import { firstUnusedNumber } from './xref.ts'

/** Readers agree on no more (ISO 32000-1 Annex C.2). */
const MAX_OBJECT_NUMBER = 8_388_607

/** A revision as bytes. */
export interface EncodedRevision {
  /** What is to be appended; a fresh array. */
  readonly bytes: Bytes
  /** Where each marked value lies in the file. */
  readonly marks: ReadonlyMap<string, Span>
}

/** An object that changes: what it means, and how it stands in the file. */
interface Changed {
  readonly ref: PdfRef
  readonly value: PdfValue
  readonly written: PdfValue
}

/** Collects what changes. Objects are written in the order in which they were first set. */
export class Revision {
  readonly #document: PdfDocument
  readonly #changed: { readonly ref: PdfRef; value: PdfValue }[] = []
  #nextNumber: number

  constructor(document: PdfDocument) {
    this.#document = document
    this.#nextNumber = firstUnusedNumber(document.xref)
  }

  /** Takes an object number that was never used, not even by a free object. */
  allocate(): PdfRef {
    if (this.#nextNumber > MAX_OBJECT_NUMBER) {
      throw malformed('xref', 0, `object numbers up to ${MAX_OBJECT_NUMBER}`)
    }
    return { kind: 'ref', number: this.#nextNumber++, generation: 0 }
  }

  /** Sets what an object is from now on; its number and generation stay. */
  set(ref: PdfRef, value: PdfValue): void {
    const known = this.#changed.find((each) => isSameRef(each.ref, ref))
    if (known === undefined) this.#changed.push({ ref, value })
    else known.value = value
  }

  /** What an object is, changes included. */
  async get(ref: PdfRef): Promise<PdfValue> {
    const known = this.#changed.find((each) => isSameRef(each.ref, ref))
    return known === undefined ? this.#document.get(ref) : known.value
  }

  /**
   * Writes the revision, then reads it back through the reader as part of the whole file: what cannot be read again
   * never leaves this function.
   */
  async encode(): Promise<EncodedRevision> {
    const { source, xref } = this.#document
    const newest = xref.links[0]?.section
    if (newest === undefined) throw malformed('xref', 0, 'a section')
    const writer = new PdfWriter(source.size)
    const [last] = await source.read(source.size - 1, source.size)
    if (last !== CHAR.lf && last !== CHAR.cr) writer.add('\n')
    const changed = await this.#encrypted()
    const objects = changed.map(({ ref, written }) => writeObject(writer, ref, written))
    const trailer = await this.#trailer()
    const ownNumber = newest.kind === 'stream' ? this.allocate().number : undefined
    const input: SectionInput = { trailer, previous: newest.offset, size: this.#nextNumber }
    const start =
      ownNumber === undefined
        ? writeXrefTable(writer, objects, input)
        : writeXrefStream(writer, objects, input, ownNumber)
    writer.add(`startxref\n${start}\n%%EOF\n`)
    const bytes = writer.toBytes()
    await this.#assertReadable(bytes, changed)
    return { bytes, marks: writer.marks }
  }

  /** Every object as it is to stand in the file: the one place where what is new gets encrypted. */
  async #encrypted(): Promise<readonly Changed[]> {
    const { cipher } = this.#document
    const changed: Changed[] = []
    for (const { ref, value } of this.#changed) {
      const written = cipher === undefined ? value : await cipher.encrypt(value, ref)
      changed.push({ ref, value, written })
    }
    return changed
  }

  /** §14.4: the first identifier stays for life, the second is new with each revision. */
  async #trailer() {
    const { trailer, resolve, cipher } = this.#document
    const inherited = inheritedTrailer(trailer)
    const fresh: PdfString = {
      kind: 'string',
      form: 'hex',
      bytes: crypto.getRandomValues(new Uint8Array(16)),
    }
    const old = asKind(await resolve(trailer.entries.get('ID')), 'array')
    const known = asKind(await resolve(old?.items[0]), 'string')
    // The key of an encrypted file comes from its identifier, and from there being none (Algorithm 2).
    if (known === undefined && cipher !== undefined) return inherited
    const first = known ?? fresh
    return withEntries(inherited, { ID: { kind: 'array', items: [first, fresh] } })
  }

  async #assertReadable(bytes: Bytes, changed: readonly Changed[]): Promise<void> {
    const { source: input, xref, cipher } = this.#document
    const source = joinSource(input, bytes)
    const whole = await openSourcePdf(source, { known: xref.links, cipher })
    for (const each of changed) {
      const { number, generation } = each.ref
      if (!(await isSame(source, await whole.get(each.ref), each))) {
        throw malformed('revision', source.size, `${number} ${generation} obj as written`)
      }
    }
  }
}

function writeObject(writer: PdfWriter, ref: PdfRef, value: PdfValue): WrittenObject {
  const { offset } = writer
  if (ref.generation > 65535) throw malformed('object', 0, 'a generation of five digits')
  writer.add(`${ref.number} ${ref.generation} obj\n`)
  writer.value(value)
  writer.add('\nendobj\n')
  return { number: ref.number, generation: ref.generation, offset }
}

/** Compares what was read with what was to be written, as it is spelled once it was read. */
async function isSame(
  source: ByteSource,
  read: PdfValue,
  { value, written }: Changed,
): Promise<boolean> {
  const isSpelledSame = (left: PdfValue, right: PdfValue): boolean =>
    isSameValue(parseValue(new Lexer(encodeValue(left))), right)
  const stream = asKind(value, 'new-stream')
  const data = asKind(written, 'new-stream')?.data
  if (stream === undefined || data === undefined) return isSpelledSame(value, read)
  const found = asKind(read, 'stream')
  if (found === undefined) return false
  const expected = withEntries(stream.dict, { Length: number(data.length) })
  const stored = await source.read(found.dataOffset, found.dataOffset + data.length)
  return isSpelledSame(expected, found.dict) && equalBytes(stored, data)
}
