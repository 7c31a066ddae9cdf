/**
 * Base64 with padding (RFC 4648 §4), as certificates, revocation values and time stamps are written in JSON.
 * @module
 */
import { type Bytes, encodeBase64url, parseBase64url } from '../bytes.ts'

/** Writes bytes as base64. */
export function encodeBase64(bytes: Uint8Array): string {
  const text = encodeBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return text + '='.repeat(-text.length & 3)
}

/** Reads base64 in its one spelling, with padding; undefined where it is anything else. */
export function parseBase64(text: string): Bytes | undefined {
  const digits = text.replace(/={1,2}$/, '')
  if (text.length % 4 !== 0 || /[-_]/.test(digits)) return undefined
  return parseBase64url(digits.replaceAll('+', '-').replaceAll('/', '_'))
}
