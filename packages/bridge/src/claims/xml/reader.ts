/**
 * A strict reader of XML in its canonical form, for the few small elements that a signature is made of. It is no XML
 * parser: no DOCTYPE, no comment, no processing instruction, no CDATA, no entity but the escapes that C14N writes, no
 * element with both text and children, no empty-element tag, ASCII names. What it read it writes anew, and the two must
 * be the same octets: so there is one way to write what it accepts, and nothing between the lines.
 *
 * ```
 * <p:name xmlns="…" xmlns:p="…" a="…" b="…">text | elements</p:name>       Canonical XML 1.0 and 1.1 §2.3, Exclusive §3
 * ```
 * @module
 */
import { encodeUtf8, equalBytes } from '@trien/sdk/bytes'
import { type C14n, type XmlElement, XmlError } from './element.ts'
import { encodeCanonical } from './encode.ts'
import { decodeAttribute, decodeText } from './escapes.ts'

const MAX_DEPTH = 12
const MAX_ELEMENTS = 8192
const MAX_ATTRIBUTES = 64
const MAX_BYTES = 64 * 1024

const NAME = '[A-Za-z_][A-Za-z0-9._-]*'
const START = new RegExp(`<(?:(${NAME}):)?(${NAME})`, 'y')
const ATTRIBUTE = new RegExp(` (?:(${NAME}):)?(${NAME})="([^"<>\\t\\n\\r]*)"`, 'y')
const TEXT = /[^<>\r]+/y
/** XML 1.0 §2.2 lets these nowhere; the surrogates are no UTF-8. */
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/

/**
 * Reads bytes that are exactly one element. Whether they are in canonical form says `assertCanonical`, once it is known
 * in which.
 * @throws {XmlError}
 */
export function parseElement(bytes: Uint8Array): XmlElement {
  if (bytes.length > MAX_BYTES) throw new XmlError(`more than ${MAX_BYTES} bytes`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new XmlError('not UTF-8')
  }
  if (FORBIDDEN.test(text)) throw new XmlError('a character that XML does not know')
  return new Reader(text).readRoot()
}

/**
 * Refuses bytes that are not the canonical form of the element that was read in them.
 * @throws {XmlError}
 */
export function assertCanonical(bytes: Uint8Array, element: XmlElement, form: C14n): void {
  if (!equalBytes(encodeUtf8(encodeCanonical(element, form)), bytes)) {
    throw new XmlError(`not in the ${form} canonical form`)
  }
}

/** A prefix means what the nearest element around it says. */
type Scope = ReadonlyMap<string, string>

class Reader {
  readonly #text: string
  #offset = 0
  #elements = 0

  constructor(text: string) {
    this.#text = text
  }

  readRoot(): XmlElement {
    const element = this.#readElement(new Map([['', '']]), 1)
    if (this.#offset !== this.#text.length) throw this.#error('more than one element')
    return element
  }

  #readElement(outer: Scope, depth: number): XmlElement {
    this.#elements += 1
    if (depth > MAX_DEPTH || this.#elements > MAX_ELEMENTS) throw this.#error('too much')
    const [, prefix = '', local = ''] = this.#take(START)
    const { declarations, attributes } = this.#readAttributes()
    this.#expect('>')
    const scope = new Map([...outer, ...declarations])
    const namespace = scope.get(prefix)
    if (namespace === undefined) throw this.#error('a prefix without a meaning')
    const children: XmlElement[] = []
    let text = ''
    if (this.#isAt('</')) text = ''
    else if (this.#isAt('<')) {
      while (!this.#isAt('</')) children.push(this.#readElement(scope, depth + 1))
    } else text = this.#decode(this.#take(TEXT)[0], decodeText)
    this.#expect(`</${prefix === '' ? '' : `${prefix}:`}${local}>`)
    return { prefix, local, namespace, declarations, attributes, children, text }
  }

  #readAttributes(): Pick<XmlElement, 'declarations' | 'attributes'> {
    const declarations = new Map<string, string>()
    const attributes = new Map<string, string>()
    while (this.#isAt(' ')) {
      const [, prefix = '', local = '', raw = ''] = this.#take(ATTRIBUTE)
      const value = this.#decode(raw, decodeAttribute)
      const declared = findDeclared(prefix, local)
      const name = declared ?? findAttributeName(prefix, local)
      if (name === undefined || (declared !== undefined && !isMeaning(declared, value))) {
        throw this.#error('an attribute that cannot be')
      }
      const place = declared === undefined ? attributes : declarations
      if (place.has(name)) throw this.#error('an attribute twice')
      place.set(name, value)
      if (declarations.size + attributes.size > MAX_ATTRIBUTES) throw this.#error('too much')
    }
    return { declarations, attributes }
  }

  #decode(raw: string, decode: (raw: string) => string | undefined): string {
    const value = decode(raw)
    if (value === undefined) throw this.#error('an entity')
    return value
  }

  #take(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#offset
    const match = pattern.exec(this.#text)
    if (match === null) throw this.#error('unexpected')
    this.#offset = pattern.lastIndex
    return match
  }

  #isAt(word: string): boolean {
    return this.#text.startsWith(word, this.#offset)
  }

  #expect(word: string): void {
    if (!this.#isAt(word)) throw this.#error('unexpected')
    this.#offset += word.length
  }

  #error(what: string): XmlError {
    return new XmlError(`${what} at ${this.#offset}`)
  }
}

/** The prefix that an attribute declares, empty for the default; undefined where it is no declaration. */
function findDeclared(prefix: string, local: string): string | undefined {
  if (prefix === 'xmlns') return local
  return prefix === '' && local === 'xmlns' ? '' : undefined
}

/** A prefix must mean something, and none may take the place of `xml` (Namespaces in XML §3). */
function isMeaning(prefix: string, address: string): boolean {
  return prefix === '' || (address !== '' && !prefix.toLowerCase().startsWith('xml'))
}

/**
 * Of attributes with a prefix only those that inclusive C14N brings along from outside and that mean nothing here:
 * `xml:base` would change where an address leads, `xml:id` what is meant.
 */
function findAttributeName(prefix: string, local: string): string | undefined {
  if (prefix === '') return local
  return prefix === 'xml' && (local === 'lang' || local === 'space') ? `xml:${local}` : undefined
}
