/**
 * A new PIN for a token: by the old one, or by the PUK. Whatever fails, no secret is tried twice.
 * @module
 */
import pkcs11js from 'pkcs11js'
import { TokenError } from '@trien/sdk/errors'
import { explainCkr, isPinRefused, readPukState } from '../ckr.ts'
import type { TokenPinRequest } from '../types.ts'
import { type Handle, type Module, findCkr } from './module.ts'
import { TYPED_ON_READER, handOver, withLogin, withSession } from './session.ts'
import { type TokenSlot, listSlots, lookAgain } from './slots.ts'

/** What is replaced by what, on which token. */
export type PinRun = Omit<TokenPinRequest, 'signal'>

/** The driver does not do this, in this state of the session, or for this token; it tried nothing. */
const NOT_DONE = new Set([
  'CKR_FUNCTION_NOT_SUPPORTED',
  'CKR_FUNCTION_REJECTED',
  'CKR_USER_TYPE_INVALID',
  'CKR_USER_PIN_NOT_INITIALIZED',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_USER_ALREADY_LOGGED_IN',
  'CKR_USER_ANOTHER_ALREADY_LOGGED_IN',
  'CKR_SESSION_READ_ONLY',
  'CKR_TOKEN_WRITE_PROTECTED',
  'CKR_ACTION_PROHIBITED',
])

/**
 * Replaces the PIN. First as the logged-in user, for drivers that take C_SetPIN without a login for something else
 * (OpenSC before 0.24 for an unlock); then, for drivers that want it so, without a login. By then the PIN has been
 * proved right, so that the second way costs no try.
 * @throws {TokenError} as `TokenSource.changePin`
 */
export async function changePinOnToken(module: Module, run: PinRun): Promise<void> {
  const holder = getToken(module, run)
  if (holder.token.pinState === 'locked') throw new TokenError('TOKEN_PIN_LOCKED')
  const { secret = TYPED_ON_READER, newPin = TYPED_ON_READER } = run
  const setPin = (session: Handle): void => {
    ofNewPin(holder, () => module.C_SetPIN(session, secret, newPin))
  }
  try {
    await withSession(
      module,
      holder.slot,
      async (session) => {
        // On a keypad each call is typed anew, so the one that needs no login goes first.
        const isDone = run.secret === undefined && isDoneBy(() => setPin(session))
        if (isDone) return
        const isSet = await withLogin(module, session, run.secret, () =>
          isDoneBy(() => setPin(session)),
        )
        if (!isSet && run.secret !== undefined) setPin(session)
        else if (!isSet) throw unsupported('change-pin')
      },
      'write',
    )
  } catch (error) {
    throw await explain(module, holder, error, 'change-pin')
  }
}

/**
 * Gives the token a new PIN by its PUK, as real drivers have it:
 *
 * ```
 * C_Login(SO, PUK)  C_InitPIN(new)      the standard's way; most vendors
 * C_SetPIN(PUK, new) without a login    OpenSC, where its owner set `set_pin_in_unlogged_session`; only while the PIN is
 *                                       locked, as any other driver would take the PUK for a wrong PIN
 * ```
 * @throws {TokenError} as `TokenSource.unblock`
 */
export async function unblockToken(module: Module, run: PinRun): Promise<void> {
  const holder = getToken(module, run)
  if (holder.token.pukState === 'locked') throw new TokenError('TOKEN_PUK_LOCKED')
  const { secret = TYPED_ON_READER, newPin = TYPED_ON_READER } = run
  try {
    await withSession(
      module,
      holder.slot,
      async (session) => {
        if (await initPin(module, session, { holder, run, newPin })) return
        if (holder.token.pinState !== 'locked') throw unsupported('unblock')
        try {
          ofNewPin(holder, () => module.C_SetPIN(session, secret, newPin))
        } catch (error) {
          // Either the PUK is locked too, or this driver took it for the locked PIN: nothing can be done here.
          throw findCkr(error) === 'CKR_PIN_LOCKED' ? unsupported('unblock') : error
        }
      },
      'write',
    )
  } catch (error) {
    throw await explain(module, holder, error, 'unblock')
  }
}

/** @returns false where the driver does it in no such way, and the PUK was not tried */
async function initPin(
  module: Module,
  session: Handle,
  { holder, run, newPin }: { holder: TokenSlot; run: PinRun; newPin: string },
): Promise<boolean> {
  let isAccepted = false
  try {
    await withLogin(
      module,
      session,
      run.secret,
      () => {
        isAccepted = true
        ofNewPin(holder, () => module.C_InitPIN(session, newPin))
      },
      pkcs11js.CKU_SO,
    )
    return true
  } catch (error) {
    const ckr = findCkr(error)
    if (ckr === undefined || isPinRefused(ckr) || ckr === 'CKR_PIN_LOCKED') throw error
    // A login that failed for another reason (a PIV card has no such command) has not tried the PUK either.
    if (!isAccepted || NOT_DONE.has(ckr)) return false
    throw error
  }
}

/** Only one token may have the name: whose counter falls is not for a program to guess. */
function getToken(module: Module, { token: wanted }: PinRun): TokenSlot {
  const [found, another] = listSlots(module).filter(
    ({ token }) =>
      token.serial === wanted.serial &&
      token.manufacturer === wanted.manufacturer &&
      token.label === wanted.label,
  )
  if (found === undefined) throw new TokenError('TOKEN_ABSENT')
  if (another === undefined) return found
  throw new TokenError('TOKEN_DEVICE', { details: { ckr: 'SAME_NAME_ON_TWO_TOKENS' } })
}

/** Here a refused length or form is that of the new PIN. */
function ofNewPin({ token }: TokenSlot, call: () => void): void {
  try {
    handOver(call)
  } catch (error) {
    const ckr = findCkr(error)
    if (ckr !== 'CKR_PIN_INVALID' && ckr !== 'CKR_PIN_LEN_RANGE') throw error
    throw new TokenError('TOKEN_PIN_INVALID', { details: { ...token.pinLength }, cause: error })
  }
}

function isDoneBy(call: () => void): boolean {
  try {
    call()
    return true
  } catch (error) {
    if (NOT_DONE.has(findCkr(error) ?? '')) return false
    throw error
  }
}

async function explain(
  module: Module,
  { slot }: TokenSlot,
  error: unknown,
  operation: 'change-pin' | 'unblock',
): Promise<unknown> {
  const ckr = findCkr(error)
  if (ckr === undefined) return error
  if (NOT_DONE.has(ckr)) return unsupported(operation)
  const after = await lookAgain(module, slot, ckr)
  const known = explainCkr(ckr, after)
  if (operation === 'change-pin') return known
  if (known.code === 'TOKEN_PIN_LOCKED') return new TokenError('TOKEN_PUK_LOCKED')
  if (known.code !== 'TOKEN_PIN_INCORRECT') return known
  const state = readPukState(after.flags ?? 0)
  if (state === 'locked') return new TokenError('TOKEN_PUK_LOCKED')
  const remaining = state === 'ok' ? 'unknown' : state
  return new TokenError('TOKEN_PUK_INCORRECT', { details: { remaining } })
}

function unsupported(operation: string): TokenError {
  return new TokenError('TOKEN_UNSUPPORTED', { details: { operation } })
}
