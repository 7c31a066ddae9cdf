/** A key in files as a signer of this process. */
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { getAlgorithm, webCryptoParameters } from '@trien/sdk/algorithms'
import type { AlgorithmName, Bytes, Signer } from '@trien/sdk/types'
import { softwareSigner } from '@trien/sdk/webcrypto'
import type { IssuedKey } from './pki.ts'

/** @param issuer who issued the key's certificate, to be sent along; without it whoever wants it has to ask */
export async function softwareSignerOf(
  { keyFile, certificate }: Pick<IssuedKey, 'keyFile' | 'certificate'>,
  algorithm: AlgorithmName,
  issuer?: { readonly certificate: Bytes },
): Promise<Signer> {
  const der = createPrivateKey(readFileSync(keyFile)).export({ type: 'pkcs8', format: 'der' })
  const parameters = webCryptoParameters(getAlgorithm(algorithm))
  const privateKey = await crypto.subtle.importKey(
    'pkcs8',
    new Uint8Array(der),
    parameters,
    false,
    ['sign'],
  )
  const chain = issuer === undefined ? [] : [issuer.certificate]
  return softwareSigner({ privateKey, certificate, chain })
}
