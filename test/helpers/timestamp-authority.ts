/**
 * A time stamping authority in memory, which can be told to break each rule that an authority may break. What a real one
 * says is in the tests against openssl.
 */
import { getAlgorithm } from '@trien/sdk/algorithms'
import { type Bytes, concatBytes, encodeUtf8 } from '@trien/sdk/bytes'
import { digestBytes } from '@trien/sdk/digest'
import type { AlgorithmName, TimestampSource } from '@trien/sdk/types'
import * as der from '../../packages/sdk/src/asn1/der.ts'
import { readDer } from '../../packages/sdk/src/asn1/reader.ts'
import {
  encodeSignatureAlgorithm,
  encodeSignatureValue,
} from '../../packages/sdk/src/cms/algorithm-identifier.ts'
import { parseCertificate } from '../../packages/sdk/src/asn1/certificate.ts'
import { type TestCertificate, makeCertificate, signBytes } from './certificate.ts'

/** How an answer is to differ from a right one. */
export interface TimestampWish {
  readonly algorithm?: AlgorithmName
  /** PKIStatus, and the bit of PKIFailureInfo. */
  readonly status?: readonly [number, number?]
  readonly time?: string
  readonly imprint?: Bytes
  /** DER INTEGER; null leaves it out. */
  readonly nonce?: Bytes | null
  readonly contentType?: string
  /** How the signed attributes name the certificate. */
  readonly names?: 'v1' | 'v2' | 'nobody' | 'another'
  /** Purposes of the authority's key. */
  readonly usage?: readonly string[]
  readonly isCritical?: boolean
  readonly signers?: number
  readonly hasCertificate?: boolean
  /** DER of certificates that are sent along. */
  readonly more?: readonly Bytes[]
  /** What the signature is by, where it is not the certificate's key; on P-256. */
  readonly signedBy?: CryptoKey
  /** Changed after it was signed. */
  readonly spoil?: 'signature' | 'content'
}

const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
const TST_INFO = '1.2.840.113549.1.9.16.1.4'

/** Makes an authority with a key of its own. */
export async function createTimestampAuthority(wish: TimestampWish = {}): Promise<TimestampSource> {
  const { algorithm = 'ES256', usage = [TIME_STAMPING], isCritical = true } = wish
  const key = await makeCertificate(algorithm, {
    subject: 'TSA',
    extensions: usage.length === 0 ? [] : [encodeUsage(usage, isCritical)],
    notAfter: new Date('2040-01-01'),
  })
  return async (request) => answer(key, new Uint8Array(request), wish)
}

function encodeUsage(purposes: readonly string[], isCritical: boolean): Bytes {
  return der.encodeSequence(
    der.encodeOid('2.5.29.37'),
    ...(isCritical ? [der.encodeElement(der.TAG.BOOLEAN, Uint8Array.of(0xff))] : []),
    der.encodeOctetString(der.encodeSequence(...purposes.map(der.encodeOid))),
  )
}

async function answer(key: TestCertificate, request: Bytes, wish: TimestampWish): Promise<Bytes> {
  const [status = 0, failure] = wish.status ?? []
  const bits = new Uint8Array(5)
  if (failure !== undefined) bits[1 + (failure >> 3)] = 0x80 >> (failure & 7)
  const info = der.encodeSequence(
    der.encodeInteger(status),
    ...(failure === undefined ? [] : [der.encodeElement(der.TAG.BIT_STRING, bits)]),
  )
  return der.encodeSequence(info, ...(status > 1 ? [] : [await makeToken(key, request, wish)]))
}

