/**
 * A bridge's identity key for scripted bridges: signs challenges as the wire says, or as a test likes.
 */
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'

/** A key that answers challenges. */
export interface BridgeKey {
  readonly publicKeyBase64url: string
  /** The `identity` of a `hello` for a challenge in base64url. */
  answer(challengeBase64url: string, origin: string, port: number): object
}

export function createBridgeKey(): BridgeKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? ''
  return {
    publicKeyBase64url: publicKey,
    answer(challenge, origin, port) {
      const text = Buffer.from(`trien hello 1\n${origin}\n${port}\n`)
      const signed = Buffer.concat([text, Buffer.from(challenge, 'base64url')])
      return { publicKey, signature: sign(null, signed, privateKey).toString('base64url') }
    },
  }
}
