/**
 * What a bridge says of tokens by itself.
 * @module
 */
import type { NotificationType } from './message-types.ts'
import { object } from './shape.ts'

/**
 * A token was plugged in or pulled out, or another one took its place: what `certificates.list` answered may be old.
 * Only to pages that may list; at most one a second. Says nothing else.
 */
export const tokensChanged = {
  method: 'tokens.changed',
  direction: 'bridge-to-page',
  params: object({}),
} as const satisfies NotificationType<unknown>
