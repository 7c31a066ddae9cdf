/**
 * The bridge's judgement on bytes of CMS or JWS that are to be signed over one small document.
 * @module
 */
import type { SignItem } from '@trien/sdk/wire'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { isSigningError } from '@trien/sdk/errors'
import { assertClaims } from '../../packages/bridge/src/claims.ts'
import { NOW, certificate, sha256 } from './xml-signature.ts'

/** The document, whole. */
export const CONTENT = 'Văn bản'
export const document = {
  ...{ name: 'đơn.txt', mediaType: 'text/plain', size: encodeUtf8(CONTENT).length },
  digest: { algorithm: 'SHA-256' as const, value: new Uint8Array(sha256(CONTENT)) },
}

/** Gives the claim that failed, or what is said beside the time. */
export function judgeClaims(
  kind: 'cms-signed-attributes' | 'jws-signing-input',
  toBeSigned: Uint8Array,
): unknown {
  const item: SignItem = {
    ...{ id: '1', kind, algorithm: 'RS256', document },
    toBeSigned: new Uint8Array(toBeSigned),
  }
  try {
    return assertClaims([item], certificate, NOW).said
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'BRIDGE_CLAIM_MISMATCH') throw error
    return error.details['claim']
  }
}
