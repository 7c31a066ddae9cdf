/**
 * `token.changePin` and `token.unblock`: the person changes or unlocks the PIN of the token that holds a certificate,
 * entirely in the bridge's own prompt. No secret has a place in either message.
 * @module
 */
import { type RequestType, certificateId, language } from './message-types.ts'
import { object, optional } from './shape.ts'

const params = object({ certificate: certificateId, language: optional(language) })
const result = object({})

/** Old PIN, new PIN, new PIN again. Only for origins that may list. */
export const changePin = {
  method: 'token.changePin',
  direction: 'page-to-bridge',
  asksPerson: true,
  params,
  result,
} as const satisfies RequestType<unknown, unknown>

/** PUK, new PIN, new PIN again. Only for origins that may list. */
export const unblock = {
  method: 'token.unblock',
  direction: 'page-to-bridge',
  asksPerson: true,
  params,
  result,
} as const satisfies RequestType<unknown, unknown>
