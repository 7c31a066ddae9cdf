/**
 * The method table of protocol 1: JSON-RPC 2.0, one message a text frame, binary values base64url.
 *
 * Each message stands in a file of its own subject, so that a page loads a message with the code that sends it.
 * @module
 */
import { listCertificates } from './certificates.ts'
import { signDigests } from './digest.ts'
import { hello } from './hello.ts'
import type { NotificationType, RequestType } from './message-types.ts'
import { changePin, unblock } from './pin-care.ts'
import { crl, crlPart, issuer, ocsp, timestamp } from './relay.ts'
import { cancel, promptPage, signProgress } from './running.ts'
import { sign, signItems } from './sign.ts'
import { tokensChanged } from './tokens.ts'

export type { NotificationType, RequestType } from './message-types.ts'
export * from './certificates.ts'
export * from './digest.ts'
export * from './hello.ts'
export * from './pin-care.ts'
export * from './relay.ts'
export * from './running.ts'
export * from './sign.ts'
export * from './tokens.ts'

/** Every question that a page may ask. */
export const REQUESTS: readonly RequestType<unknown, unknown>[] = [
  hello,
  listCertificates,
  sign,
  changePin,
  unblock,
  signDigests,
  timestamp,
  ocsp,
  crl,
  crlPart,
  issuer,
]
/** Every word that nobody answers. */
export const NOTIFICATIONS: readonly NotificationType<unknown>[] = [
  signProgress,
  signItems,
  cancel,
  promptPage,
  tokensChanged,
]
