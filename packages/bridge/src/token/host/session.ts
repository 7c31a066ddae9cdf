/**
 * Sessions and logins that never outlive their use: a login counts for the whole process, so one left behind would
 * serve the next origin that asks.
 * @module
 */
import pkcs11js from 'pkcs11js'
import { TokenError } from '@trien/sdk/errors'
import { type Handle, type Module, findCkr } from './module.ts'

/** As `withSession`, for what is done at once. */
export function readInSession<T>(module: Module, slot: Handle, use: (session: Handle) => T): T {
  const session = module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION)
  try {
    return use(session)
  } finally {
    ignoreCkr(() => module.C_CloseSession(session))
  }
}

/** Opens a session of its own, and closes it whatever happens. */
export async function withSession<T>(
  module: Module,
  slot: Handle,
  use: (session: Handle) => T | Promise<T>,
  mode: 'read' | 'write' = 'read',
): Promise<T> {
  const flags = mode === 'write' ? pkcs11js.CKF_RW_SESSION : 0
  const session = module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | flags)
  try {
    return await use(session)
  } finally {
    ignoreCkr(() => module.C_CloseSession(session))
  }
}

/**
 * Logs in, and logs out whatever happens.
 * @param pin undefined where the reader has its own keypad
 */
export async function withLogin<T>(
  module: Module,
  session: Handle,
  pin: string | undefined,
  use: () => T | Promise<T>,
  user: number = pkcs11js.CKU_USER,
): Promise<T> {
  login(module, session, pin, user)
  try {
    return await use()
  } finally {
    ignoreCkr(() => module.C_Logout(session))
  }
}

/**
 * No PIN: the null pointer by which a reader's keypad is started (PKCS#11 2.40 §5.6), which the types of pkcs11js do not
 * know. An empty PIN instead would be given to the card by OpenSC, and might cost a try.
 */
export const TYPED_ON_READER = null as unknown as string

/**
 * Makes a call that takes PINs.
 * @throws {TokenError} TOKEN_UNSUPPORTED {reason: keypad} where pkcs11js is one without our patch, which refuses the
 *   null pointer before the driver is called
 */
export function handOver(call: () => void): void {
  try {
    call()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const details = { operation: 'login', reason: 'keypad' }
    throw new TokenError('TOKEN_UNSUPPORTED', { details, cause: error })
  }
}

function login(module: Module, session: Handle, pin: string | undefined, user: number): void {
  const typed = pin ?? TYPED_ON_READER
  try {
    handOver(() => module.C_Login(session, user, typed))
  } catch (error) {
    if (findCkr(error) !== 'CKR_USER_ALREADY_LOGGED_IN') throw error
    // A driver that kept a login in spite of us: this PIN must open it, not the last one.
    module.C_Logout(session)
    handOver(() => module.C_Login(session, user, typed))
  }
}

/** For calls that tidy up: a token that is gone cannot be logged out; the first error is the one to tell. */
export function ignoreCkr(call: () => void): void {
  try {
    call()
  } catch (error) {
    if (findCkr(error) === undefined) throw error
  }
}
