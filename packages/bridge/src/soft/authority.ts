/**
 * The throw-away certificate authority of the demo token: its key lives until the last certificate is signed and is
 * never written anywhere.
 * @module
 */
import { type webcrypto, createHash, randomBytes } from 'node:crypto'
import { Crypto } from '@peculiar/webcrypto'
import * as asn1js from 'asn1js'
import {
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  CryptoEngine,
  Extension,
  RelativeDistinguishedNames,
  Time,
} from 'pkijs'
import type { Bytes } from '@trien/sdk/types'

/** Attributes of a name in the order that a certificate shows them: type OID, UTF-8 value. */
export type NameAttributes = readonly (readonly [oid: string, value: string])[]

export type CryptoKey = webcrypto.CryptoKey

/** Issues end-entity certificates for signing documents. */
export interface Authority {
  /** DER of the self-signed certificate. */
  readonly certificate: Bytes
  issue(subject: NameAttributes, publicKey: CryptoKey, validDays: number): Promise<Bytes>
}

/** WebCrypto of the embedded token; Node's own cannot be given to pkijs by value. */
export const webCrypto = new Crypto()
const engine = new CryptoEngine({ name: 'trien-demo', crypto: webCrypto })

/** Longer than any certificate that it issues. */
const VALID_DAYS = 90
const DAY_MS = 24 * 60 * 60 * 1000
const COUNTRY = '2.5.4.6'
/** keyUsage bits of RFC 5280 §4.2.1.3, the first bit highest. */
const SIGN_DOCUMENTS = { octet: 0b1100_0000, unusedBits: 6 }
const SIGN_CERTIFICATES = { octet: 0b0000_0110, unusedBits: 1 }

/** Makes an authority with a fresh P-256 key. */
export async function createAuthority(name: NameAttributes): Promise<Authority> {
  const keys = (await webCrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  const keyId = await keyIdentifier(keys.publicKey)
  const certificate = await encodeCertificate(keys.privateKey, {
    issuer: name,
    subject: name,
    publicKey: keys.publicKey,
    validDays: VALID_DAYS,
    extensions: [
      extension(
        '2.5.29.19',
        true,
        new BasicConstraints({ cA: true, pathLenConstraint: 0 }).toSchema(),
      ),
      extension('2.5.29.15', true, keyUsage(SIGN_CERTIFICATES)),
      extension('2.5.29.14', false, keyId),
    ],
  })
  return {
    certificate,
    issue: async (subject, publicKey, validDays) =>
      encodeCertificate(keys.privateKey, {
        issuer: name,
        subject,
        publicKey,
        validDays,
        extensions: [
          extension('2.5.29.19', true, new BasicConstraints({ cA: false }).toSchema()),
          extension('2.5.29.15', true, keyUsage(SIGN_DOCUMENTS)),
          extension('2.5.29.14', false, await keyIdentifier(publicKey)),
          extension(
            '2.5.29.35',
            false,
            new AuthorityKeyIdentifier({ keyIdentifier: keyId }).toSchema(),
          ),
        ],
      }),
  }
}

interface CertificateContent {
  readonly issuer: NameAttributes
  readonly subject: NameAttributes
  readonly publicKey: CryptoKey
  readonly validDays: number
  readonly extensions: Extension[]
}

async function encodeCertificate(
  signingKey: CryptoKey,
  content: CertificateContent,
): Promise<Bytes> {
  const now = Date.now()
  const certificate = new Certificate({
    version: 2,
    serialNumber: new asn1js.Integer({ valueHex: positiveSerial().buffer }),
    issuer: encodeName(content.issuer),
    subject: encodeName(content.subject),
    notBefore: new Time({ type: 0, value: new Date(now - DAY_MS) }),
    notAfter: new Time({ type: 0, value: new Date(now + content.validDays * DAY_MS) }),
    extensions: content.extensions,
  })
  await certificate.subjectPublicKeyInfo.importKey(content.publicKey, engine)
  await certificate.sign(signingKey, 'SHA-256', engine)
  return new Uint8Array(certificate.toSchema(true).toBER())
}

/** Sixteen random octets, the first neither negative nor zero (RFC 5280 §4.1.2.2). */
function positiveSerial(): Bytes {
  const serial = new Uint8Array(randomBytes(16))
  serial[0] = 0x40 | ((serial[0] as number) & 0x3f)
  return serial
}

/**
 * One attribute an RDN, as every issuer does (pkijs would put all in one); countryName is a PrintableString
 * (RFC 5280 appendix A).
 */
function encodeName(attributes: NameAttributes): RelativeDistinguishedNames {
  const rdns = attributes.map(([type, value]) => {
    const text =
      type === COUNTRY ? new asn1js.PrintableString({ value }) : new asn1js.Utf8String({ value })
    return new asn1js.Set({ value: [new AttributeTypeAndValue({ type, value: text }).toSchema()] })
  })
  return RelativeDistinguishedNames.fromBER(new asn1js.Sequence({ value: rdns }).toBER())
}

function extension(extnID: string, critical: boolean, value: asn1js.BaseBlock): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER() })
}

function keyUsage({ octet, unusedBits }: typeof SIGN_DOCUMENTS): asn1js.BitString {
  return new asn1js.BitString({ valueHex: Uint8Array.of(octet).buffer, unusedBits })
}

/** SHA-1 of the public key's bits (RFC 5280 §4.2.1.2 method 1): a name, not a protection. */
async function keyIdentifier(publicKey: CryptoKey): Promise<asn1js.OctetString> {
  const { subjectPublicKeyInfo } = new Certificate()
  await subjectPublicKeyInfo.importKey(publicKey, engine)
  const bits = subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView
  const digest = new Uint8Array(createHash('sha1').update(bits).digest())
  return new asn1js.OctetString({ valueHex: digest.buffer })
}
