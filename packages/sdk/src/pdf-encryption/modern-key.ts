/**
 * The file key of R5 and R6, out of AES and SHA-2 (ISO 32000-2 §7.6.4.3.3 and §7.6.4.3.4, Algorithms 2.A and 2.B).
 * @module
 */
import { concatBytes, equalBytes, type Bytes } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { decryptBlocks, encryptBlocks, importAesKey } from './aes.ts'
import type { EncryptionSettings, FoundKey } from './settings.ts'

/**
 * Tries a password, as the owner's and then as the user's. Both entries are 32 bytes of hash, 8 that salt it, and 8
 * that salt what encrypts the key.
 */
export async function findModernKey(
  settings: EncryptionSettings,
  password: Bytes,
): Promise<FoundKey | undefined> {
  const { revision, owner, user, ownerKey, userKey } = settings
  const tries = [
    { entry: owner, wrapped: ownerKey, bound: user, isOwner: true },
    { entry: user, wrapped: userKey, bound: new Uint8Array(0), isOwner: false },
  ]
  for (const { entry, wrapped, bound, isOwner } of tries) {
    const hash = (salt: Bytes): Promise<Bytes> =>
      revision === 5
        ? digestBytes('SHA-256', concatBytes(password, salt, bound))
        : hashHard(password, salt, bound)
    if (!equalBytes(await hash(entry.slice(32, 40)), entry.subarray(0, 32))) continue
    const wrapping = await importAesKey(await hash(entry.slice(40, 48)))
    return { key: await decryptBlocks(wrapping, wrapped), isOwner }
  }
  return undefined
}

const DIGESTS = ['SHA-256', 'SHA-384', 'SHA-512'] as const

/** Algorithm 2.B: 64 rounds and more, as the last byte of each says. */
async function hashHard(password: Bytes, salt: Bytes, bound: Bytes): Promise<Bytes> {
  let hash = await digestBytes('SHA-256', concatBytes(password, salt, bound))
  let last = 0
  for (let round = 0; round < 64 || last > round - 32; round++) {
    const part = concatBytes(password, hash, bound)
    const data = new Uint8Array(part.length * 64)
    for (let at = 0; at < data.length; at += part.length) data.set(part, at)
    const key = await importAesKey(hash.slice(0, 16))
    const encrypted = await encryptBlocks(key, hash.slice(16, 32), data)
    // 256 leaves 1 when divided by 3: the remainder of a big number is that of its bytes' sum.
    const remainder = encrypted.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3
    hash = await digestBytes(DIGESTS[remainder as 0 | 1 | 2], encrypted)
    last = encrypted.at(-1) as number
  }
  return hash.slice(0, 32)
}

/** Whether /Perms, encrypted by the file key, says what /P and /EncryptMetadata say (Algorithm 13). */
export async function arePermissionsTrue(
  key: Bytes,
  { checkedPermissions, permissions, encryptsMetadata }: EncryptionSettings,
): Promise<boolean> {
  const said = await decryptBlocks(await importAesKey(key), checkedPermissions)
  const isMarked = said[9] === 0x61 && said[10] === 0x64 && said[11] === 0x62
  const isMetadataSame = said[8] === (encryptsMetadata ? 0x54 : 0x46)
  return isMarked && isMetadataSame && new DataView(said.buffer).getInt32(0, true) === permissions
}
