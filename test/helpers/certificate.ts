/**
 * Certificates for unit tests: a WebCrypto key and a certificate over it, in memory, in a millisecond. Nobody should
 * trust them; tests that need a real chain let openssl make one.
 */
import { type Algorithm, getAlgorithm, webCryptoParameters } from '@trien/sdk/algorithms'
import { type Bytes, concatBytes, encodeUtf8 } from '@trien/sdk/bytes'
import type { AlgorithmName } from '@trien/sdk/types'
import { parseCertificate } from '../../packages/sdk/src/asn1/certificate.ts'
import * as der from '../../packages/sdk/src/asn1/der.ts'
import {
  encodeSignatureAlgorithm,
  encodeSignatureValue,
} from '../../packages/sdk/src/cms/algorithm-identifier.ts'

export interface TestCertificate {
  readonly certificate: Bytes
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

interface Wish {
  readonly subject?: string
  readonly issuer?: string
  readonly serial?: number
  /** Complete encodings. */
  readonly extensions?: readonly Bytes[]
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** Who issues it, by ES256; by itself it is signed by its own key, whatever issuer it names. */
  readonly issuedBy?: { readonly certificate: Uint8Array; readonly privateKey: CryptoKey }
}

/** Makes a key for an algorithm and a certificate over it. */
export async function makeCertificate(
  name: AlgorithmName,
  wish: Wish = {},
): Promise<TestCertificate> {
  const algorithm = getAlgorithm(name)
  const parameters = {
    ...webCryptoParameters(algorithm),
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
  }
  const keys = (await crypto.subtle.generateKey(parameters, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  const { subject = 'Người ký', issuer = 'CA thử nghiệm', serial = 4660, extensions } = wish
  const { issuedBy } = wish
  const signedBy = issuedBy === undefined ? algorithm : getAlgorithm('ES256')
  const tbs = der.encodeSequence(
    der.encodeExplicit(0, der.encodeInteger(2)),
    der.encodeInteger(serial),
    encodeSignatureAlgorithm(signedBy),
    issuedBy ? parseCertificate(issuedBy.certificate).subjectDer : encodeCommonName(issuer),
    der.encodeSequence(
      der.encodeTime(wish.notBefore ?? new Date('2026-01-01')),
      der.encodeTime(wish.notAfter ?? new Date('2050-01-01')),
    ),
    encodeCommonName(subject),
    new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey)),
    ...(extensions ? [der.encodeExplicit(3, der.encodeSequence(...extensions))] : []),
  )
  const signature = await signBytes(signedBy, issuedBy?.privateKey ?? keys.privateKey, tbs)
  const certificate = der.encodeSequence(
    tbs,
    encodeSignatureAlgorithm(signedBy),
    der.encodeElement(
      der.TAG.BIT_STRING,
      concatBytes(Uint8Array.of(0), encodeSignatureValue(signedBy, signature)),
    ),
  )
  return { certificate, ...keys }
}

/** Signs as any signer does: RSA's octets, or r‖s. */
export async function signBytes(
  algorithm: Algorithm,
  key: CryptoKey,
  bytes: Bytes,
): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(webCryptoParameters(algorithm), key, bytes))
}

function encodeCommonName(text: string): Bytes {
  const utf8String = der.encodeElement(0x0c, encodeUtf8(text))
  return der.encodeSequence(
    der.encodeSetOf([der.encodeSequence(der.encodeOid('2.5.4.3'), utf8String)]),
  )
}
