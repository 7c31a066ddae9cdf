/**
 * PIN and PUK of the embedded token, with a real token's manners. Both are as before at the next start.
 * @module
 */
import { TokenError } from '@trien/sdk/errors'
import type { PinState } from '../token/types.ts'

/** No secret: it is printed at start. */
export const DEMO_PIN = '123456'
/** No secret either. */
export const DEMO_PUK = '12345678'

export const PIN_LENGTH = { min: 4, max: 16 } as const

const MAX_WRONG = 5

/** All throw a {TokenError} as a `TokenSource` does. */
export interface DemoPin {
  state(): PinState
  pukState(): PinState
  verify(pin: string | undefined): void
  change(pin: string | undefined, newPin: string | undefined): void
  unblock(puk: string | undefined, newPin: string | undefined): void
}

export function createDemoPin(): DemoPin {
  const pin = createSecret(DEMO_PIN, 'TOKEN_PIN_INCORRECT', 'TOKEN_PIN_LOCKED')
  const puk = createSecret(DEMO_PUK, 'TOKEN_PUK_INCORRECT', 'TOKEN_PUK_LOCKED')
  return {
    state: pin.state,
    pukState: puk.state,
    verify: pin.verify,
    change(old, newPin) {
      pin.verify(old)
      pin.replace(assertLength(newPin))
    },
    unblock(code, newPin) {
      puk.verify(code)
      pin.replace(assertLength(newPin))
    },
  }
}

function assertLength(newPin = ''): string {
  const length = Buffer.byteLength(newPin)
  if (length >= PIN_LENGTH.min && length <= PIN_LENGTH.max) return newPin
  throw new TokenError('TOKEN_PIN_INVALID', { details: { ...PIN_LENGTH } })
}

/** Counts wrong ones as CKF_USER_PIN_COUNT_LOW, _FINAL_TRY and _LOCKED tell of them; the right one forgives. */
function createSecret(
  initial: string,
  incorrect: 'TOKEN_PIN_INCORRECT' | 'TOKEN_PUK_INCORRECT',
  locked: 'TOKEN_PIN_LOCKED' | 'TOKEN_PUK_LOCKED',
) {
  let secret = initial
  let wrong = 0
  const state = (): PinState => {
    if (wrong >= MAX_WRONG) return 'locked'
    if (wrong === MAX_WRONG - 1) return 'final'
    return wrong > 0 ? 'low' : 'ok'
  }
  return {
    state,
    verify(given: string | undefined): void {
      if (state() === 'locked') throw new TokenError(locked)
      if (given === secret) {
        wrong = 0
        return
      }
      wrong += 1
      const remaining = state()
      if (remaining === 'locked') throw new TokenError(locked)
      throw new TokenError(incorrect, { details: { remaining } })
    },
    replace(next: string): void {
      secret = next
      wrong = 0
    },
  }
}
