/**
 * Characters of ISO 32000-2 §7.2: white space, delimiters, comments, and the tokens made of them. Works on a window of
 * the file; where the window ends before the token does, `CutOff` asks for a wider one.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { malformed } from './malformed.ts'

/** The window ended inside a token; never leaves `pdf/`. */
export class CutOff extends Error {
  /** As many bytes as the window must have at the least. */
  readonly wantedBytes: number

  constructor(wantedBytes: number) {
    super()
    this.wantedBytes = wantedBytes
  }
}

/** Byte values by what they mean. */
export const CHAR = {
  tab: 0x09,
  lf: 0x0a,
  cr: 0x0d,
  space: 0x20,
  hash: 0x23,
  percent: 0x25,
  open: 0x28,
  close: 0x29,
  plus: 0x2b,
  minus: 0x2d,
  dot: 0x2e,
  slash: 0x2f,
  zero: 0x30,
  nine: 0x39,
  less: 0x3c,
  greater: 0x3e,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
} as const

const REGULAR = 0
const SPACE = 1
const DELIMITER = 2
const CLASSES = new Uint8Array(256)
for (const byte of [0, 9, 10, 12, 13, 32]) CLASSES[byte] = SPACE
for (const character of '()<>[]{}/%') CLASSES[character.charCodeAt(0)] = DELIMITER

/** Escapes of literal strings, Table 3. */
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 }

/** The longest run of regular characters that means anything; longer ones are not a PDF's. */
const MAX_WORD_BYTES = 1024

/** Tells whether a byte is a decimal digit. */
export function isDigit(byte: number): boolean {
  return byte >= CHAR.zero && byte <= CHAR.nine
}

/** Values of hexadecimal digits by byte; -1 for any other byte. A table, for /Contents is long. */
const HEX_DIGITS = new Int8Array(256).fill(-1)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  HEX_DIGITS[digit.charCodeAt(0)] = value
  HEX_DIGITS[digit.toUpperCase().charCodeAt(0)] = value
}

function hexDigit(byte: number): number {
  return HEX_DIGITS[byte] ?? -1
}

/** Reads tokens one after another. */
export class Lexer {
  readonly bytes: Uint8Array
  /** Index of the next byte in the window. */
  position = 0
  /** Offset of the window in the file. */
  readonly base: number
  /** How many values were parsed from it so far. */
  values = 0
  readonly #isWhole: boolean

  constructor(bytes: Uint8Array, base = 0, isWhole = true) {
    this.bytes = bytes
    this.base = base
    this.#isWhole = isWhole
  }

  /** Offset of the next byte in the file. */
  get offset(): number {
    return this.base + this.position
  }

  /** The next byte, or a later one; -1 at the end of the file. */
  peek(ahead = 0): number {
    const at = this.position + ahead
    const byte = this.bytes[at]
    if (byte !== undefined) return byte
    if (!this.#isWhole) throw new CutOff(at + 1)
    return -1
  }

  /** Passes over white space and comments. */
  skipSpace(): void {
    const { bytes } = this
    for (;;) {
      while (CLASSES[bytes[this.position] ?? CHAR.percent] === SPACE) this.position++
      if (this.peek() !== CHAR.percent) return
      this.#skipComment()
    }
  }

  #skipComment(): void {
    for (let byte = this.peek(); byte !== CHAR.cr && byte !== CHAR.lf && byte !== -1;) {
      this.position++
      byte = this.peek()
    }
  }

  /** Takes a run of regular characters as text, one character a byte; empty where there is none. */
  takeWord(): string {
    const start = this.position
    for (let byte = this.peek(); byte !== -1 && CLASSES[byte] === REGULAR; byte = this.peek()) {
      if (++this.position - start > MAX_WORD_BYTES) {
        throw malformed('token', this.base + start, 'a shorter token')
      }
    }
    let word = ''
    for (let at = start; at < this.position; at++) {
      word += String.fromCharCode(this.bytes[at] as number)
    }
    return word
  }

  /** Takes the word if it is the one expected; else stays. */
  takeKeyword(keyword: string): boolean {
    const start = this.position
    this.skipSpace()
    let length = 0
    while (length < keyword.length && this.peek(length) === keyword.charCodeAt(length)) length++
    const next = this.peek(length)
    if (length === keyword.length && (next === -1 || CLASSES[next] !== REGULAR)) {
      this.position += length
      return true
    }
    this.position = start
    return false
  }

