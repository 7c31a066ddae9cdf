/**
 * Hashes that are fed part by part, for pages: WebCrypto has none. hash-wasm is several times as fast as a script, but
 * needs `wasm-unsafe-eval` of the portal's Content-Security-Policy; @noble/hashes needs nothing. Each loads only where
 * it is used.
 * @module
 */
import { load } from './load.ts'
import type { DigestName } from './types.ts'

/** A hash that is fed part by part. */
export interface RunningHash {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

/**
 * Starts a hash.
 * @throws {UsageError} USAGE_NOT_LOADED
 */
export async function openScriptHash(name: DigestName): Promise<RunningHash> {
  const { createSHA256, createSHA384, createSHA512 } = await load(import('./compiled-hash.ts'))
  const create = { 'SHA-256': createSHA256, 'SHA-384': createSHA384, 'SHA-512': createSHA512 }[name]
  try {
    const hash = await create()
    return { update: (bytes) => hash.update(bytes), digest: () => hash.digest('binary') }
  } catch {
    // The policy forbids it: the browser says so, once, on the console and to `report-to`.
    return openPlainHash(name)
  }
}

async function openPlainHash(name: DigestName): Promise<RunningHash> {
  const { sha256, sha384, sha512 } = await load(import('@noble/hashes/sha2.js'))
  return { 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 }[name].create()
}
