/**
 * A text signed in the page of `startPortal`, and what OpenSSL says of it.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openssl } from './referees/openssl.ts'

const TEXT = 'Kính gửi'
const SIGN = `(async () => {
  const [certificate] = await bridge.listCertificates({ usable: true })
  const signed = await Trien.signCms(new TextEncoder().encode('${TEXT}'), {
    signer: bridge.signer(certificate),
    detached: false,
    document: { name: 'đơn.txt', mediaType: 'text/plain' },
  })
  return btoa(String.fromCharCode(...signed))
})()`

/**
 * Signs and judges.
 * @param evaluate runs an expression in the page and resolves with its value
 * @param caFile who vouches for the signer, PEM
 */
export async function signText(
  evaluate: (expression: string) => Promise<unknown>,
  caFile: string,
): Promise<unknown> {
  const signedBase64 = String(await evaluate(SIGN))
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-text-'))
  try {
    const [signature, data] = [path.join(folder, 'signed.p7m'), path.join(folder, 'data')]
    writeFileSync(signature, Buffer.from(signedBase64, 'base64'))
    writeFileSync(data, TEXT)
    const [judgement] = await openssl.judge([{ kind: 'attached', signature, data }], caFile)
    return judgement
  } finally {
    rmSync(folder, { recursive: true })
  }
}
