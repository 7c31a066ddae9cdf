/**
 * Where everything stands in the text of an XML file, found before any parser sees it. A parser's tree does not say from
 * which characters an element was read; who adds to a file and keeps all others must know. And what a parser would expand,
 * fetch, or read in a way of its own is refused here: DOCTYPE, entities but the five, depth and numbers without end.
 *
 * ```
 * document ::= XMLDecl? (comment | PI | S)* element (comment | PI | S)*               XML 1.0 §2.1, without doctypedecl
 * ```
 * @module
 */
import { malformedXml, unsupportedXml } from './malformed.ts'

/** An element's places in the text, in UTF-16 units. */
export interface ElementSpan {
  /** As written, with its prefix. */
  readonly name: string
  readonly attributes: number
  /** At `<`. */
  readonly start: number
  /** After the `>` of its start tag. */
  readonly contentStart: number
  /** At the `<` of its end tag; of an element without one, where it ends. */
  contentEnd: number
  /** Whether it is written as one tag, `<a/>`. */
  readonly isEmptyTag: boolean
}

const MAX_DEPTH = 256
const MAX_ELEMENTS = 1_000_000
const MAX_ATTRIBUTES = 256

const NAME_START =
  ':A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}'
const NAME = `[${NAME_START}][${NAME_START}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}]*`
const START_TAG = new RegExp(`<(${NAME})`, 'uy')
const END_TAG = new RegExp(`</(${NAME})[ \\t\\r\\n]*>`, 'uy')
const ATTRIBUTE = new RegExp(
  `[ \\t\\r\\n]+${NAME}[ \\t\\r\\n]*=[ \\t\\r\\n]*("[^<"]*"|'[^<']*')`,
  'uy',
)
const TAG_END = /[ \t\r\n]*(\/?)>/y
const INSTRUCTION = new RegExp(`<\\?(${NAME})(?:[ \\t\\r\\n][^]*?)?\\?>`, 'uy')
const SPACE = /[ \t\r\n]*/y
const REFERENCE = /&(?:(?:amp|lt|gt|quot|apos)|#(\d{1,10})|#x([0-9a-fA-F]{1,8}));/y
/** XML 1.0 §2.2 lets these nowhere; lone surrogates are no UTF-8. */
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/

/**
 * Finds all elements.
 * @param text of a whole document
 * @returns in document order, the root first
 * @throws {FormatError} FORMAT_UNSUPPORTED {feature: DOCTYPE, or a number that is too high}; FORMAT_MALFORMED
 */
export function scanXml(text: string): readonly ElementSpan[] {
  const forbidden = text.search(FORBIDDEN)
  if (forbidden >= 0) throw malformedXml(forbidden, 'a character of XML')
  return new Scanner(text).scan()
}

class Scanner {
  readonly #text: string
  readonly #elements: ElementSpan[] = []
  readonly #open: ElementSpan[] = []
  #offset = 0
  /** The next one, so that a text without any is searched but once. */
  #ampersand = -1

  constructor(text: string) {
    this.#text = text
  }

  scan(): readonly ElementSpan[] {
    if (/^<\?xml\s/.test(this.#text)) this.#offset = this.#text.indexOf('?>') + 2
    this.#skipMisc()
    this.#readStartTag()
    while (this.#open.length > 0) this.#readContent()
    this.#skipMisc()
    if (this.#offset < this.#text.length) throw this.#fail('the end')
    return this.#elements
  }

  /** What may stand around the root: never text. */
  #skipMisc(): void {
    for (;;) {
      this.#match(SPACE)
      if (this.#isAt('<!--')) this.#skipComment()
      else if (this.#isAt('<?')) this.#skipInstruction()
      else if (this.#isAt('<!DOCTYPE')) throw unsupportedXml('DOCTYPE')
      else return
    }
  }

  #readContent(): void {
    this.#skipText()
    if (this.#isAt('</')) this.#readEndTag()
    else if (this.#isAt('<!--')) this.#skipComment()
    else if (this.#isAt('<![CDATA[')) this.#skipTo(']]>', '<![CDATA['.length)
    else if (this.#isAt('<?')) this.#skipInstruction()
    else this.#readStartTag()
  }

  #readStartTag(): void {
    const start = this.#offset
    const name = this.#match(START_TAG)?.[1]
    if (name === undefined) throw this.#fail('an element')
    const attributes = this.#readAttributes()
    const end = this.#match(TAG_END)
    if (end === null) throw this.#fail('the end of a tag')
    const contentStart = this.#offset
    const isEmptyTag = end[1] === '/'
    const span = { name, attributes, start, contentStart, contentEnd: contentStart, isEmptyTag }
    this.#elements.push(span)
    if (!isEmptyTag) this.#open.push(span)
    if (this.#open.length > MAX_DEPTH) throw unsupportedXml(`XML deeper than ${MAX_DEPTH}`)
    if (this.#elements.length > MAX_ELEMENTS) {
      throw unsupportedXml(`XML of more than ${MAX_ELEMENTS} elements`)
    }
  }

  #readAttributes(): number {
    let count = 0
    for (;;) {
      const start = this.#offset
      const match = this.#match(ATTRIBUTE)
      if (match === null) return count
      const [, quoted = ''] = match
      this.#assertReferences(this.#offset - quoted.length, this.#offset)
      count += 1
      if (count <= MAX_ATTRIBUTES) continue
      this.#offset = start
      throw unsupportedXml(`XML with more than ${MAX_ATTRIBUTES} attributes in an element`)
    }
  }

  #readEndTag(): void {
    const span = this.#open.pop()
    const contentEnd = this.#offset
    const name = this.#match(END_TAG)?.[1]
    if (span === undefined || name !== span.name) throw this.#fail('the end tag of the element')
    span.contentEnd = contentEnd
  }

  #skipText(): void {
    const start = this.#offset
    const next = this.#text.indexOf('<', start)
    if (next < 0) throw this.#fail('an end tag')
    const cdataEnd = this.#text.slice(start, next).indexOf(']]>')
    if (cdataEnd >= 0) throw malformedXml(start + cdataEnd, 'no ]]> in text')
    this.#assertReferences(start, next)
    this.#offset = next
  }

  #assertReferences(start: number, end: number): void {
    while (this.#ampersand < end) {
      const at = this.#ampersand
      if (at >= start) this.#assertReference(at)
      const next = this.#text.indexOf('&', at + 1)
      this.#ampersand = next < 0 ? Infinity : next
    }
  }

  #assertReference(at: number): void {
    REFERENCE.lastIndex = at
    const match = REFERENCE.exec(this.#text)
    if (match === null || !isCharacter(match)) {
      throw malformedXml(at, 'a character reference or one of the five entities')
    }
  }

  #skipComment(): void {
    const start = this.#offset
    this.#skipTo('--', '<!--'.length)
    if (!this.#isAt('>')) throw malformedXml(start, 'a comment without --')
    this.#offset += 1
  }

  #skipInstruction(): void {
    const target = this.#match(INSTRUCTION)?.[1]
    if (target === undefined || /^xml$/i.test(target)) {
      throw this.#fail('a processing instruction')
    }
  }

  #skipTo(end: string, after: number): void {
    const found = this.#text.indexOf(end, this.#offset + after)
    if (found < 0) throw this.#fail(end)
    this.#offset = found + end.length
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#offset
    const match = pattern.exec(this.#text)
    if (match !== null) this.#offset = pattern.lastIndex
    return match
  }

  #isAt(word: string): boolean {
    return this.#text.startsWith(word, this.#offset)
  }

  #fail(expected: string): Error {
    return malformedXml(this.#offset, expected)
  }
}

/** XML 1.0 §2.2, also for a character that is written by its number. */
function isCharacter([, decimal, hexadecimal]: RegExpExecArray): boolean {
  if (decimal === undefined && hexadecimal === undefined) return true
  const code = decimal === undefined ? parseInt(hexadecimal ?? '', 16) : Number(decimal)
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd
  const isSurrogate = code >= 0xd800 && code <= 0xdfff
  return code <= 0x10ffff && !isSurrogate && code !== 0xfffe && code !== 0xffff
}
