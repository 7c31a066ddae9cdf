/**
 * DER in the clothes of text.
 * @module
 */
import { parseSpacedBase64 } from '../base64.ts'
import type { Bytes } from '../bytes.ts'
import { FormatError } from '../errors.ts'

const HYPHEN = 0x2d

/**
 * Takes DER out of PEM (RFC 7468), which some authorities serve; what is none is given back as it is.
 * @param what a word for the error's details
 * @returns of PEM a fresh array
 * @throws {FormatError} FORMAT_MALFORMED where it begins as PEM and is not
 */
export function unwrapPem(bytes: Uint8Array, what: string): Uint8Array {
  if (bytes[0] !== HYPHEN) return bytes
  const [first] = listPem(bytes)
  if (first !== undefined) return first
  throw new FormatError('FORMAT_MALFORMED', { details: { what, offset: 0, expected: 'PEM' } })
}

/** Takes all DER out of PEM. @returns empty where there is none */
export function listPem(bytes: Uint8Array): readonly Bytes[] {
  const blocks = new TextDecoder('latin1').decode(bytes).split('-----BEGIN ').slice(1)
  return blocks.flatMap((block) => {
    const [, base64 = ''] = block.split('-----', 2)
    const der = parseSpacedBase64(base64)
    return der === undefined || der.length === 0 ? [] : [der]
  })
}
