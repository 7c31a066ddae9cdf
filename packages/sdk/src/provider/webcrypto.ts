/**
 * A signer whose private key is in WebCrypto: a key file opened by the page, a test, a server.
 * Knows no format and no ASN.1; whether key and certificate belong together is found where the signature is checked.
 * @module
 */
import { ALGORITHMS, ALGORITHM_NAMES, getAlgorithm, webCryptoParameters } from '../algorithms.ts'
import type { Bytes } from '../bytes.ts'
import { TokenError, UsageError, UserError, wrongArgument } from '../errors.ts'
import type { AlgorithmName, SignOptions, Signer, SigningRequest } from '../types.ts'

/** A private key and who it belongs to. */
export interface SoftwareKey {
  /** Made or imported with the usage `sign`; it need not be extractable. */
  readonly privateKey: CryptoKey
  /** DER of the certificate, copied. */
  readonly certificate: Uint8Array
  /** DER of the issuing certificates, the issuer of `certificate` first; copied. Default: none. */
  readonly chain?: readonly Uint8Array[]
}

/**
 * Makes a signer of a WebCrypto key. WebCrypto binds an RSA key to one scheme and one hash when it is imported, and an
 * EC key to its curve, so such a signer has exactly one algorithm.
 * @throws {UsageError} USAGE_ARGUMENT where the key is not a private key for signing, or a certificate is not bytes;
 *   USAGE_UNSUPPORTED_ALGORITHM where the key is for another algorithm, for example with SHA-1
 */
export function softwareSigner({ privateKey, certificate, chain = [] }: SoftwareKey): Signer {
  assertPrivateKey(privateKey)
  const algorithms = Object.freeze([algorithmOf(privateKey)])
  return Object.freeze({
    certificate: copyCertificate('certificate', certificate),
    chain: Object.freeze(chain.map((issuer) => copyCertificate('chain', issuer))),
    algorithms,
    sign: (requests: readonly SigningRequest[], options?: SignOptions) =>
      signAll(privateKey, algorithms, requests, options),
  })
}

async function signAll(
  privateKey: CryptoKey,
  algorithms: readonly AlgorithmName[],
  requests: readonly SigningRequest[],
  options: SignOptions = {},
): Promise<readonly Bytes[]> {
  const signatures: Bytes[] = []
  for (const { algorithm, toBeSigned } of requests) {
    if (options.signal?.aborted === true) {
      throw new UserError('USER_CANCELLED', { cause: options.signal.reason })
    }
    if (!algorithms.includes(algorithm)) {
      throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm } })
    }
    const value = await signBytes(privateKey, algorithm, toBeSigned)
    options.onValue?.(signatures.length, value)
    signatures.push(value)
    options.onSigned?.(signatures.length, requests.length)
  }
  return signatures
}

async function signBytes(
  privateKey: CryptoKey,
  algorithm: AlgorithmName,
  bytes: Uint8Array,
): Promise<Bytes> {
  const parameters = webCryptoParameters(getAlgorithm(algorithm))
  try {
    return new Uint8Array(await crypto.subtle.sign(parameters, privateKey, bytes as Bytes))
  } catch (cause) {
    // A key too short for the hash and its salt, for one.
    throw new TokenError('TOKEN_MECHANISM', { cause, details: { algorithm } })
  }
}

/** The members that WebCrypto puts on `CryptoKey.algorithm`, by kind of key. */
interface KeyAlgorithmMembers {
  readonly name: string
  readonly hash?: { readonly name: string }
  readonly namedCurve?: string
}

function algorithmOf(privateKey: CryptoKey): AlgorithmName {
  const { name, hash, namedCurve } = privateKey.algorithm as KeyAlgorithmMembers
  const found = ALGORITHM_NAMES.find((candidate) => {
    const { family, digest, curve } = ALGORITHMS[candidate]
    return family === name && (curve === undefined ? digest === hash?.name : curve === namedCurve)
  })
  if (found === undefined) {
    const algorithm = [name, hash?.name ?? namedCurve].filter(Boolean).join(' ')
    throw new UsageError('USAGE_UNSUPPORTED_ALGORITHM', { details: { algorithm } })
  }
  return found
}

function assertPrivateKey(key: unknown): asserts key is CryptoKey {
  const { type, usages } = (key ?? {}) as { type?: unknown; usages?: unknown }
  if (type !== 'private' || !Array.isArray(usages) || !usages.includes('sign')) {
    throw wrongArgument('privateKey', 'a private CryptoKey with the usage sign')
  }
}

function copyCertificate(argument: string, der: unknown): Bytes {
  if (der instanceof Uint8Array) return new Uint8Array(der)
  throw wrongArgument(argument, 'DER as a Uint8Array')
}
