/**
 * PKCS#11 return values, explained once.
 * @module
 */
import type { PinState } from './types.ts'
import { type SigningError, TokenError, UserError } from '@trien/sdk/errors'

/** CKF_* of CK_TOKEN_INFO (PKCS#11 2.40 §3.2). */
export const TOKEN_FLAGS = {
  protectedAuthentication: 0x100,
  initialized: 0x400,
  pinCountLow: 0x10000,
  pinFinalTry: 0x20000,
  pinLocked: 0x40000,
  pinToBeChanged: 0x80000,
} as const

/** Reads how many wrong PINs are left, as far as the flags say. */
export function readPinState(flags: number): PinState {
  if ((flags & TOKEN_FLAGS.pinLocked) !== 0) return 'locked'
  if ((flags & TOKEN_FLAGS.pinFinalTry) !== 0) return 'final'
  return (flags & TOKEN_FLAGS.pinCountLow) !== 0 ? 'low' : 'ok'
}

/** The SO PIN has flags of its own, four bits above those of the user's. */
export function readPukState(flags: number): PinState {
  return readPinState(flags >>> 4)
}

/** The token is gone, or is no longer the one that was asked. */
const REMOVED = new Set([
  'CKR_DEVICE_REMOVED',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
  'CKR_SLOT_ID_INVALID',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
])

const CANCELLED = new Set(['CKR_CANCEL', 'CKR_FUNCTION_CANCELED'])

/** A PIN that the token would not even try is a wrong PIN to the person who typed it. */
const PIN_REFUSED = new Set(['CKR_PIN_INCORRECT', 'CKR_PIN_INVALID', 'CKR_PIN_LEN_RANGE'])

/** What drivers say of a token that was pulled out, and of much else: only a look at the slot tells them apart. */
const VAGUE = new Set(['CKR_GENERAL_ERROR', 'CKR_DEVICE_ERROR', 'CKR_FUNCTION_FAILED'])

/** The mechanism was listed, yet this key or token does not do it; another way may work. */
const MECHANISM_REFUSED = new Set([
  'CKR_MECHANISM_INVALID',
  'CKR_MECHANISM_PARAM_INVALID',
  'CKR_FUNCTION_NOT_SUPPORTED',
  'CKR_KEY_TYPE_INCONSISTENT',
  'CKR_KEY_FUNCTION_NOT_PERMITTED',
])

/** What is known of the token when a call has failed. */
export interface AfterFailure {
  /** Flags read again after a PIN was refused; undefined after other failures, and where the token no longer answers. */
  readonly flags: number | undefined
  readonly isPresent: boolean
}

/** Tells whether a return value says that the token is gone. */
export function isRemoved(ckr: string): boolean {
  return REMOVED.has(ckr)
}

/** Tells whether another mechanism for the same algorithm is worth a try. */
export function isMechanismRefused(ckr: string): boolean {
  return MECHANISM_REFUSED.has(ckr)
}

/** Tells whether the token refused the PIN, so that its flags now say how many tries are left. */
export function isPinRefused(ckr: string): boolean {
  return PIN_REFUSED.has(ckr)
}

/** Tells whether a return value may stand for a removal as well as for much else. */
export function isVague(ckr: string): boolean {
  return VAGUE.has(ckr)
}

/**
 * Makes the error that a return value stands for. Locked is never reported as wrong.
 * @param ckr its name, `CKR_…`
 */
export function explainCkr(ckr: string, after: AfterFailure): SigningError {
  if (REMOVED.has(ckr) || (isVague(ckr) && !after.isPresent)) {
    return new TokenError('TOKEN_REMOVED')
  }
  // The person pressed the red key of the reader's own keypad.
  if (CANCELLED.has(ckr)) return new UserError('USER_CANCELLED')
  if (ckr === 'CKR_PIN_LOCKED') return new TokenError('TOKEN_PIN_LOCKED')
  if (ckr === 'CKR_PIN_EXPIRED') return new TokenError('TOKEN_PIN_EXPIRED')
  if (isPinRefused(ckr)) {
    const state = readPinState(after.flags ?? 0)
    if (state === 'locked') return new TokenError('TOKEN_PIN_LOCKED')
    const remaining = state === 'ok' ? 'unknown' : state
    return new TokenError('TOKEN_PIN_INCORRECT', { details: { remaining } })
  }
  return new TokenError('TOKEN_DEVICE', { details: { ckr } })
}
