/**
 * Sessions and logins that never outlive their use: a login counts for the whole process, so one left behind would
 * serve the next origin that asks.
 * @module
 */
import pkcs11js from 'pkcs11js'
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
 * What pkcs11js takes for no PIN: it has no way to hand over the null pointer that a keypad wants (PKCS#11 2.40 §5.6),
 * only one to no octets. OpenSC starts a keypad for a null pointer alone, and gives the card an empty PIN for this.
 */
export const TYPED_ON_READER = ''

function login(module: Module, session: Handle, pin: string | undefined, user: number): void {
  const typed = pin ?? TYPED_ON_READER
  try {
    module.C_Login(session, user, typed)
  } catch (error) {
    if (findCkr(error) !== 'CKR_USER_ALREADY_LOGGED_IN') throw error
    // A driver that kept a login in spite of us: this PIN must open it, not the last one.
    module.C_Logout(session)
    module.C_Login(session, user, typed)
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
