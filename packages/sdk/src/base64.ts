/**
 * Base64 (RFC 4648 §4), as XML, JSON and PEM carry bytes.
 * @module
 */
import { type Bytes, encodeBase64url, parseBase64url } from './bytes.ts'

/** Writes bytes with padding and without a line break. */
export function encodeBase64(bytes: Uint8Array): string {
  const text = encodeBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return text + '='.repeat(-text.length & 3)
}

/** Reads base64 in its one spelling, with padding; undefined where it is anything else. */
export function parseBase64(text: string): Bytes | undefined {
  const [, digits] = /^([A-Za-z0-9+/]*)={0,2}$/.exec(text) ?? []
  if (digits === undefined || text.length % 4 !== 0) return undefined
  return parseBase64url(digits.replaceAll('+', '-').replaceAll('/', '_'))
}

/**
 * Reads base64 as XML Schema 2 §3.2.16 and RFC 7468 §2 have it: white space ignored, and here a padding that is left
 * out too; undefined where it is anything else.
 */
export function parseSpacedBase64(text: string): Bytes | undefined {
  const digits = text.replace(/[ \t\r\n]+/g, '').replace(/={1,2}$/, '')
  return parseBase64(digits + '='.repeat(-digits.length & 3))
}
