/**
 * What the reader and the writer ask of an encrypted document's cipher (ISO 32000-2 §7.6). Here is no cryptography:
 * whoever opens a document brings the cipher, or the document is refused.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import type { Budget } from './budget.ts'
import type { PdfDict, PdfRef, PdfStream, PdfValue, Resolve } from './objects.ts'

/** Knows the key of a document that was unlocked. */
export interface ObjectCipher {
  /** The object with every string decrypted; a signature's /Contents never was encrypted. */
  decrypt(value: PdfValue, owner: PdfRef, budget: Budget): Promise<PdfValue>
  /**
   * A stream's data as its filters want it.
   * @param filterName the crypt filter that the stream names; undefined where it names none
   */
  decryptData(data: Bytes, stream: PdfStream, filterName: string | undefined): Promise<Bytes>
  /** The object as it is to be written: strings and the data of a new stream encrypted, raw bytes as they are. */
  encrypt(value: PdfValue, owner: PdfRef): Promise<PdfValue>
  /**
   * Refuses what the author's permissions (/P) do not let a user without the owner's password do.
   * @throws {FormatError} FORMAT_NOT_ALLOWED
   */
  assertMaySign(field: 'existing' | 'new'): void
}

/**
 * Makes the cipher of a document from its newest trailer.
 * @throws {FormatError} FORMAT_PASSWORD, FORMAT_UNSUPPORTED, FORMAT_MALFORMED
 */
export type Unlock = (trailer: PdfDict, resolve: Resolve) => Promise<ObjectCipher>
