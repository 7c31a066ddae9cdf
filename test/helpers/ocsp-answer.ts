/**
 * Answers for the status of one certificate, written by hand: what a responder may do wrong and openssl's does not.
 */
import { getAlgorithm } from '@trien/sdk/algorithms'
import { type Bytes, concatBytes, encodeUtf8 } from '@trien/sdk/bytes'
import { parseCertificate } from '../../packages/sdk/src/asn1/certificate.ts'
import * as der from '../../packages/sdk/src/asn1/der.ts'
import { readDer } from '../../packages/sdk/src/asn1/reader.ts'
import { encodeSignatureValue } from '../../packages/sdk/src/cms/algorithm-identifier.ts'

/** Who answers: a certificate on P-256 and its key. */
export interface Responder {
  readonly certificate: Uint8Array
  readonly privateKey: CryptoKey
}

/** How an answer is to differ from a right one. */
export interface OcspWish {
  /** Default: good. */
  readonly status?: 'good' | 'unknown' | Date
  /** Seconds from now. Default: a minute ago. */
  readonly thisUpdate?: number
  /** Default: in an hour; null leaves it out. */
  readonly nextUpdate?: number | null
  /** The answer to another question: its CertID. */
  readonly certId?: Bytes
  /** DER OCTET STRING. Default: the question's. */
  readonly nonce?: Bytes | null
  readonly hash?: 'SHA-1' | 'SHA-256'
  /** What the signature is by, where it is not whom the answer names. */
  readonly signedBy?: CryptoKey
  /** An extension that nobody knows: of the whole answer, or of the one in it. */
  readonly extension?: 'answer' | 'single'
  /** DER that is sent along besides the responder's own certificate. */
  readonly more?: readonly Uint8Array[]
}

const ECDSA: Record<string, string> = {
  'SHA-1': '1.2.840.10045.4.1',
  'SHA-256': getAlgorithm('ES256').signatureOid,
}
const UNKNOWN_EXTENSION = der.encodeSequence(
  der.encodeOid('1.2.3.4.5'),
  der.encodeElement(der.TAG.BOOLEAN, Uint8Array.of(0xff)),
  der.encodeOctetString(der.encodeNull()),
)

/** Answers a question. @param request DER OCSPRequest for one certificate, with a nonce */
export async function makeOcspAnswer(
  request: Uint8Array,
  { certificate, privateKey }: Responder,
  wish: OcspWish = {},
): Promise<Bytes> {
  const { hash = 'SHA-256' } = wish
  const data = encodeResponseData(request, certificate, wish)
  const algorithm = { name: 'ECDSA', hash }
  const raw = await crypto.subtle.sign(algorithm, wish.signedBy ?? privateKey, data)
  const signature = encodeSignatureValue(getAlgorithm('ES256'), new Uint8Array(raw))
  const basic = der.encodeSequence(
    data,
    der.encodeAlgorithmIdentifier(ECDSA[hash]!),
    der.encodeElement(der.TAG.BIT_STRING, concatBytes(Uint8Array.of(0), signature)),
    der.encodeExplicit(0, der.encodeSequence(...(wish.more ?? []), certificate)),
  )
  return der.encodeSequence(
    der.encodeElement(0x0a, Uint8Array.of(0)),
    der.encodeExplicit(
      0,
      der.encodeSequence(der.encodeOid('1.3.6.1.5.5.7.48.1.1'), der.encodeOctetString(basic)),
    ),
  )
}

/** The CertID of a question. */
export function certIdOf(request: Uint8Array): Bytes {
  const tbs = readDer(request, 'request').getChild(0, der.TAG.SEQUENCE)
  return tbs.getChild(0, der.TAG.SEQUENCE).children[0]!.children[0]!.bytes
}

function encodeResponseData(request: Uint8Array, certificate: Uint8Array, wish: OcspWish): Bytes {
  const { thisUpdate = -60, nextUpdate = 3600, certId = certIdOf(request) } = wish
  const single = der.encodeSequence(
    certId,
    encodeStatus(wish.status ?? 'good'),
    encodeTime(thisUpdate),
    ...(nextUpdate === null ? [] : [der.encodeExplicit(0, encodeTime(nextUpdate))]),
    ...(wish.extension === 'single'
      ? [der.encodeExplicit(1, der.encodeSequence(UNKNOWN_EXTENSION))]
      : []),
  )
  const nonce = wish.nonce === undefined ? nonceOf(request) : wish.nonce
  const extensions = [
    ...(nonce === null
      ? []
      : [der.encodeSequence(der.encodeOid('1.3.6.1.5.5.7.48.1.2'), der.encodeOctetString(nonce))]),
    ...(wish.extension === 'answer' ? [UNKNOWN_EXTENSION] : []),
  ]
  return der.encodeSequence(
    der.encodeExplicit(1, parseCertificate(certificate).subjectDer),
    encodeTime(0),
    der.encodeSequence(single),
    ...(extensions.length === 0 ? [] : [der.encodeExplicit(1, der.encodeSequence(...extensions))]),
  )
}

function nonceOf(request: Uint8Array): Bytes {
  const tbs = readDer(request, 'request').getChild(0, der.TAG.SEQUENCE)
  const [nonce] = tbs.getChild(1, der.contextTag(2)).children[0]!.children
  return nonce!.children.at(-1)!.contents
}

function encodeStatus(status: 'good' | 'unknown' | Date): Bytes {
  if (status === 'good') return der.encodeElement(0x80)
  if (status === 'unknown') return der.encodeElement(0x82)
  return der.encodeElement(0xa1, encodeTime((status.getTime() - Date.now()) / 1000))
}

function encodeTime(seconds: number): Bytes {
  const time = new Date(Date.now() + seconds * 1000).toISOString()
  const digits = `${time.replace(/\.\d+Z$/, '').replace(/\D/g, '')}Z`
  return der.encodeElement(der.TAG.GENERALIZED_TIME, encodeUtf8(digits))
}
