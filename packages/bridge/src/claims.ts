/**
 * What the bytes to be signed say about themselves, re-read before a person is asked: a page can have only that signed
 * which the prompt shows.
 *
 * Each kind has one strict reader, which knows exactly the structures that Trien's formats write and refuses the rest:
 * digests, algorithm, time and certificate are compared with what was asked and will be shown.
 * @module
 */
import type { SignItem } from '@trien/sdk/wire'
import { createClaimedCertificate } from './claims/certificate.ts'
import { type Claimed, readClaimed } from './claims/claimed.ts'
import { assertCountersignature } from './claims/countersignature.ts'
import { assertSignedAttributes } from './claims/signed-attributes.ts'
import { assertSignedInfo } from './claims/signed-info.ts'
import { assertSigningInput } from './claims/signing-input.ts'

/** What is found beside that all is as it will be shown, of all items together. */
export interface Claims {
  /** False where some bytes bind the signature to no certificate, but to a key alone. */
  readonly namesCertificate: boolean
}

const naming =
  (assertNaming: (claimed: Claimed) => void) =>
  (claimed: Claimed): Claims => {
    assertNaming(claimed)
    return { namesCertificate: true }
  }

const READERS: Readonly<Record<SignItem['kind'], (claimed: Claimed) => Claims>> = {
  'cms-signed-attributes': naming(assertSignedAttributes),
  'cms-countersignature': naming(assertCountersignature),
  'xml-signed-info': assertSignedInfo,
  'jws-signing-input': naming(assertSigningInput),
}

/**
 * Refuses items of which one has bytes to be signed that do not say what the person will be shown.
 * @param certificateDer the certificate whose key would sign
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim}
 */
export function assertClaims(
  items: readonly SignItem[],
  certificateDer: Uint8Array,
  now: Date = new Date(),
): Claims {
  const certificate = createClaimedCertificate(certificateDer)
  const claims = items.map((item) => READERS[item.kind](readClaimed(item, certificate, now)))
  return { namesCertificate: claims.every(({ namesCertificate }) => namesCertificate) }
}
