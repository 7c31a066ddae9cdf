// Trien, the document left where it is: a Blob in, a Blob out, written slice by slice, the next one read meanwhile.
// (`signed.stream()` hands a file over by 64 kB, and takes half as long again.)
import { openAsBlob } from 'node:fs'
import { open } from 'node:fs/promises'
import { signPdf } from '@trien/sdk/pades'
import { softwareSigner } from '@trien/sdk/webcrypto'

const SLICE_BYTES = 4 << 20

/** @param {{ privateKey: CryptoKey, certificate: Uint8Array }} identity */
export async function load({ privateKey, certificate }) {
  const signer = softwareSigner({ privateKey, certificate, chain: [] })
  return async (/** @type {string} */ input, /** @type {string} */ output) => {
    const signed = await signPdf(await openAsBlob(input), { signer, reason: 'Bench' })
    const file = await open(output, 'w')
    const read = (/** @type {number} */ at) => signed.slice(at, at + SLICE_BYTES).arrayBuffer()
    let next = read(0)
    for (let at = 0; at < signed.size; at += SLICE_BYTES) {
      const slice = new Uint8Array(await next)
      next = read(at + SLICE_BYTES)
      await file.write(slice)
    }
    await file.close()
  }
}
