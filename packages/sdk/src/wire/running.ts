/**
 * What is said while a request runs: that it shall stop, where the person is asked, what is signed so far.
 * @module
 */
import { MAX_SIGNATURES, MAX_SIGNATURE_BYTES } from './limits.ts'
import { type NotificationType, requestId, shortText } from './message-types.ts'
import { bytes, list, object, text } from './shape.ts'

/** Ends a running request; its answer is then USER_CANCELLED. */
export const cancel = {
  method: 'cancel',
  direction: 'page-to-bridge',
  params: object({ request: requestId }),
} as const satisfies NotificationType<unknown>

/**
 * Says where the person is asked, when that is a page of the bridge: only for the embedded demo token on a machine
 * with neither display nor terminal.
 */
export const promptPage = {
  method: 'prompt.page',
  direction: 'bridge-to-page',
  params: object({ request: requestId, url: text(500) }),
} as const satisfies NotificationType<unknown>

/**
 * Signatures of a running `sign`: each as it is made, or, of a token that makes many in no time, those of a moment. The
 * value is RSA's octets, or ECDSA's r‖s at fixed width.
 */
export const signProgress = {
  method: 'sign.progress',
  direction: 'bridge-to-page',
  params: object({
    request: requestId,
    signatures: list(
      object({ item: shortText, value: bytes(MAX_SIGNATURE_BYTES) }),
      1,
      MAX_SIGNATURES,
    ),
  }),
} as const satisfies NotificationType<unknown>