  /** Takes an unsigned integer after white space; undefined, and stays, where there is none. */
  takeUnsigned(): number | undefined {
    const start = this.position
    this.skipSpace()
    // Not by `peek`, which code that is not yet compiled calls dearly: page trees and object streams are full of numbers.
    const { bytes } = this
    const from = this.position
    let at = from
    let value = 0
    for (; isDigit(bytes[at] ?? -1); at++) value = value * 10 + (bytes[at] as number) - CHAR.zero
    this.position = at
    const next = this.peek()
    const isEnded = next === -1 || CLASSES[next] !== REGULAR
    if (at > from && isEnded && Number.isSafeInteger(value)) return value
    this.position = start
    return undefined
  }

  /** Takes a name; the next byte is its slash. A `#` that is not followed by two digits stands for itself. */
  takeName(): string {
    this.position++
    const word = this.takeWord()
    if (!word.includes('#')) return word
    let text = ''
    for (let index = 0; index < word.length; index++) {
      const high = hexDigit(word.charCodeAt(index + 1))
      const low = hexDigit(word.charCodeAt(index + 2))
      if (word[index] === '#' && high >= 0 && low >= 0) {
        text += String.fromCharCode(high * 16 + low)
        index += 2
      } else text += word.charAt(index)
    }
    return text
  }

  /** Takes a hexadecimal string; the next byte is its `<`. An odd last digit is followed by 0 (§7.3.4.3). */
  takeHexString(): Bytes {
    const start = this.offset
    const from = ++this.position
    const at = this.bytes.indexOf(CHAR.greater, from)
    if (at === -1) {
      this.position = this.bytes.length
      this.peek()
      throw malformed('string', start, '>')
    }
    this.position = at + 1
    const digits = this.bytes.subarray(from, at)
    return parseHexDigits(digits) ?? parseSpacedDigits(digits, start)
  }

  /** Takes a literal string; the next byte is its `(`. */
  takeLiteralString(): Bytes {
    const start = this.offset
    const from = this.position + 1
    for (let depth = 0; ;) {
      const byte = this.peek()
      if (byte === -1) throw malformed('string', start, ')')
      this.position++
      if (byte === CHAR.backslash) this.position++
      else if (byte === CHAR.open) depth++
      else if (byte === CHAR.close && --depth === 0) break
    }
    return unescapeLiteral(this.bytes.subarray(from, this.position - 1))
  }
}

/** As writers write them, without a space and in pairs; undefined where they are not: /Contents has tens of thousands. */
function parseHexDigits(digits: Uint8Array): Bytes | undefined {
  const bytes = new Uint8Array(digits.length >> 1)
  let wrong = digits.length & 1
  for (let index = 0; index < bytes.length; index++) {
    const high = HEX_DIGITS[digits[index * 2] as number] as number
    const low = HEX_DIGITS[digits[index * 2 + 1] as number] as number
    wrong |= (high | low) >>> 31
    bytes[index] = (high << 4) | low
  }
  return wrong === 0 ? bytes : undefined
}

function parseSpacedDigits(digits: Uint8Array, offset: number): Bytes {
  const values = [...digits].filter((byte) => CLASSES[byte] !== SPACE).map(hexDigit)
  if (values.includes(-1)) throw malformed('string', offset, 'hexadecimal digits')
  return Uint8Array.from({ length: (values.length + 1) >> 1 }, (_, index) => {
    return ((values[index * 2] as number) << 4) | (values[index * 2 + 1] ?? 0)
  })
}

function unescapeLiteral(raw: Uint8Array): Bytes {
  const bytes = new Uint8Array(raw.length)
  let length = 0
  for (let index = 0; index < raw.length; index++) {
    const byte = raw[index] as number
    if (byte === CHAR.backslash) {
      const escaped = unescapeAt(raw, index + 1)
      if (escaped.byte !== undefined) bytes[length++] = escaped.byte
      index = escaped.last
    } else if (byte === CHAR.cr) {
      // An end of line within a string is a line feed, however it was written.
      if (raw[index + 1] === CHAR.lf) index++
      bytes[length++] = CHAR.lf
    } else bytes[length++] = byte
  }
  return bytes.slice(0, length)
}

/** The byte that an escape stands for (none for a line continuation) and the index of its last character. */
function unescapeAt(raw: Uint8Array, at: number): { byte?: number; last: number } {
  const byte = raw[at]
  if (byte === undefined || byte === CHAR.lf) return { last: at }
  if (byte === CHAR.cr) return { last: raw[at + 1] === CHAR.lf ? at + 1 : at }
  let value = 0
  let last = at
  while (last < at + 3 && isOctal(raw[last]))
    value = value * 8 + (raw[last++] as number) - CHAR.zero
  if (last > at) return { byte: value & 0xff, last: last - 1 }
  return { byte: ESCAPES[String.fromCharCode(byte)] ?? byte, last: at }
}

function isOctal(byte: number | undefined): boolean {
  return byte !== undefined && byte >= CHAR.zero && byte < CHAR.zero + 8
}
