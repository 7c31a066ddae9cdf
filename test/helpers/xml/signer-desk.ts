/**
 * Signers of each key and algorithm under one authority made afresh.
 * @module
 */
import { createPrivateKey } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { getAlgorithm, webCryptoParameters } from '@trien/sdk/algorithms'
import type { AlgorithmName, Signer } from '@trien/sdk/types'
import { softwareSigner } from '@trien/sdk/webcrypto'
import { type IssuedKey, type KeyKind, type TestAuthority, createTestAuthority } from '../pki.ts'

export interface SignerDesk {
  readonly authority: TestAuthority
  /** PEM. */
  readonly caFile: string
  /** @param kind default RSA-2048 @param algorithm default RS256 */
  signer(kind?: KeyKind, algorithm?: AlgorithmName): Promise<Signer>
}

/** @param folder is made; whoever asks for it removes it */
export function createSignerDesk(folder: string): SignerDesk {
  mkdirSync(folder, { recursive: true })
  const authority = createTestAuthority(folder)
  const keys = new Map<KeyKind, IssuedKey>()
  return {
    authority,
    caFile: authority.certificateFile,
    async signer(kind = 'RSA-2048', algorithm = 'RS256') {
      const key = keys.get(kind) ?? authority.issue(kind, kind)
      keys.set(kind, key)
      const pkcs8 = createPrivateKey(readFileSync(key.keyFile)).export({
        type: 'pkcs8',
        format: 'der',
      })
      const parameters = webCryptoParameters(getAlgorithm(algorithm))
      const privateKey = await crypto.subtle.importKey(
        'pkcs8',
        new Uint8Array(pkcs8),
        parameters,
        false,
        ['sign'],
      )
      return softwareSigner({
        privateKey,
        certificate: key.certificate,
        chain: [authority.certificate],
      })
    },
  }
}
