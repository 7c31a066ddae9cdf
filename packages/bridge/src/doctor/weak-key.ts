/**
 * Keys that a signature should no longer be made with.
 * @module
 */
import type { KeyObject } from 'node:crypto'

const LEAST_RSA_BITS = 2048
const LEAST_EC_BITS = 256
/** Field sizes of the curves that are too small, by OpenSSL's names. */
const EC_BITS = /(\d{3})/
const PRIMES: readonly bigint[] = [
  3n,
  5n,
  7n,
  11n,
  13n,
  17n,
  19n,
  23n,
  29n,
  31n,
  37n,
  41n,
  43n,
  47n,
  53n,
  59n,
  61n,
  67n,
  71n,
  73n,
  79n,
  83n,
  89n,
  97n,
  101n,
  103n,
  107n,
  109n,
  113n,
  127n,
  131n,
  137n,
  139n,
  149n,
  151n,
  157n,
  163n,
  167n,
]
const GENERATOR = 65_537n

/**
 * Finds what is wrong with a key: RSA under 2048 bit (or a curve under 256), or RSA made by the library of ROCA.
 * @see https://crocs.fi.muni.cz/public/papers/rsa_ccs17 (CVE-2017-15361)
 */
export function findKeyWeakness(key: KeyObject): 'short' | 'roca' | undefined {
  if (key.asymmetricKeyType === 'rsa') {
    const { n = '' } = key.export({ format: 'jwk' })
    const modulus = BigInt(`0x${Buffer.from(n, 'base64url').toString('hex') || '0'}`)
    if (modulus.toString(2).length < LEAST_RSA_BITS) return 'short'
    return hasRocaFingerprint(modulus) ? 'roca' : undefined
  }
  const bits = EC_BITS.exec(key.asymmetricKeyDetails?.namedCurve ?? '')?.[1]
  return bits !== undefined && Number(bits) < LEAST_EC_BITS ? 'short' : undefined
}

/**
 * The faulty library made primes k·M + (65537^a mod M), M the product of the first primes: so a modulus is a power of
 * 65537 for each of these small primes, which by chance one modulus in some 10^8 is.
 */
export function hasRocaFingerprint(modulus: bigint): boolean {
  return PRIMES.every((prime) => listPowers(prime).has(modulus % prime))
}

function listPowers(prime: bigint): ReadonlySet<bigint> {
  const powers = new Set<bigint>()
  for (let power = 1n; !powers.has(power); power = (power * GENERATOR) % prime) powers.add(power)
  return powers
}
