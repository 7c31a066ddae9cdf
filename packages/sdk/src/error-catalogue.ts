/**
 * The one catalogue of errors: every code, its family (who must act) and whether the same call may succeed when
 * repeated. Which details may cross the wire is in error-details.ts, what a person reads in error-texts.ts: a page that
 * only connects loads neither.
 * @module
 */

interface CatalogueEntry {
  readonly retryable: boolean
}

/** The same call may succeed when repeated. */
const retry: CatalogueEntry = { retryable: true }

/** Something must change first. */
const final: CatalogueEntry = { retryable: false }

/** Every error code. */
export const CATALOGUE = {
  USAGE_ARGUMENT: final,
  USAGE_INSECURE_CONTEXT: final,
  USAGE_UNSUPPORTED_ALGORITHM: final,
  USAGE_NOT_LOADED: retry,
  BRIDGE_NOT_RUNNING: retry,
  BRIDGE_BLOCKED: retry,
  BRIDGE_PERMISSION_NEEDED: retry,
  BRIDGE_ORIGIN_DENIED: retry,
  BRIDGE_VERSION: final,
  BRIDGE_IDENTITY_CHANGED: final,
  BRIDGE_PROTOCOL: final,
  BRIDGE_CLAIM_MISMATCH: final,
  BRIDGE_TOO_LARGE: final,
  BRIDGE_BUSY: retry,
  BRIDGE_CLOSED: retry,
  BRIDGE_TIMEOUT: retry,
  BRIDGE_NO_PROMPT: final,
  BRIDGE_JOURNAL: retry,
  BRIDGE_INTERNAL: retry,
  BRIDGE_RELAY_REFUSED: final,
  BRIDGE_RELAY_UNREACHABLE: retry,
  BRIDGE_RELAY_ANSWER: retry,
  USER_CANCELLED: retry,
  USER_DENIED: retry,
  USER_TIMEOUT: retry,
  TOKEN_ABSENT: retry,
  TOKEN_REMOVED: retry,
  TOKEN_PIN_INCORRECT: retry,
  TOKEN_PIN_LOCKED: final,
  TOKEN_PIN_EXPIRED: final,
  TOKEN_PIN_INVALID: retry,
  TOKEN_PUK_INCORRECT: retry,
  TOKEN_PUK_LOCKED: final,
  TOKEN_UNSUPPORTED: final,
  TOKEN_KEY_NOT_FOUND: retry,
  TOKEN_MECHANISM: final,
  TOKEN_DRIVER_CRASHED: retry,
  TOKEN_TIMEOUT: retry,
  TOKEN_DEVICE: retry,
  TOKEN_SIGNATURE_INVALID: retry,
  FORMAT_MALFORMED: final,
  FORMAT_UNSUPPORTED: final,
  FORMAT_NOT_ALLOWED: final,
  FORMAT_PASSWORD: final,
  FORMAT_PLACEHOLDER_TOO_SMALL: final,
  FORMAT_CHANGED: final,
  TRUST_TIMESTAMP: retry,
  TRUST_STATUS: retry,
  TRUST_REVOKED: final,
  TRUST_VALIDITY: final,
} as const satisfies Record<string, CatalogueEntry>

/** A language of the words for them. */
export type Language = 'vi' | 'en'

/** A stable code; match on it, never on a sentence. */
export type ErrorCode = keyof typeof CATALOGUE
