/**
 * The extensions of the two certificates behind wss (RFC 5280 §4.2.1): an authority that can vouch for this computer
 * and for nothing else, and the leaf that the bridge shows.
 * @module
 */
import { createHash } from 'node:crypto'
import type { Bytes } from '@trien/sdk/bytes'
import {
  encodeBitString,
  encodeElement,
  encodeInteger,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeTrue,
} from '../der/writer.ts'

const OID = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const

/** GeneralName ::= CHOICE { …, dNSName [2] IA5String, …, iPAddress [7] OCTET STRING } */
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87
/** NameConstraints ::= SEQUENCE { permittedSubtrees [0] … } */
const PERMITTED = 0xa0
/** AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] … } */
const KEY_IDENTIFIER = 0x80
/** Bits of keyUsage, the first bit highest, and how many of the octet are unused. */
const DIGITAL_SIGNATURE = { octet: 0b1000_0000, unusedBits: 7 }
const KEY_CERT_SIGN = { octet: 0b0000_0100, unusedBits: 2 }

/** A name of a server. */
export type ServerName =
  | { readonly type: 'dns'; readonly name: string }
  | { readonly type: 'ip'; readonly octets: readonly number[] }

/** The only names by which a page reaches the bridge. */
export const LOOPBACK_NAMES: readonly ServerName[] = [
  { type: 'dns', name: 'localhost' },
  { type: 'ip', octets: [127, 0, 0, 1] },
  { type: 'ip', octets: [...Array<number>(15).fill(0), 1] },
]

/** Extensions of an authority that may sign leaves of servers with loopback names, nothing else and no other authority. */
export function encodeAuthorityExtensions(publicKeyBits: Uint8Array): Bytes {
  return encodeSequence(
    extension(OID.basicConstraints, true, encodeSequence(encodeTrue(), encodeInteger(0))),
    extension(OID.keyUsage, true, encodeKeyUsage(KEY_CERT_SIGN)),
    extension(OID.extKeyUsage, false, encodeSequence(encodeOid(OID.serverAuth))),
    extension(OID.nameConstraints, true, encodeLoopbackConstraints()),
    extension(OID.subjectKeyIdentifier, false, encodeOctetString(keyIdentifier(publicKeyBits))),
  )
}

/** Extensions of a server's leaf. */
export function encodeLeafExtensions(
  publicKeyBits: Uint8Array,
  authorityKeyBits: Uint8Array,
  names: readonly ServerName[],
): Bytes {
  const authority = encodeElement(KEY_IDENTIFIER, keyIdentifier(authorityKeyBits))
  return encodeSequence(
    extension(OID.basicConstraints, true, encodeSequence()),
    extension(OID.keyUsage, true, encodeKeyUsage(DIGITAL_SIGNATURE)),
    extension(OID.extKeyUsage, false, encodeSequence(encodeOid(OID.serverAuth))),
    extension(OID.subjectAltName, false, encodeSequence(...names.map(encodeName))),
    extension(OID.subjectKeyIdentifier, false, encodeOctetString(keyIdentifier(publicKeyBits))),
    extension(OID.authorityKeyIdentifier, false, encodeSequence(authority)),
  )
}

/**
 * Every DNS name but `localhost` and every address but the two loopback ones are outside: a subtree that is permitted
 * shuts out all other names of its type (§4.2.1.10). Measured in Chromium, Firefox, WebKitGTK and OpenSSL.
 */
function encodeLoopbackConstraints(): Bytes {
  const subtrees = LOOPBACK_NAMES.map((name) =>
    encodeSequence(
      name.type === 'dns'
        ? encodeName(name)
        : // An address and its mask: exactly this one.
          encodeName({ type: 'ip', octets: [...name.octets, ...name.octets.map(() => 255)] }),
    ),
  )
  return encodeSequence(encodeElement(PERMITTED, ...subtrees))
}

function encodeName(name: ServerName): Bytes {
  return name.type === 'dns'
    ? encodeElement(DNS_NAME, new TextEncoder().encode(name.name))
    : encodeElement(IP_ADDRESS, Uint8Array.from(name.octets))
}

function encodeKeyUsage({ octet, unusedBits }: typeof DIGITAL_SIGNATURE): Bytes {
  return encodeBitString(Uint8Array.of(octet), unusedBits)
}

/** SHA-1 of the public key's bits (§4.2.1.2 method 1): a name, not a protection. */
function keyIdentifier(publicKeyBits: Uint8Array): Uint8Array {
  return createHash('sha1').update(publicKeyBits).digest()
}

function extension(oid: string, critical: boolean, value: Uint8Array): Bytes {
  const flag = critical ? [encodeTrue()] : []
  return encodeSequence(encodeOid(oid), ...flag, encodeOctetString(value))
}
