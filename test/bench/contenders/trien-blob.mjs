// Trien, the document left where it is: a Blob in, a Blob out, written as it is read.
import { createWriteStream, openAsBlob } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { signPdf } from '@trien/sdk/pades'
import { softwareSigner } from '@trien/sdk/webcrypto'

/** @param {{ privateKey: CryptoKey, certificate: Uint8Array }} identity */
export async function load({ privateKey, certificate }) {
  const signer = await softwareSigner({ privateKey, certificate, chain: [] })
  return async (/** @type {string} */ input, /** @type {string} */ output) => {
    const signed = await signPdf(await openAsBlob(input), { signer, reason: 'Bench' })
    await pipeline(signed.stream(), createWriteStream(output))
  }
}
