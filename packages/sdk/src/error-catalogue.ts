/**
 * The one catalogue of errors: every code, its family (who must act), whether the same call may succeed when repeated,
 * and which details may cross the wire with it. What a person reads is in error-texts.ts, so that a page which shows
 * its own words does not load ours.
 * @module
 */

interface CatalogueEntry {
  readonly retryable: boolean
  /** Details that may cross the wire with this code; all others are dropped. */
  readonly details: readonly string[]
}

/** The same call may succeed when repeated. */
const retry = (...details: string[]): CatalogueEntry => ({ retryable: true, details })

/** Something must change first. */
const final = (...details: string[]): CatalogueEntry => ({ retryable: false, details })

/** Every error code. */
export const CATALOGUE = {
  USAGE_ARGUMENT: final('argument', 'expected'),
  USAGE_INSECURE_CONTEXT: final(),
  USAGE_UNSUPPORTED_ALGORITHM: final('algorithm'),
  BRIDGE_NOT_RUNNING: retry(),
  BRIDGE_BLOCKED: retry('reason'),
  BRIDGE_PERMISSION_NEEDED: retry(),
  BRIDGE_ORIGIN_DENIED: retry(),
  BRIDGE_VERSION: final('supported'),
  BRIDGE_PROTOCOL: final('problem'),
  BRIDGE_CLAIM_MISMATCH: final('claim'),
  BRIDGE_TOO_LARGE: final('maxBytes', 'maxItems'),
  BRIDGE_BUSY: retry(),
  BRIDGE_CLOSED: retry(),
  BRIDGE_TIMEOUT: retry(),
  BRIDGE_NO_PROMPT: final(),
  BRIDGE_INTERNAL: retry(),
  USER_CANCELLED: retry(),
  USER_DENIED: retry(),
  USER_TIMEOUT: retry(),
  TOKEN_ABSENT: retry(),
  TOKEN_REMOVED: retry(),
  TOKEN_PIN_INCORRECT: retry('remaining'),
  TOKEN_PIN_LOCKED: final(),
  TOKEN_KEY_NOT_FOUND: retry(),
  TOKEN_MECHANISM: final('algorithm'),
  TOKEN_DRIVER_CRASHED: retry(),
  TOKEN_TIMEOUT: retry(),
  TOKEN_DEVICE: retry('ckr'),
  TOKEN_SIGNATURE_INVALID: retry(),
  FORMAT_MALFORMED: final('what', 'offset', 'expected'),
  FORMAT_UNSUPPORTED: final('feature'),
  FORMAT_NOT_ALLOWED: final('rule'),
  FORMAT_PLACEHOLDER_TOO_SMALL: final('needed', 'reserved'),
  FORMAT_CHANGED: final(),
} as const satisfies Record<string, CatalogueEntry>

/** A stable code; match on it, never on a sentence. */
export type ErrorCode = keyof typeof CATALOGUE
