/**
 * Objects back into bytes (ISO 32000-2 §7.3), spelled as they were read.
 * @module
 */
import { encodeHex, encodeUtf8, type Bytes } from '../bytes.ts'
import { CHAR } from './lexer.ts'
import type { PdfDict, PdfNewStream, PdfRaw, PdfString, PdfValue } from './objects.ts'

/** Where a marked value came to lie: offsets in the file. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Collects bytes and knows the offset of the next one. */
export class PdfWriter {
  readonly marks = new Map<string, Span>()
  readonly #base: number
  readonly #parts: Uint8Array[] = []
  #length = 0

  /** @param base offset of the first byte in the file */
  constructor(base = 0) {
    this.#base = base
  }

  /** Offset of the next byte in the file. */
  get offset(): number {
    return this.#base + this.#length
  }

  /** Adds text of which each character is one byte, or bytes. */
  add(part: string | Uint8Array): void {
    const bytes = typeof part === 'string' ? encodeLatin1(part) : part
    this.#parts.push(bytes)
    this.#length += bytes.length
  }

  /** Everything so far, in a fresh array. */
  toBytes(): Bytes {
    // Part by part: as arguments of one call, the parts of a long array would overflow the stack.
    const bytes = new Uint8Array(this.#length)
    let offset = 0
    for (const part of this.#parts) {
      bytes.set(part, offset)
      offset += part.length
    }
    return bytes
  }

  /** Adds a value. */
  value(value: PdfValue): void {
    if (value === null || typeof value === 'boolean') return this.add(String(value))
    switch (value.kind) {
      case 'number':
        return this.add(value.spelling)
      case 'name':
        return this.add(encodeName(value.name))
      case 'string':
        return this.add(encodeString(value))
      case 'ref':
        return this.add(`${value.number} ${value.generation} R`)
      case 'array':
        return this.#array(value.items)
      case 'dict':
        return this.#dict(value)
      case 'raw':
        return this.#raw(value)
      case 'new-stream':
        return this.#stream(value)
      case 'stream':
        throw new TypeError('a stream of the file is never written again')
    }
  }

  #array(items: readonly PdfValue[]): void {
    this.add('[')
    items.forEach((item, index) => {
      if (index > 0) this.add(' ')
      this.value(item)
    })
    this.add(']')
  }

  #dict({ entries }: PdfDict): void {
    this.add('<<')
    for (const [key, value] of entries) {
      this.add(` ${encodeName(key)} `)
      this.value(value)
    }
    this.add(' >>')
  }

  #raw({ bytes, mark }: PdfRaw): void {
    const start = this.offset
    this.add(bytes)
    if (mark !== undefined) this.marks.set(mark, { start, end: this.offset })
  }

  #stream({ dict, data }: PdfNewStream): void {
    const length: PdfValue = { kind: 'number', value: data.length, spelling: String(data.length) }
    this.#dict({ kind: 'dict', entries: new Map([...dict.entries, ['Length', length]]) })
    this.add('\nstream\n')
    this.add(data)
    this.add('\nendstream')
  }
}

/** Writes one value by itself. */
export function encodeValue(value: PdfValue): Bytes {
  const writer = new PdfWriter()
  writer.value(value)
  return writer.toBytes()
}

function encodeLatin1(text: string): Bytes {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index)
  return bytes
}

/** Bytes outside of `!`–`~`, delimiters and `#` as `#xx` (§7.3.5). */
function encodeName(name: string): string {
  let text = '/'
  for (const character of name) {
    const byte = character.charCodeAt(0)
    const isPlain = byte > 0x20 && byte < 0x7f && !'()<>[]{}/%#'.includes(character)
    text += isPlain ? character : `#${encodeHex(Uint8Array.of(byte))}`
  }
  return text
}

function encodeString({ bytes, form }: PdfString): Uint8Array {
  if (form === 'hex') return encodeUtf8(`<${encodeHex(bytes)}>`)
  const text = new Uint8Array(2 + 2 * bytes.length)
  let length = 0
  text[length++] = CHAR.open
  for (const byte of bytes) {
    const isBareCr = byte === CHAR.cr
    if (isBareCr || byte === CHAR.open || byte === CHAR.close || byte === CHAR.backslash) {
      text[length++] = CHAR.backslash
    }
    // A bare CR would be read as a line feed.
    text[length++] = isBareCr ? 0x72 : byte
  }
  text[length++] = CHAR.close
  return text.subarray(0, length)
}
