// @libpdf/core by its own signer interface; PAdES B-B, like ours.
import { readFileSync, writeFileSync } from 'node:fs'
import { importPeer } from '../peers.mjs'

/** @param {{ privateKey: CryptoKey, certificate: Uint8Array }} identity */
export async function load({ privateKey, certificate }) {
  const { CryptoKeySigner, PDF } = await importPeer('@libpdf/core')
  const signer = new CryptoKeySigner(privateKey, certificate, 'RSA', 'RSASSA-PKCS1-v1_5')
  return async (/** @type {string} */ input, /** @type {string} */ output) => {
    const pdf = await PDF.load(readFileSync(input))
    const { bytes } = await pdf.sign({ signer, reason: 'Bench', subFilter: 'ETSI.CAdES.detached' })
    writeFileSync(output, bytes)
  }
}
