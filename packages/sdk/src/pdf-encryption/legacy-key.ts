/**
 * The file key of R2 to R4, out of MD5 and RC4 (ISO 32000-2 §7.6.4.3 and §7.6.4.4, Algorithms 2 and 4 to 7).
 * @module
 */
import { md5 } from '@noble/hashes/legacy.js'
import { concatBytes, equalBytes, type Bytes } from '../bytes.ts'
import { rc4 } from './rc4.ts'
import type { EncryptionSettings, FoundKey } from './settings.ts'

/** What fills a password up to 32 bytes. */
const PADDING = Uint8Array.of(
  ...[0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01],
  ...[0x08, 0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53],
  ...[0x69, 0x7a],
)

/**
 * Tries a password, as the owner's and then as the user's.
 * @param documentId first string of the trailer's /ID; empty where there is none
 */
export function findLegacyKey(
  settings: EncryptionSettings,
  documentId: Uint8Array,
  password: Uint8Array,
): FoundKey | undefined {
  // /Length is not always true: the standard's two lengths are tried as well.
  for (const keyBytes of new Set([settings.keyBytes, 16, 5])) {
    const asUser = (tried: Uint8Array): Bytes | undefined =>
      keyOfUser(settings, documentId, tried, keyBytes)
    const owned = asUser(userPasswordOf(settings, password, keyBytes))
    if (owned !== undefined) return { key: lengthen(owned, settings), isOwner: true }
    const key = asUser(password)
    if (key !== undefined) return { key: lengthen(key, settings), isOwner: false }
  }
  return undefined
}

/** Not in the standard, which knows no shorter key with V 4: Acrobat fills it up. */
function lengthen(key: Bytes, { revision }: EncryptionSettings): Bytes {
  return revision === 4 ? concatBytes(key, new Uint8Array(16 - key.length)) : key
}

function pad(password: Uint8Array): Bytes {
  return concatBytes(password, PADDING).slice(0, 32)
}

/** Algorithms 2 and 6. */
function keyOfUser(
  settings: EncryptionSettings,
  documentId: Uint8Array,
  password: Uint8Array,
  keyBytes: number,
): Bytes | undefined {
  const { revision, owner, user, permissions, encryptsMetadata } = settings
  const bits = new Uint8Array(4)
  new DataView(bits.buffer).setInt32(0, permissions, true)
  const mark = revision >= 4 && !encryptsMetadata ? Uint8Array.of(255, 255, 255, 255) : []
  const hash = md5(concatBytes(pad(password), owner, bits, documentId, Uint8Array.from(mark)))
  const key = strengthen(hash, revision, keyBytes)
  const length = revision === 2 ? 32 : 16
  const made = revision === 2 ? rc4(key, PADDING) : userEntry(key, documentId)
  return equalBytes(made, user.subarray(0, length)) ? key : undefined
}

/** Algorithm 5, of which 16 bytes count. */
function userEntry(key: Bytes, documentId: Uint8Array): Bytes {
  return rc4Rounds(key, md5(concatBytes(PADDING, documentId)), ROUNDS)
}

/** Algorithm 7: /O is the user's password, encrypted by the owner's. */
function userPasswordOf(
  { revision, owner }: EncryptionSettings,
  password: Uint8Array,
  keyBytes: number,
): Bytes {
  const key = strengthen(md5(pad(password)), revision, keyBytes)
  return revision === 2 ? rc4(key, owner) : rc4Rounds(key, owner, [...ROUNDS].reverse())
}

const ROUNDS = Array.from({ length: 20 }, (_, round) => round)

function rc4Rounds(key: Bytes, data: Uint8Array, rounds: readonly number[]): Bytes {
  let result = Uint8Array.from(data)
  for (const round of rounds) {
    result = rc4(
      key.map((byte) => byte ^ round),
      result,
    )
  }
  return result
}

function strengthen(hash: Uint8Array, revision: number, keyBytes: number): Bytes {
  let key = hash.slice(0, keyBytes)
  for (let round = 0; revision >= 3 && round < 50; round++) key = md5(key).slice(0, keyBytes)
  return key as Bytes
}
