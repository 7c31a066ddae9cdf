/**
 * AES in CBC mode by WebCrypto, which always pads (PKCS#7): where PDF does not, the padding is taken off, or put on.
 * @module
 */
import { concatBytes, type Bytes } from '../bytes.ts'
import { UsageError } from '../errors.ts'
import { malformed } from '../pdf/malformed.ts'

/** Bytes of a block, and of an initialisation vector. */
export const BLOCK_BYTES = 16
const ZERO_VECTOR = new Uint8Array(BLOCK_BYTES)
/** A block of nothing but padding. */
const PADDING = new Uint8Array(BLOCK_BYTES).fill(BLOCK_BYTES)

/** A key that AES-CBC takes: 16 or 32 bytes. */
export type AesKey = CryptoKey

/** @throws {UsageError} USAGE_INSECURE_CONTEXT where the page has no WebCrypto */
export function importAesKey(key: Bytes): Promise<AesKey> {
  // Typed as always there, but a page that is not a secure context has none.
  const subtle = crypto.subtle as SubtleCrypto | undefined
  if (subtle === undefined) throw new UsageError('USAGE_INSECURE_CONTEXT')
  return subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt', 'decrypt'])
}

/** Encrypts as strings and streams are: a fresh vector, then the padded blocks (ISO 32000-2 §7.6.3.1). */
export async function encryptPadded(key: AesKey, data: Bytes): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(BLOCK_BYTES))
  const blocks = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, data)
  return concatBytes(iv, new Uint8Array(blocks))
}

/**
 * Decrypts strings and streams. Nothing, or a vector alone, is met where an empty string should be.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export async function decryptPadded(key: AesKey, data: Bytes, offset: number): Promise<Bytes> {
  if (data.length === 0 || data.length === BLOCK_BYTES) return new Uint8Array(0)
  const iv = data.slice(0, BLOCK_BYTES)
  try {
    const algorithm = { name: 'AES-CBC', iv }
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, data.subarray(BLOCK_BYTES)))
  } catch {
    // The platform's reason says no more than that it could not, and nothing of the key may get out.
    throw malformed('encryption', offset, 'whole blocks of AES with their padding')
  }
}

/** Encrypts whole blocks without padding. */
export async function encryptBlocks(key: AesKey, iv: Bytes, data: Bytes): Promise<Bytes> {
  const padded = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, data)
  return new Uint8Array(padded, 0, data.length)
}

/** Decrypts whole blocks that have no padding, by a vector of zeros. */
export async function decryptBlocks(key: AesKey, data: Bytes): Promise<Bytes> {
  // A block that decrypts to padding: what comes before stays as it is.
  const last = data.slice(-BLOCK_BYTES)
  const padding = await encryptBlocks(key, last, PADDING)
  const algorithm = { name: 'AES-CBC', iv: ZERO_VECTOR }
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, concatBytes(data, padding)))
}
