/**
 * What CMS signed attributes say.
 *
 * ```
 * SET (0x31, sorted) of Attribute { type, SET of one value }            RFC 5652 §5.3, X.690 §11.6
 *   content-type            id-data                                      required; a countersignature must not have it
 *   message-digest          OCTET STRING = the document's digest, or     required
 *                           that of a manifest that names documents
 *   signing-time            UTCTime | GeneralizedTime                    CAdES only; PAdES has it in the file
 *   signing-certificate-v2  hash and issuerSerial of the certificate     required, RFC 5035 §3
 *   commitment-type-indication, signer-location, signer-attributes-v2    what the person is shown of them: said-attributes
 * ```
 *
 * Any other attribute is refused: it could make the signature say more than the person saw (a policy, an assertion).
 * @module
 */
import { createHash } from 'node:crypto'
import { compareBytes, encodeHex, equalBytes } from '@trien/sdk/bytes'
import { type DerElement, TAG, getChildren, getContent, parseDer } from '../der/reader.ts'
import { type Claimed, getOnlyDocument } from './claimed.ts'
import { assertManifest } from './manifest.ts'
import { assertClaim, readAs } from './mismatch.ts'
import { readCommitment, readPlace, readRoles } from './said-attributes.ts'
import type { Said } from './said.ts'
import { assertSigningCertificate } from './signing-certificate.ts'
import { assertAsn1Time } from './signing-time.ts'

type AttributeName =
  | 'content-type'
  | 'message-digest'
  | 'signing-time'
  | 'signing-certificate-v2'
  | 'commitment'
  | 'location'
  | 'signer-attributes'

/** Contents of the OBJECT IDENTIFIERs, hexadecimal. */
const ATTRIBUTES: Readonly<Record<string, AttributeName>> = {
  '2a864886f70d010903': 'content-type',
  '2a864886f70d010904': 'message-digest',
  '2a864886f70d010905': 'signing-time',
  '2a864886f70d010910022f': 'signing-certificate-v2',
  '2a864886f70d0109100210': 'commitment',
  '2a864886f70d0109100211': 'location',
  // 0.4.0.19122.1.1
  '04008195320101': 'signer-attributes',
}
/** id-data, 1.2.840.113549.1.7.1. */
const ID_DATA = '2a864886f70d010701'

/** What was found. */
export interface FoundAttributes {
  /** Undefined where there is none. */
  readonly contentType: DerElement | undefined
  readonly said: Said
}

/**
 * @returns what they say beside time and certificate
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim}
 * @see RFC 5652 §5.3, RFC 5035 §3, EN 319 122-1 §5
 */
export function assertSignedAttributes(claimed: Claimed): Said {
  const { contentType, said } = assertAttributes(claimed)
  readAs('content-type', () => {
    assertClaim('content-type', encodeHex(getContent(contentType, TAG.oid)) === ID_DATA)
  })
  return said
}

/**
 * Compares all but the content-type, which tells whether a document is signed or a signature.
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim}
 */
export function assertAttributes(claimed: Claimed): FoundAttributes {
  const { toBeSigned, certificate, now } = claimed
  const attributes = readAs('structure', () => readAttributes(toBeSigned))
  const signedDigest = readSignedDigest(claimed)
  const value = (name: AttributeName) => attributes.get(name)

  readAs('message-digest', () => {
    const digest = getContent(value('message-digest'), TAG.octetString)
    assertClaim('message-digest', equalBytes(digest, signedDigest))
  })
  const signingTime = value('signing-time')
  if (signingTime !== undefined) assertAsn1Time(signingTime, now)
  readAs('signing-certificate', () =>
    assertSigningCertificate(value('signing-certificate-v2'), certificate),
  )
  const said = readAs('attributes', () => readSaid(attributes))
  return { contentType: value('content-type'), said }
}

function readSaid(attributes: ReadonlyMap<AttributeName, DerElement>): Said {
  const commitment = attributes.get('commitment')
  const location = attributes.get('location')
  const roles = attributes.get('signer-attributes')
  return {
    ...(commitment && { commitment: readCommitment(commitment) }),
    ...(location && { place: readPlace(location) }),
    ...(roles && { roles: readRoles(roles) }),
  }
}

/** What message-digest must be: of the one document, or of a manifest that came along and names the documents. */
function readSignedDigest(claimed: Claimed): Uint8Array {
  const { signedProperties: manifest, algorithm } = claimed
  if (manifest === undefined) return getOnlyDocument(claimed).digest
  assertManifest(manifest, claimed)
  return createHash(algorithm.digest.replace('-', '')).update(manifest).digest()
}

/** Reads the SET OF Attribute: sorted, each type once, each with one value. */
function readAttributes(toBeSigned: Uint8Array): ReadonlyMap<AttributeName, DerElement> {
  const attributes = new Map<AttributeName, DerElement>()
  const elements = getChildren(parseDer(toBeSigned, TAG.set), TAG.set)
  let previous: DerElement | undefined
  for (const element of elements) {
    const isSorted = previous === undefined || compareBytes(previous.encoded, element.encoded) < 0
    assertClaim('structure', isSorted)
    previous = element
    const [type, values, ...rest] = getChildren(element, TAG.sequence)
    const [value, ...others] = getChildren(values, TAG.set)
    const name = ATTRIBUTES[encodeHex(getContent(type, TAG.oid))]
    assertClaim('attributes', name !== undefined && !attributes.has(name))
    assertClaim('attributes', value !== undefined && rest.length === 0 && others.length === 0)
    attributes.set(name, value)
  }
  return attributes
}
