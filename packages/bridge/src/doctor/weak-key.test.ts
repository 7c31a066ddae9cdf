import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { findKeyWeakness, hasRocaFingerprint } from './weak-key.ts'

const rsa = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits }).publicKey
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey

/** A modulus as the faulty library's are: 65537^a modulo the product of the first primes. */
function makeRocaModulus(): bigint {
  let product = 1n
  for (let n = 2n; n <= 167n; n++) {
    if ([...Array(Number(n)).keys()].slice(2).every((d) => n % BigInt(d) !== 0n)) product *= n
  }
  let power = 1n
  for (let i = 0; i < 12_345; i++) power = (power * 65_537n) % product
  return power + product * 2n ** 1830n
}

describe('a weak key', () => {
  it('is RSA under 2048 bit, or a curve under 256', () => {
    expect(findKeyWeakness(rsa(1024))).toBe('short')
    expect(findKeyWeakness(rsa(2048))).toBeUndefined()
    expect(findKeyWeakness(ec('prime192v1'))).toBe('short')
    expect(findKeyWeakness(ec('prime256v1'))).toBeUndefined()
    expect(findKeyWeakness(ec('secp384r1'))).toBeUndefined()
    expect(findKeyWeakness(generateKeyPairSync('ed25519').publicKey)).toBeUndefined()
  })

  it('is one with the fingerprint of ROCA, found in the modulus alone', () => {
    const modulus = makeRocaModulus()
    expect(modulus.toString(2).length).toBeGreaterThanOrEqual(2048)
    expect(hasRocaFingerprint(modulus)).toBe(true)
    expect(hasRocaFingerprint(modulus + 2n)).toBe(false)
    const hex = modulus.toString(16)
    const n = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url')
    const key = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' })
    expect(findKeyWeakness(key)).toBe('roca')
  })
})
