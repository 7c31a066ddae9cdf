/**
 * Opens a document, encrypted or not; what decrypts is loaded where it is needed.
 * @module
 */
import { load } from '../load.ts'
import { openPdf, type PdfDocument } from '../pdf/document.ts'
import type { DocumentInput } from '../types.ts'

/**
 * Opens a document.
 * @param password the user's or the owner's, where the document is encrypted and the empty one does not open it
 * @throws {FormatError} FORMAT_PASSWORD {reason: 'missing' | 'wrong'}, FORMAT_MALFORMED, FORMAT_UNSUPPORTED
 * @throws {UsageError} USAGE_NOT_LOADED
 */
export function openDocument(
  pdf: DocumentInput,
  password: string | undefined,
): Promise<PdfDocument> {
  return openPdf(pdf, async (trailer, resolve) => {
    const { unlock } = await load(import('../pdf-encryption/unlock.ts'))
    return unlock(trailer, resolve, password)
  })
}
