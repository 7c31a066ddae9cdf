/**
 * Text strings and dates: PDFDocEncoding, UTF-16BE or UTF-8 by their byte order mark (ISO 32000-2 §7.9.2, Annex D.2).
 * @module
 */
import type { Bytes } from '../bytes.ts'
import type { PdfString } from './objects.ts'

/** PDFDocEncoding where it differs from Latin-1. */
const ACCENTS_FROM_18 = '˘ˇˆ˙˝˛˚˜'
const SIGNS_FROM_80 = '•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\ufffd€'

function decodeByte(byte: number): string {
  return (
    ACCENTS_FROM_18[byte - 0x18] ??
    (byte >= 0x80 ? SIGNS_FROM_80[byte - 0x80] : undefined) ??
    String.fromCharCode(byte)
  )
}

const BYTES = new Map(Array.from({ length: 256 }, (_, byte) => [decodeByte(byte), byte]))

/** Reads a text string. */
export function decodeTextString({ bytes }: PdfString): string {
  const [first, second, third] = bytes
  if (first === 0xfe && second === 0xff) return decodeUtf16(bytes.subarray(2), 0)
  // Little-endian is not in the standard; readers take it all the same.
  if (first === 0xff && second === 0xfe) return decodeUtf16(bytes.subarray(2), 1)
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder().decode(bytes)
  let text = ''
  for (const byte of bytes) text += decodeByte(byte)
  return text
}

function decodeUtf16(bytes: Uint8Array, high: 0 | 1): string {
  let text = ''
  for (let index = 0; index + 1 < bytes.length; index += 2) {
    const unit = ((bytes[index + high] as number) << 8) | (bytes[index + 1 - high] as number)
    text += String.fromCharCode(unit)
  }
  return text
}

/** Writes PDFDocEncoding; undefined where a character has no byte. */
export function encodePdfDoc(text: string): Bytes | undefined {
  const bytes = [...text].map((character) => BYTES.get(character))
  const isPlain = bytes.every((byte) => byte !== undefined && byte !== 0x9f)
  return isPlain ? Uint8Array.from(bytes as number[]) : undefined
}

/** Writes a text string: PDFDocEncoding where every character has a byte, else UTF-16BE with its mark. */
export function encodeTextString(text: string): PdfString {
  const plain = encodePdfDoc(text)
  // Bytes that look like a mark would be read as one.
  if (plain !== undefined && !/^(þÿ|ÿþ|ï»¿)/.test(text)) {
    return { kind: 'string', form: 'literal', bytes: plain }
  }
  const wide = new Uint8Array(2 + text.length * 2)
  wide.set([0xfe, 0xff])
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    wide.set([unit >> 8, unit & 0xff], 2 + index * 2)
  }
  return { kind: 'string', form: 'hex', bytes: wide }
}

/** Writes a date in UTC: `D:20261121183000+00'00'` (§7.9.4). */
export function encodeDate(date: Date): PdfString {
  const digits = date.toISOString().replace(/[-:T]|\..*$/g, '')
  const text = `D:${digits}+00'00'`
  return {
    kind: 'string',
    form: 'literal',
    bytes: Uint8Array.from(text, (character) => character.charCodeAt(0)),
  }
}
