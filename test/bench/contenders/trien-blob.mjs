// Trien, the document left where it is: a Blob in, a Blob out. What is signed starts with the document, so the system copies
// the file, which it can without showing it to anybody, and what was appended is written behind it.
import { openAsBlob } from 'node:fs'
import { appendFile, copyFile } from 'node:fs/promises'
import { signPdf } from '@trien/sdk/pades'
import { softwareSigner } from '@trien/sdk/webcrypto'

/** @param {{ privateKey: CryptoKey, certificate: Uint8Array }} identity */
export async function load({ privateKey, certificate }) {
  const signer = softwareSigner({ privateKey, certificate, chain: [] })
  return async (/** @type {string} */ input, /** @type {string} */ output) => {
    const pdf = await openAsBlob(input)
    const signed = await signPdf(pdf, { signer, reason: 'Bench' })
    await copyFile(input, output)
    await appendFile(output, new Uint8Array(await signed.slice(pdf.size).arrayBuffer()))
  }
}
