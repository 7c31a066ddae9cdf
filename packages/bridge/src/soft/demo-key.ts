/**
 * A software key that signs by any algorithm of its kind, as a token's key does.
 * @module
 */
import { type KeyObject, generateKeyPair } from 'node:crypto'
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

/**
 * Makes a key on Node's thread pool: @peculiar/webcrypto would look for primes on the only thread and hold up the
 * start of the bridge.
 */
export async function createDemoKey(kind: DemoHolder['key']): Promise<DemoKey> {
  const { subtle } = webCrypto
  const { privateKey, publicKey } = await generateKeys(kind)
  const pkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }))
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
  const parameters =
    kind.type === 'RSA'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : { name: 'ECDSA', namedCurve: kind.curve }
  return {
    publicKey: await subtle.importKey('spki', spki, parameters, true, ['verify']),
    async sign(algorithm, toBeSigned) {
      const method = webCryptoParameters(algorithm)
      const key = await subtle.importKey('pkcs8', pkcs8, method, false, ['sign'])
      return new Uint8Array(await subtle.sign(method, key, new Uint8Array(toBeSigned)))
    },
  }
}

function generateKeys(
  kind: DemoHolder['key'],
): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  return kind.type === 'RSA'
    ? generate('rsa', { modulusLength: kind.modulusBits })
    : generate('ec', { namedCurve: kind.curve })
}
