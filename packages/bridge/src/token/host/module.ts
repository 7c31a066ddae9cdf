/**
 * The PKCS#11 module of this process.
 * @module
 */
import pkcs11js from 'pkcs11js'
import { TokenError } from '@trien/sdk/errors'
import type { ModuleChoice } from '../messages.ts'
import { ModuleFailure } from '../problem.ts'
import { assertLoadable } from './inspect.ts'

/** The loaded and initialised library. */
export type Module = pkcs11js.PKCS11
/** Slots, sessions and objects, as the module counts them. */
export type Handle = pkcs11js.Handle

/**
 * Looks the library over, loads it and initialises it.
 * @throws {TokenError} TOKEN_DEVICE {ckr}, CKR_LIBRARY_LOAD_FAILED where it is no module for this process; its cause is
 *   a {ModuleFailure}
 */
export function openModule({ modulePath, parameters }: ModuleChoice): Module {
  const module = new pkcs11js.PKCS11()
  try {
    assertLoadable(modulePath)
    load(module, modulePath)
    initialize(module, parameters)
    return module
  } catch (cause) {
    if (!(cause instanceof ModuleFailure)) throw cause
    const ckr = findCkr(cause.cause) ?? 'CKR_LIBRARY_LOAD_FAILED'
    throw new TokenError('TOKEN_DEVICE', { details: { ckr }, cause })
  }
}

function load(module: Module, modulePath: string): void {
  try {
    module.load(modulePath)
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause)
    throw new ModuleFailure('not-loaded', `could not be loaded: ${why}`, { cause })
  }
}

/** NSS and a few others read parameters where the standard has a reserved pointer (CK_C_INITIALIZE_ARGS). */
function initialize(module: Module, parameters: string | undefined): void {
  const flags = pkcs11js.CKF_OS_LOCKING_OK
  try {
    module.C_Initialize(
      parameters === undefined ? { flags } : { flags, libraryParameters: parameters },
    )
  } catch (cause) {
    const ckr = findCkr(cause)
    if (ckr === undefined) throw cause
    throw new ModuleFailure('not-started', `would not start: ${ckr}`, { cause })
  }
}

/** The name of a PKCS#11 return value, `CKR_…`; undefined for any other error. */
export function findCkr(error: unknown): string | undefined {
  if (!(error instanceof pkcs11js.Pkcs11Error)) return undefined
  return /^CKR_\w+$/.test(error.message) ? error.message : `CKR_0x${error.code.toString(16)}`
}
