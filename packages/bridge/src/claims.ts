/**
 * What the bytes to be signed say about themselves, re-read before a person is asked: a page can have only that signed
 * which the prompt shows.
 *
 * Each kind has one strict reader, which knows exactly the structures that Trien's formats write and refuses the rest:
 * digests, algorithm, time and certificate are compared with what was asked and will be shown.
 * @module
 */
import type { SignItem } from '@trien/sdk/wire'
import { type Claimed, readClaimed } from './claims/claimed.ts'
import { assertSignedAttributes } from './claims/signed-attributes.ts'
import { assertSignedInfo } from './claims/signed-info.ts'
import { assertSigningInput } from './claims/signing-input.ts'

const READERS: Readonly<Record<SignItem['kind'], (claimed: Claimed) => void>> = {
  'cms-signed-attributes': assertSignedAttributes,
  'xml-signed-info': assertSignedInfo,
  'jws-signing-input': assertSigningInput,
}

/**
 * Refuses bytes to be signed that do not say what the person will be shown.
 * @param certificateDer the certificate whose key would sign
 * @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim}
 */
export function assertClaims(
  item: SignItem,
  certificateDer: Uint8Array,
  now: Date = new Date(),
): void {
  READERS[item.kind](readClaimed(item, certificateDer, now))
}
