/**
 * Base64 as XML has it (RFC 4648 §4, XML Schema 2 §3.2.16).
 * @module
 */
import { type Bytes, encodeBase64url, parseBase64url } from '../bytes.ts'

/** Writes bytes with padding and without a line break. */
export function encodeBase64(bytes: Uint8Array): string {
  const text = encodeBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return text + '='.repeat((4 - (text.length % 4)) % 4)
}

/** Reads bytes, white space ignored; undefined where the text is anything else. */
export function parseBase64(text: string): Bytes | undefined {
  const match = /^([A-Za-z0-9+/]*)={0,2}$/.exec(text.replace(/[ \t\r\n]+/g, ''))
  return match === null
    ? undefined
    : parseBase64url((match[1] ?? '').replaceAll('+', '-').replaceAll('/', '_'))
}
