/**
 * The cipher of an unlocked document: a key for each object out of the file's (ISO 32000-2 §7.6.3, Algorithms 1 and
 * 1.A).
 * @module
 */
import { md5 } from '@noble/hashes/legacy.js'
import { concatBytes, encodeUtf8, type Bytes } from '../bytes.ts'
import type { ObjectCipher } from '../pdf/cipher.ts'
import { asKind, nameOf, type PdfDict, type PdfRef } from '../pdf/objects.ts'
import { decryptPadded, encryptPadded, importAesKey, type AesKey } from './aes.ts'
import { assertMaySign } from './permissions.ts'
import { rc4 } from './rc4.ts'
import { findMethod, type EncryptionSettings, type FoundKey, type Method } from './settings.ts'
import { mapStrings } from './strings.ts'

/** WebCrypto answers each string through the event loop. */
const UNITS_A_STRING = 500

/** Makes the cipher. */
export function createCipher(settings: EncryptionSettings, found: FoundKey): ObjectCipher {
  const { encryptsMetadata } = settings
  const keys = new ObjectKeys(found.key)
  /** Metadata in the clear are for programs that cannot decrypt (Table 20, /EncryptMetadata). */
  const streamMethod = (dict: PdfDict, filterName: string | undefined): Method => {
    if (filterName !== undefined) return findMethod(settings.filters, filterName)
    const isPlain = !encryptsMetadata && nameOf(dict.entries.get('Type')) === 'Metadata'
    return isPlain ? 'none' : settings.streams
  }
  const decryptBytes = async (
    method: Method,
    owner: PdfRef,
    data: Bytes,
    at = 0,
  ): Promise<Bytes> =>
    method === 'none' || method === 'RC4'
      ? keys.applyStream(method, owner, data)
      : decryptPadded(await keys.block(method, owner), data, at)
  const encryptBytes = async (method: Method, owner: PdfRef, data: Bytes): Promise<Bytes> =>
    method === 'none' || method === 'RC4'
      ? keys.applyStream(method, owner, data)
      : encryptPadded(await keys.block(method, owner), data)

  return {
    decrypt: (value, owner, budget) =>
      mapStrings(value, async (string) => {
        budget.spend(UNITS_A_STRING)
        const bytes = await decryptBytes(settings.strings, owner, string.bytes as Bytes)
        return { ...string, bytes }
      }),
    decryptData: (data, { dict, ref, dataOffset }, filterName) =>
      decryptBytes(streamMethod(dict, filterName), ref, data, dataOffset),
    async encrypt(value, owner) {
      const changed = await mapStrings(value, async (string) => {
        const bytes = await encryptBytes(settings.strings, owner, string.bytes as Bytes)
        return { ...string, bytes }
      })
      const stream = asKind(changed, 'new-stream')
      if (stream === undefined) return changed
      const method = streamMethod(stream.dict, undefined)
      return { ...stream, data: await encryptBytes(method, owner, stream.data as Bytes) }
    },
    assertMaySign: (field) => assertMaySign(settings, found, field),
  }
}

class ObjectKeys {
  readonly #fileKey: Bytes
  #wholeFile: Promise<AesKey> | undefined

  constructor(fileKey: Bytes) {
    this.#fileKey = fileKey
  }

  applyStream(method: 'none' | 'RC4', owner: PdfRef, data: Bytes): Bytes {
    return method === 'none' ? data : rc4(this.#derive(owner, ''), data)
  }

  block(method: 'AESV2' | 'AESV3', owner: PdfRef): Promise<AesKey> {
    if (method === 'AESV2') return importAesKey(this.#derive(owner, 'sAlT'))
    this.#wholeFile ??= importAesKey(this.#fileKey)
    return this.#wholeFile
  }

  #derive({ number, generation }: PdfRef, salt: string): Bytes {
    const place = [number, number >> 8, number >> 16, generation, generation >> 8]
    const key = md5(concatBytes(this.#fileKey, Uint8Array.from(place), encodeUtf8(salt)))
    return key.slice(0, Math.min(this.#fileKey.length + 5, 16)) as Bytes
  }
}
