// Trien, the whole document in memory.
import { readFileSync, writeFileSync } from 'node:fs'
import { signPdf } from '@trien/sdk/pades'
import { softwareSigner } from '@trien/sdk/webcrypto'

/** @param {{ privateKey: CryptoKey, certificate: Uint8Array }} identity */
export async function load({ privateKey, certificate }) {
  const signer = await softwareSigner({ privateKey, certificate, chain: [] })
  return async (/** @type {string} */ input, /** @type {string} */ output) => {
    const signed = await signPdf(readFileSync(input), { signer, reason: 'Bench' })
    writeFileSync(output, signed)
  }
}
