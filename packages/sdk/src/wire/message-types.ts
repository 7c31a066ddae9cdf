/**
 * What a message is, and the words that several messages share.
 *
 * A message is one value that holds its name, its direction and the shapes of what it carries. Added fields are
 * optional and say `@since`; a removed one takes a new protocol number.
 * @module
 */
import * as limits from './limits.ts'
import { type Shape, bytes, integer, oneOf, text } from './shape.ts'

/** A question of the page that the bridge answers. */
export interface RequestType<Params, Result> {
  readonly method: string
  readonly direction: 'page-to-bridge'
  /** Whether a person is asked on the way; decides the deadline. */
  readonly asksPerson: boolean
  readonly params: Shape<Params>
  readonly result: Shape<Result>
}

/** A word that nobody answers. */
export interface NotificationType<Params> {
  readonly method: string
  readonly direction: 'page-to-bridge' | 'bridge-to-page'
  readonly params: Shape<Params>
}

export const shortText = text(100)
/** Language of the page, for the prompt. */
export const language = oneOf(['vi', 'en'])
export const requestId = integer(1, Number.MAX_SAFE_INTEGER)
/** A certificate is named by the SHA-256 of its DER. */
export const certificateId = bytes(32)
export const certificateDer = bytes(limits.MAX_CERTIFICATE_BYTES)
