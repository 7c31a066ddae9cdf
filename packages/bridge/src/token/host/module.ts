/**
 * The PKCS#11 module of this process.
 * @module
 */
import pkcs11js from 'pkcs11js'
import { TokenError } from '@trien/sdk/errors'

/** The loaded and initialised library. */
export type Module = pkcs11js.PKCS11
/** Slots, sessions and objects, as the module counts them. */
export type Handle = pkcs11js.Handle

/**
 * Loads the library and initialises it.
 * @throws {TokenError} TOKEN_DEVICE {ckr: CKR_LIBRARY_LOAD_FAILED} where it is no PKCS#11 library
 */
export function openModule(modulePath: string): Module {
  const module = new pkcs11js.PKCS11()
  try {
    module.load(modulePath)
  } catch (cause) {
    throw new TokenError('TOKEN_DEVICE', { details: { ckr: 'CKR_LIBRARY_LOAD_FAILED' }, cause })
  }
  module.C_Initialize({ flags: pkcs11js.CKF_OS_LOCKING_OK })
  return module
}

/** The name of a PKCS#11 return value, `CKR_…`; undefined for any other error. */
export function findCkr(error: unknown): string | undefined {
  if (!(error instanceof pkcs11js.Pkcs11Error)) return undefined
  return /^CKR_\w+$/.test(error.message) ? error.message : `CKR_0x${error.code.toString(16)}`
}
