/**
 * What a use of a PIN leaves in our own memory of wrong ones.
 * @module
 */
import { isSigningError } from '@trien/sdk/errors'
import type { PinMemory, TokenName } from '../pin-memory.ts'

/**
 * Does what needs the PIN. A wrong one is noted; a right one, or a lock, which the token itself remembers, ends the
 * count. What ended before the token judged the PIN leaves the count as it is.
 * @param use calls back when the token has taken the PIN, whatever becomes of the rest
 * @throws what `use` throws
 */
export async function withPinMemory<T>(
  memory: PinMemory,
  token: TokenName,
  use: (onAccepted: () => void) => Promise<T>,
): Promise<T> {
  try {
    return await use(() => memory.forget(token, 'pin'))
  } catch (error) {
    const code = isSigningError(error) ? error.code : undefined
    if (code === 'TOKEN_PIN_INCORRECT') memory.noteWrong(token, 'pin')
    else if (code === 'TOKEN_PIN_LOCKED') memory.forget(token, 'pin')
    throw error
  }
}
