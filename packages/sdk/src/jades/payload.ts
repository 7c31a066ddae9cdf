/**
 * The payload as it is signed, and as it stands in the signature.
 * @module
 */
import { encodeBase64url, parseBase64url, type Bytes, encodeUtf8 } from '../bytes.ts'
import { wrongArgument } from '../errors.ts'
import type { JwsForm } from './jws.ts'
import { malformedJws } from './malformed.ts'

/**
 * Writes the payload.
 * @param form undefined where it does not stand in the signature and so may be anything
 * @returns text whose UTF-8 is what is signed behind the dot
 * @throws {UsageError} USAGE_ARGUMENT {argument: b64} where content cannot stand as it is in such a form
 * @see RFC 7515 §5.1, RFC 7797 §5
 */
export function encodePayload(content: Uint8Array, isRaw: boolean, form: JwsForm): string {
  if (!isRaw) return encodeBase64url(content)
  const text = decodeText(content)
  if (text === undefined) throw wrongArgument('b64', 'true for a payload that is not UTF-8')
  // RFC 7797 §5.2: what could be taken for the next part, or be changed on its way in a URL.
  if (form === 'compact' && !/^[\x20-\x2d\x2f-\x7e]*$/.test(text)) {
    throw wrongArgument('form', 'flattened or general for a payload that is not ASCII without dots')
  }
  return text
}

/**
 * Reads what was signed.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parsePayload(payload: string, isRaw: boolean): Bytes {
  const content = isRaw ? encodeUtf8(payload) : parseBase64url(payload)
  if (content === undefined) throw malformedJws('a payload in base64url')
  return content
}

function decodeText(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    return undefined
  }
}
