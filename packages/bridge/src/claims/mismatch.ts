/**
 * Which claim of the bytes to be signed did not hold.
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'
import { DerError } from '../der/reader.ts'
import { XmlError } from './xml/element.ts'

/** The claim that failed, as `details.claim`. */
export type Claim =
  | 'structure'
  | 'documents'
  | 'document-name'
  | 'document-digest'
  | 'document-size'
  | 'media-type'
  | 'algorithm'
  | 'digest-algorithm'
  | 'signing-time'
  | 'signing-certificate'
  // CMS
  | 'attributes'
  | 'content-type'
  | 'message-digest'
  | 'manifest'
  | 'countersigned'
  // XML
  | 'canonicalization'
  | 'reference'
  | 'transform'
  | 'signed-properties'
  | 'office-object'
  // JWS
  | 'header'
  | 'critical'
  | 'payload'

/** Names the claim whose bytes cannot be read, or are not of the kind they must be. */
export function readAs<T>(claim: Claim, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof DerError || error instanceof XmlError ? mismatch(claim, error) : error
  }
}

/** @throws {BridgeError} BRIDGE_CLAIM_MISMATCH {claim} */
export function assertClaim(claim: Claim, holds: boolean): asserts holds {
  if (!holds) throw mismatch(claim)
}

/** Makes the error: BRIDGE_CLAIM_MISMATCH {claim}. */
export function mismatch(claim: Claim, cause?: unknown): BridgeError {
  return new BridgeError('BRIDGE_CLAIM_MISMATCH', { details: { claim }, cause })
}
