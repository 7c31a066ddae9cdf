/**
 * DER, read: bytes from outside become a tree of nodes, or a FormatError. Parsing is asn1js', under its limits; what
 * BER allows and DER forbids is refused here, so that a node's bytes are the one encoding of its value.
 * @module
 */
import { BaseStringBlock, Constructed, ObjectIdentifier, fromBER, type BaseBlock } from 'asn1js'
import type { Bytes } from '../bytes.ts'
import { FormatError } from '../errors.ts'
import { TAG } from './der.ts'

/** What a hostile file may make us do: the deepest certificate seen in the wild nests 9 levels. */
const LIMITS = { maxDepth: 32, maxNodes: 20_000, maxContentLength: 4 << 20, parseEmbedded: false }

/** One element of a DER tree. All bytes are views on a private copy of the input. */
export class DerNode {
  /** Identifier octet. */
  readonly tag: number
  /** Complete encoding: identifier, length, contents. */
  readonly bytes: Bytes
  readonly contents: Bytes
  /** Empty for a primitive element. */
  readonly children: readonly DerNode[]
  /** What is being read, for the error's details. */
  readonly what: string
  readonly #block: BaseBlock

  /** @throws {FormatError} FORMAT_MALFORMED where the element is BER but not DER */
  constructor(block: BaseBlock, what: string) {
    const bytes = block.valueBeforeDecodeView as Bytes
    const contentLength = block.lenBlock.isIndefiniteForm ? -1 : block.lenBlock.length
    const headerLength = 2 + longLengthOctets(contentLength)
    this.tag = bytes[0] ?? 0
    this.what = what
    this.bytes = bytes
    this.#block = block
    this.contents = bytes.subarray(headerLength)
    if (contentLength < 0 || contentLength !== this.contents.length) this.fail('a minimal length')
    if (!isDerIdentifier(this.tag)) this.fail('an identifier octet of DER')
    this.children =
      block instanceof Constructed
        ? block.valueBlock.value.map((child) => new DerNode(child as BaseBlock, what))
        : []
  }

  /** Gets the child at an index, which must have this identifier octet. @throws {FormatError} FORMAT_MALFORMED */
  getChild(index: number, tag: number): DerNode {
    const child = this.children[index] ?? this.fail(`an element ${index}`)
    return child.assertTag(tag)
  }

  /** Returns itself where the identifier octet is this one. @throws {FormatError} FORMAT_MALFORMED */
  assertTag(tag: number): DerNode {
    return this.tag === tag ? this : this.fail(`tag 0x${tag.toString(16).padStart(2, '0')}`)
  }

  /** Reads an OBJECT IDENTIFIER in dotted form. @throws {FormatError} FORMAT_MALFORMED */
  readOid(): string {
    const block = this.#block
    return block instanceof ObjectIdentifier ? block.getValue() : this.fail('an object identifier')
  }

  /** Reads any of the string types; undefined where the element is of another type. */
  findText(): string | undefined {
    return this.#block instanceof BaseStringBlock ? this.#block.getValue() : undefined
  }

  /** @throws {FormatError} FORMAT_MALFORMED at this element */
  fail(expected: string): never {
    const details = { what: this.what, offset: this.bytes.byteOffset, expected }
    throw new FormatError('FORMAT_MALFORMED', { details })
  }
}

/** Low tag numbers; of the universal class only SEQUENCE and SET are constructed (X.690 §10.2). */
function isDerIdentifier(tag: number): boolean {
  if ((tag & 0x1f) === 0x1f || tag === 0) return false
  const isUniversalConstructed = (tag & 0xe0) === 0x20
  return tag === TAG.SEQUENCE || tag === TAG.SET || !isUniversalConstructed
}

function longLengthOctets(length: number): number {
  if (length < 0x80) return 0
  return length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4
}

/**
 * Reads exactly one DER element.
 * @param der owned by the caller, copied
 * @param what a word for the error's details, for example `certificate`
 * @throws {FormatError} FORMAT_MALFORMED {what, offset, expected}
 */
export function readDer(der: Uint8Array, what: string): DerNode {
  const { offset, result } = parse(der, what)
  if (offset !== der.length) {
    const at = offset < 0 ? 0 : offset
    const expected = offset < 0 ? 'DER' : 'nothing after the element'
    throw new FormatError('FORMAT_MALFORMED', { details: { what, offset: at, expected } })
  }
  return new DerNode(result, what)
}

function parse(der: Uint8Array, what: string): { offset: number; result: BaseBlock } {
  try {
    return fromBER(der, LIMITS)
  } catch (cause) {
    const details = { what, offset: 0, expected: 'DER' }
    throw new FormatError('FORMAT_MALFORMED', { cause, details })
  }
}
