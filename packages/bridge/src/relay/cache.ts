/**
 * Answers that are kept as long as they say that they are valid.
 * @module
 */
import { createHash } from 'node:crypto'
import { encodeHex } from '@trien/sdk/bytes'
import type { Bytes } from '@trien/sdk/types'

/** An answer that is kept. */
export interface Kept {
  readonly bytes: Bytes
  readonly sha256: Bytes
  /** Milliseconds since 1970. */
  readonly fetchedMs: number
}

/** All answers of a bridge. */
export interface Cache {
  /** One that is still valid. @param maxAgeMs how long ago it may have been fetched */
  find(key: string, maxAgeMs: number): Kept | undefined
  /** One that is kept for whatever reason. */
  findByDigest(sha256: Uint8Array): Kept | undefined
  /** @param validUntilMs milliseconds since 1970; undefined where it may be read further but not answer anew */
  keep(key: string, bytes: Bytes, validUntilMs: number | undefined): Kept
}

const MAX_BYTES = 48_000_000
const MAX_ENTRIES = 512
/** However long its issuer calls it valid, what was revoked since should come to light. */
const MAX_VALID_MS = 24 * 60 * 60 * 1000

/** @param now milliseconds since 1970 */
export function createCache(now: () => number = () => Date.now()): Cache {
  const entries = new Map<string, Kept & { readonly validUntilMs: number }>()
  let size = 0

  function remove(key: string): void {
    size -= entries.get(key)?.bytes.length ?? 0
    entries.delete(key)
  }

  return {
    find(key, maxAgeMs) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      const isValid = now() < entry.validUntilMs && now() - entry.fetchedMs <= maxAgeMs
      return isValid ? entry : undefined
    },
    findByDigest(sha256) {
      const wanted = encodeHex(sha256)
      return [...entries.values()].find((entry) => encodeHex(entry.sha256) === wanted)
    },
    keep(key, bytes, validUntilMs = 0) {
      remove(key)
      const fetchedMs = now()
      const entry = {
        bytes,
        sha256: new Uint8Array(createHash('sha256').update(bytes).digest()),
        fetchedMs,
        validUntilMs: Math.min(validUntilMs, fetchedMs + MAX_VALID_MS),
      }
      entries.set(key, entry)
      size += bytes.length
      for (const oldest of entries.keys()) {
        if (size <= MAX_BYTES && entries.size <= MAX_ENTRIES) break
        remove(oldest)
      }
      return entry
    },
  }
}
