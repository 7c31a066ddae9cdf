/**
 * ECDSA values as tokens give them, brought to one form.
 * @module
 */
import type { Bytes } from '@trien/sdk/types'
import type { CurveName } from '@trien/sdk/algorithms'
import { concatBytes } from '@trien/sdk/bytes'
import { DerError, TAG, getChildren, getContent, parseDer } from '../der/reader.ts'

const COORDINATE_BYTES: Readonly<Record<CurveName, number>> = {
  'P-256': 32,
  'P-384': 48,
  'P-521': 66,
}

/**
 * Brings an ECDSA value to r‖s at fixed width. PKCS#11 2.40 §2.3.1 asks for that form, yet drivers exist that answer
 * with the DER of X9.62.
 * @returns undefined where the value is neither
 */
export function normalizeEcdsa(value: Uint8Array, curve: CurveName): Bytes | undefined {
  const width = COORDINATE_BYTES[curve]
  // DER of this very length would need r and s that are shorter than wide by several bytes at once.
  if (value.length === 2 * width) return new Uint8Array(value)
  return readDerValue(value, width)
}

/** ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } (RFC 3279 §2.2.3). */
function readDerValue(value: Uint8Array, width: number): Bytes | undefined {
  try {
    const [r, s, ...rest] = getChildren(parseDer(value, TAG.sequence), TAG.sequence)
    if (rest.length > 0) return undefined
    return concatBytes(
      fixedWidth(getContent(r, TAG.integer), width),
      fixedWidth(getContent(s, TAG.integer), width),
    )
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

function fixedWidth(integer: Uint8Array, width: number): Bytes {
  const start = integer.findIndex((octet) => octet !== 0)
  const digits = start === -1 ? new Uint8Array() : integer.subarray(start)
  if (digits.length > width) throw new DerError('integer wider than the curve')
  return concatBytes(new Uint8Array(width - digits.length), digits)
}
