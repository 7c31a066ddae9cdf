/**
 * RC4, which WebCrypto does not have. It protects nothing any more; files that were encrypted with it are still signed.
 * @module
 */
import type { Bytes } from '../bytes.ts'

/**
 * Encrypts or decrypts, which is the same.
 * @param key 5 to 16 bytes
 * @returns a fresh array
 */
export function rc4(key: Uint8Array, data: Uint8Array): Bytes {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index)
  const swap = (left: number, right: number): void => {
    const kept = state[left] as number
    state[left] = state[right] as number
    state[right] = kept
  }
  for (let index = 0, other = 0; index < 256; index++) {
    other = (other + (state[index] as number) + (key[index % key.length] as number)) & 0xff
    swap(index, other)
  }
  const result = new Uint8Array(data.length)
  let [index, other] = [0, 0]
  for (let at = 0; at < data.length; at++) {
    index = (index + 1) & 0xff
    other = (other + (state[index] as number)) & 0xff
    swap(index, other)
    const sum = ((state[index] as number) + (state[other] as number)) & 0xff
    result[at] = (data[at] as number) ^ (state[sum] as number)
  }
  return result
}