async function makeToken(
  key: TestCertificate,
  request: Bytes,
  wish: TimestampWish,
): Promise<Bytes> {
  const content = encodeTstInfo(request, wish)
  const { contentType = TST_INFO, signers = 1, hasCertificate = true, more = [] } = wish
  const signerInfo = await encodeSignerInfo(key, content, wish)
  const kept = wish.spoil === 'content' ? turnBit(content) : content
  return der.encodeSequence(
    der.encodeOid('1.2.840.113549.1.7.2'),
    der.encodeExplicit(
      0,
      der.encodeSequence(
        der.encodeInteger(3),
        der.encodeSetOf([der.encodeAlgorithmIdentifier(getAlgorithm('ES256').digestOid)]),
        der.encodeSequence(
          der.encodeOid(contentType),
          der.encodeExplicit(0, der.encodeOctetString(kept)),
        ),
        ...(hasCertificate
          ? [der.retagImplicit(0, der.encodeSetOf([key.certificate, ...more]))]
          : []),
        der.encodeSetOf(Array<Bytes>(signers).fill(signerInfo)),
      ),
    ),
  )
}

function encodeTstInfo(request: Bytes, { imprint, nonce, time }: TimestampWish): Bytes {
  const { children } = readDer(request, 'request')
  const asked = children[1]!
  const stamped =
    imprint === undefined
      ? asked.bytes
      : der.encodeSequence(asked.children[0]!.bytes, der.encodeOctetString(imprint))
  return der.encodeSequence(
    der.encodeInteger(1),
    der.encodeOid('1.2.3.4.1'),
    stamped,
    der.encodeInteger(7),
    der.encodeElement(der.TAG.GENERALIZED_TIME, encodeUtf8(time ?? '20261122010203.5Z')),
    ...(nonce === null ? [] : [nonce ?? children[2]!.bytes]),
  )
}

async function encodeSignerInfo(
  key: TestCertificate,
  content: Bytes,
  {
    algorithm: name = 'ES256',
    contentType = TST_INFO,
    names = 'v2',
    spoil,
    signedBy,
  }: TimestampWish,
): Promise<Bytes> {
  const algorithm = getAlgorithm(name)
  const { issuerDer, serialNumberDer } = parseCertificate(key.certificate)
  const attribute = (oid: string, value: Bytes): Bytes =>
    der.encodeSequence(der.encodeOid(oid), der.encodeSetOf([value]))
  const signed = der.encodeSetOf([
    attribute('1.2.840.113549.1.9.3', der.encodeOid(contentType)),
    attribute(
      '1.2.840.113549.1.9.4',
      der.encodeOctetString(await digestBytes(algorithm.digest, content)),
    ),
    ...(names === 'nobody' ? [] : [await encodeNaming(key.certificate, names)]),
  ])
  const raw = await signBytes(algorithm, signedBy ?? key.privateKey, signed)
  const value = encodeSignatureValue(algorithm, raw)
  return der.encodeSequence(
    der.encodeInteger(1),
    der.encodeSequence(issuerDer, serialNumberDer),
    der.encodeAlgorithmIdentifier(algorithm.digestOid),
    der.retagImplicit(0, signed),
    encodeSignatureAlgorithm(algorithm),
    der.encodeOctetString(spoil === 'signature' ? turnBit(value) : value),
  )
}

/** signing-certificate or signing-certificate-v2. */
async function encodeNaming(certificate: Bytes, names: 'v1' | 'v2' | 'another'): Promise<Bytes> {
  const named = names === 'another' ? turnBit(certificate) : certificate
  const digest = await crypto.subtle.digest(names === 'v1' ? 'SHA-1' : 'SHA-256', named)
  const certId = der.encodeSequence(der.encodeOctetString(new Uint8Array(digest)))
  const oid = `1.2.840.113549.1.9.16.2.${names === 'v1' ? 12 : 47}`
  return der.encodeSequence(
    der.encodeOid(oid),
    der.encodeSetOf([der.encodeSequence(der.encodeSequence(certId))]),
  )
}

function turnBit(bytes: Bytes): Bytes {
  return concatBytes(bytes.subarray(0, -1), Uint8Array.of(bytes.at(-1)! ^ 1))
}
