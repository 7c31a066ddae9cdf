/**
 * Opens an encrypted document by the standard security handler, R2 to R6. A password that is asked for is never part of
 * an error.
 * @module
 */
import { FormatError } from '../errors.ts'
import type { ObjectCipher } from '../pdf/cipher.ts'
import { malformed, unsupported } from '../pdf/malformed.ts'
import { asKind, type PdfDict, type Resolve } from '../pdf/objects.ts'
import { createCipher } from './cipher.ts'
import { findLegacyKey } from './legacy-key.ts'
import { arePermissionsTrue, findModernKey } from './modern-key.ts'
import { encodeLegacy, encodeModern } from './password.ts'
import { readSettings, type EncryptionSettings, type FoundKey } from './settings.ts'

/**
 * Makes the cipher of a document.
 * @param trailer of the newest section
 * @param password the user's or the owner's; where undefined, the empty one
 * @throws {FormatError} FORMAT_PASSWORD {reason: 'missing' | 'wrong'}; FORMAT_UNSUPPORTED for other handlers and
 *   algorithms; FORMAT_MALFORMED
 */
export async function unlock(
  trailer: PdfDict,
  resolve: Resolve,
  password: string | undefined,
): Promise<ObjectCipher> {
  const entry = trailer.entries.get('Encrypt') ?? null
  // An older trailer has one: readers would not agree on what is encrypted.
  if (entry === null) throw unsupported('encryption of a part of the revisions')
  const encryption = asKind(await resolve(entry), 'dict')
  if (encryption === undefined) throw malformed('encryption', 0, '/Encrypt as a dictionary')
  // A MAC over the whole file (ISO/TS 32004) would have to be made anew.
  if (trailer.entries.has('AuthCode')) throw unsupported('encryption with a MAC (ISO/TS 32004)')
  const settings = await readSettings(encryption, resolve)
  const ids = asKind(await resolve(trailer.entries.get('ID')), 'array')
  const documentId = asKind(await resolve(ids?.items[0]), 'string')?.bytes ?? new Uint8Array(0)
  const found = await tryPasswords(settings, documentId, password ?? '')
  if (found === undefined) {
    const reason = password === undefined || password === '' ? 'missing' : 'wrong'
    throw new FormatError('FORMAT_PASSWORD', { details: { reason } })
  }
  if (settings.revision === 6 && !(await arePermissionsTrue(found.key, settings))) {
    throw malformed('encryption', 0, '/Perms that says what /P says')
  }
  return createCipher(settings, found)
}

/** A password that was given for a document that needs none does no harm: the empty one is tried after it. */
async function tryPasswords(
  settings: EncryptionSettings,
  documentId: Uint8Array,
  password: string,
): Promise<FoundKey | undefined> {
  const encode = settings.revision >= 5 ? encodeModern : encodeLegacy
  for (const spelling of [...encode(password), ...(password === '' ? [] : encode(''))]) {
    const found =
      settings.revision >= 5
        ? await findModernKey(settings, spelling)
        : findLegacyKey(settings, documentId, spelling)
    if (found !== undefined) return found
  }
  return undefined
}
