/**
 * A software key that signs by any algorithm of its kind, as a token's key does.
 * @module
 */
import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { Bytes } from '@trien/sdk/types'
import { type Algorithm, webCryptoParameters } from '@trien/sdk/algorithms'
import { type CryptoKey, webCrypto } from './authority.ts'
import type { DemoHolder } from './demo-holders.ts'

/** The private key stays behind `sign`. */
export interface DemoKey {
  readonly publicKey: CryptoKey
  /** @returns RSA's octets, or ECDSA's r‖s at fixed width */
  sign(algorithm: Algorithm, toBeSigned: Uint8Array): Promise<Bytes>
}

const generate = promisify(generateKeyPair)
const PKCS8 = { type: 'pkcs8', format: 'der' } as const
const SPKI = { type: 'spki', format: 'der' } as const

/**
 * Makes a key on Node's thread pool: @peculiar/webcrypto would look for primes on the only thread and hold up the
 * start of the bridge.
 */
export async function createDemoKey(kind: DemoHolder['key']): Promise<DemoKey> {
  const encoding = { privateKeyEncoding: PKCS8, publicKeyEncoding: SPKI }
  const { privateKey, publicKey } =
    kind.type === 'RSA'
      ? await generate('rsa', { modulusLength: kind.modulusBits, ...encoding })
      : await generate('ec', { namedCurve: kind.curve, ...encoding })
  const parameters =
    kind.type === 'RSA'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : { name: 'ECDSA', namedCurve: kind.curve }
  return {
    publicKey: await webCrypto.subtle.importKey('spki', publicKey, parameters, true, ['verify']),
    async sign(algorithm, toBeSigned) {
      const method = webCryptoParameters(algorithm)
      const key = await webCrypto.subtle.importKey('pkcs8', privateKey, method, false, ['sign'])
      return new Uint8Array(await webCrypto.subtle.sign(method, key, toBeSigned))
    },
  }
}
