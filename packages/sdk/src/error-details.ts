/**
 * Which details of an error may cross the wire, by its code: a bridge sends no others. A page loads none of this.
 * @module
 */
import type { ErrorCode } from './error-catalogue.ts'
import { type ErrorDetails, readDetails } from './errors.ts'

/** Codes that are not here carry none. */
export const WIRE_DETAILS: Readonly<Partial<Record<ErrorCode, readonly string[]>>> = {
  USAGE_ARGUMENT: ['argument', 'expected'],
  USAGE_UNSUPPORTED_ALGORITHM: ['algorithm'],
  BRIDGE_BLOCKED: ['reason'],
  BRIDGE_IDENTITY_CHANGED: ['reason'],
  BRIDGE_ORIGIN_DENIED: ['reason'],
  BRIDGE_VERSION: ['supported'],
  BRIDGE_PROTOCOL: ['problem'],
  BRIDGE_CLAIM_MISMATCH: ['claim', 'item'],
  BRIDGE_TOO_LARGE: ['maxBytes', 'maxItems'],
  BRIDGE_BUSY: ['reason', 'retryAfterMs'],
  BRIDGE_RELAY_REFUSED: ['reason', 'host'],
  BRIDGE_RELAY_UNREACHABLE: ['host', 'reason'],
  BRIDGE_RELAY_ANSWER: ['what'],
  TOKEN_PIN_INCORRECT: ['remaining'],
  TOKEN_PIN_INVALID: ['min', 'max'],
  TOKEN_PUK_INCORRECT: ['remaining'],
  TOKEN_UNSUPPORTED: ['operation', 'reason'],
  TOKEN_MECHANISM: ['algorithm'],
  TOKEN_DEVICE: ['ckr'],
  FORMAT_MALFORMED: ['what', 'offset', 'expected'],
  FORMAT_UNSUPPORTED: ['feature'],
  FORMAT_NOT_ALLOWED: ['rule'],
  FORMAT_PASSWORD: ['reason'],
  FORMAT_PLACEHOLDER_TOO_SMALL: ['needed', 'reserved'],
  TRUST_TIMESTAMP: ['reason', 'what'],
  TRUST_STATUS: ['reason', 'what', 'of'],
  TRUST_REVOKED: ['reason', 'since', 'of'],
  TRUST_VALIDITY: ['reason', 'at', 'of'],
}

/** The details of an error that its code allows to cross the wire. */
export function allowedDetails(
  code: ErrorCode,
  details: Readonly<Record<string, unknown>>,
): ErrorDetails {
  const allowed = WIRE_DETAILS[code] ?? []
  return readDetails(
    Object.fromEntries(Object.entries(details).filter(([name]) => allowed.includes(name))),
  )
}
