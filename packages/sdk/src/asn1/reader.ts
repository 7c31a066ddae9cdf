/**
 * DER, read: bytes from outside become a tree of nodes, or a FormatError. What BER allows and DER forbids is refused, so
 * that a node's bytes are the one encoding of its value.
 *
 * The whole input is checked at once; nodes are made when they are asked for. A list of revoked certificates, or 100 MB
 * of content, that nobody looks into costs nothing.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { TAG } from './der.ts'
import { type ElementSpan, assertDer, isConstructed, malformed, readElement } from './element.ts'
import { readOidArcs } from './oid-arcs.ts'
import { readText } from './text.ts'

/** What a hostile file may make us do. */
const MAX_CHILDREN = 20_000

/** One element of a DER tree. All bytes are views on a private copy of the input. */
export class DerNode {
  /** Identifier octet. */
  readonly tag: number
  /** Complete encoding: identifier, length, contents. */
  readonly bytes: Bytes
  readonly contents: Bytes
  /** What is being read, for the error's details. */
  readonly what: string
  readonly #isConstructed: boolean
  #children: readonly DerNode[] | undefined

  constructor(whole: Bytes, span: ElementSpan, what: string) {
    this.tag = span.tag
    this.what = what
    this.bytes = whole.subarray(span.start, span.end)
    this.contents = whole.subarray(span.contents, span.end)
    this.#isConstructed = isConstructed(span)
  }

  /** Empty for a primitive element. @throws {FormatError} FORMAT_MALFORMED where there are more than 20,000 */
  get children(): readonly DerNode[] {
    this.#children ??= this.#isConstructed ? this.#readChildren() : []
    return this.#children
  }

  #readChildren(): readonly DerNode[] {
    const { contents, what } = this
    const children: DerNode[] = []
    for (let at = 0; at < contents.length;) {
      if (children.length === MAX_CHILDREN) this.fail(`at most ${MAX_CHILDREN} elements`)
      const span = readElement(contents, at, contents.length, what)
      children.push(new DerNode(contents, span, what))
      at = span.end
    }
    return children
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
    const arcs = this.tag === TAG.OID ? readOidArcs(this.contents) : undefined
    return arcs ?? this.fail('an object identifier')
  }

  /** Reads any of the string types; undefined where the element is of another type. */
  findText(): string | undefined {
    return readText(this.tag, this.contents)
  }

  /** @throws {FormatError} FORMAT_MALFORMED at this element */
  fail(expected: string): never {
    return malformed(this.what, this.bytes.byteOffset, expected)
  }
}

/**
 * Reads exactly one DER element.
 * @param der owned by the caller, copied
 * @param what a word for the error's details, for example `certificate`
 * @throws {FormatError} FORMAT_MALFORMED {what, offset, expected}
 */
export function readDer(der: Uint8Array, what: string): DerNode {
  const own = new Uint8Array(der)
  return new DerNode(own, assertDer(own, what), what)
}
