/**
 * The authority of one computer: an EC P-256 key that signs the bridge's one leaf and is then forgotten. Whoever takes
 * the machine over later finds no key that a browser here believes, but the leaf's, and that one vouches for loopback.
 * @module
 */
import {
  type KeyObject,
  X509Certificate,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto'
import { type Bytes, encodeHex } from '@trien/sdk/bytes'
import {
  encodeBitString,
  encodeElement,
  encodeInteger,
  encodeOid,
  encodeSequence,
  encodeSet,
  encodeTime,
} from '../der/writer.ts'
import {
  LOOPBACK_NAMES,
  type ServerName,
  encodeAuthorityExtensions,
  encodeLeafExtensions,
} from './extensions.ts'
import { AUTHORITY_NAME, type TlsIdentity } from './identity.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Apple takes no leaf of more than 825 days, public authorities none of more than 398: this one lives 397. */
const VALID_DAYS = 396
/** Clocks of one machine agree with themselves, but a clock may be set back after the installation. */
const BACKDATED_DAYS = 1

const COMMON_NAME = '2.5.4.3'
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'
const UTF8_STRING = 0x0c
/** [0] version, [3] extensions (RFC 5280 §4.1). */
const VERSION = 0xa0
const EXTENSIONS = 0xa3

/** An authority whose key is still at hand. */
export interface Authority {
  readonly certificate: X509Certificate
  /** Makes a key and its certificate. */
  issue(names?: readonly ServerName[]): Pick<TlsIdentity, 'leaf' | 'key'>
}

/** Makes an authority and its one leaf. The authority's key is reachable from nothing that is returned. */
export function createTlsIdentity(now = new Date()): TlsIdentity {
  const authority = createAuthority(now)
  return { authority: authority.certificate, ...authority.issue() }
}

/** Makes an authority with a fresh key. */
export function createAuthority(now = new Date()): Authority {
  const keys = makeKeys()
  // A name of its own, so that an older one can be told from it wherever certificates are listed by name.
  const issuer = encodeCommonName(`${AUTHORITY_NAME} ${encodeHex(randomBytes(4))}`)
  const certify = (subject: Bytes, spki: Uint8Array, extensions: Bytes): X509Certificate =>
    encodeCertificate(keys.key, { issuer, subject, spki, extensions, now })
  return {
    certificate: certify(issuer, keys.spki, encodeAuthorityExtensions(keys.bits)),
    issue(names = LOOPBACK_NAMES) {
      const { key, spki, bits } = makeKeys()
      const subject = encodeCommonName('Trien bridge on this computer')
      return { leaf: certify(subject, spki, encodeLeafExtensions(bits, keys.bits, names)), key }
    },
  }
}

interface Keys {
  readonly key: KeyObject
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Uint8Array
  /** The uncompressed point (SEC 1 §2.3.3), which is what key identifiers are made of. */
  readonly bits: Uint8Array
}

function makeKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return { key: privateKey, spki, bits: spki.subarray(-65) }
}

interface CertificateContent {
  readonly issuer: Bytes
  readonly subject: Bytes
  readonly spki: Uint8Array
  readonly extensions: Bytes
  readonly now: Date
}

function encodeCertificate(signingKey: KeyObject, content: CertificateContent): X509Certificate {
  const { now } = content
  const algorithm = encodeSequence(encodeOid(ECDSA_WITH_SHA256))
  const toBeSigned = encodeSequence(
    encodeElement(VERSION, encodeInteger(2)),
    encodeInteger(...positiveSerial()),
    algorithm,
    content.issuer,
    encodeSequence(
      encodeTime(new Date(now.getTime() - BACKDATED_DAYS * DAY_MS)),
      encodeTime(new Date(now.getTime() + VALID_DAYS * DAY_MS)),
    ),
    content.subject,
    content.spki,
    encodeElement(EXTENSIONS, content.extensions),
  )
  const signature = sign('sha256', toBeSigned, signingKey)
  return new X509Certificate(encodeSequence(toBeSigned, algorithm, encodeBitString(signature)))
}

/** Sixteen random octets, the first neither negative nor zero (RFC 5280 §4.1.2.2). */
function positiveSerial(): Uint8Array {
  const serial = new Uint8Array(randomBytes(16))
  serial[0] = 0x40 | ((serial[0] as number) & 0x3f)
  return serial
}

function encodeCommonName(name: string): Bytes {
  const value = encodeElement(UTF8_STRING, new TextEncoder().encode(name))
  return encodeSequence(encodeSet(encodeSequence(encodeOid(COMMON_NAME), value)))
}
