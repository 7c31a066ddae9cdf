// Signs a file without reading it into memory, in this process of its own: `node --expose-gc sign-huge.mjs INPUT KEY URL`. KEY is JSON
// of a PKCS #8 key and its certificate (base64), URL stamps. Prints {base, signed, stamped, filed, size, tail} as JSON: the peak of
// memory before anything is done, while signing, while stamping, and while signing from file to file (INPUT.signed.pdf), in
// bytes; the size of what is stamped; its end in base64.
import { openAsBlob, readFileSync, writeFileSync } from 'node:fs'
import { signPdfFile } from '@trien/sdk/node'
import { signPdf } from '@trien/sdk/pades'
import { timestampPdf } from '@trien/sdk/upgrade'
import { softwareSigner } from '@trien/sdk/webcrypto'

const [, , input = '', keyFile = '', url = ''] = process.argv
const key = JSON.parse(readFileSync(keyFile, 'utf8'))
const bytes = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text, 'base64'))
const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
const privateKey = await crypto.subtle.importKey('pkcs8', bytes(key.key), algorithm, false, [
  'sign',
])
const signer = softwareSigner({ privateKey, certificate: bytes(key.certificate), chain: [] })
const timestamp = async (/** @type {Uint8Array} */ request) => {
  const answer = await fetch(url, { method: 'POST', body: new Uint8Array(request) })
  return new Uint8Array(await answer.arrayBuffer())
}

/** What is measured is what signing holds, and not when the engine finds time for its garbage. */
const tidy = () => globalThis.gc?.()

/** Everything is loaded, and has run once. */
const small = await signPdf(new Blob([bytes(key.small)]), { signer })
await timestampPdf(small, { timestamp })

const base = await peakOf(() => Promise.resolve())
let result = await openAsBlob(input)
const signed = await peakOf(async () => {
  result = await signPdf(result, { signer, onProgress: tidy })
})
const stamped = await peakOf(async () => {
  result = await timestampPdf(result, { timestamp, onProgress: tidy })
})
const filed = await peakOf(() =>
  signPdfFile(input, `${input}.signed.pdf`, { signer, onProgress: tidy }),
)
const tail = Buffer.from(await result.slice(-200_000).arrayBuffer()).toString('base64')
console.log(JSON.stringify({ base, signed, stamped, filed, size: result.size, tail }))

/** The peak of this process while something is done, where the system can tell it apart (Linux). @param {() => Promise<void>} act */
async function peakOf(act) {
  writeFileSync('/proc/self/clear_refs', '5')
  await act()
  const status = readFileSync('/proc/self/status', 'utf8')
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024
}
