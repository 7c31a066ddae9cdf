// Trien, from file to file.
import { signPdfFile } from '@trien/sdk/node'
import { softwareSigner } from '@trien/sdk/webcrypto'

/** @param {{ privateKey: CryptoKey, certificate: Uint8Array }} identity */
export async function load({ privateKey, certificate }) {
  const signer = softwareSigner({ privateKey, certificate, chain: [] })
  return (/** @type {string} */ input, /** @type {string} */ output) =>
    signPdfFile(input, output, { signer, reason: 'Bench' })
}
