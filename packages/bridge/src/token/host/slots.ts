/**
 * Slots with a token in them.
 * @module
 */
import pkcs11js from 'pkcs11js'
import { TOKEN_FLAGS, readPinState } from '../ckr.ts'
import type { TokenDescription } from '../types.ts'
import { type Handle, type Module, findCkr } from './module.ts'

/** A slot whose token can be used. */
export interface TokenSlot {
  readonly slot: Handle
  readonly token: TokenDescription
  /** Mechanisms that sign. */
  readonly mechanisms: ReadonlySet<number>
}

/** Lists the slots that hold an initialised token; one that cannot be read is left out. */
export function listSlots(module: Module): readonly TokenSlot[] {
  return module.C_GetSlotList(true).flatMap((slot) => {
    try {
      const info = module.C_GetTokenInfo(slot)
      if ((info.flags & TOKEN_FLAGS.initialized) === 0) return []
      const mechanisms = new Set(module.C_GetMechanismList(slot).filter(signs(module, slot)))
      return [{ slot, token: describeToken(info), mechanisms }]
    } catch (error) {
      // Pulled out between two calls, or a token of another make in a shared reader.
      if (findCkr(error) !== undefined) return []
      throw error
    }
  })
}

/** Looks again at a token after a failed call. */
export function lookAgain(module: Module, slot: Handle): { flags?: number; isPresent: boolean } {
  try {
    const isPresent = module.C_GetSlotList(true).some((present) => present.equals(slot))
    return isPresent ? { flags: module.C_GetTokenInfo(slot).flags, isPresent } : { isPresent }
  } catch {
    return { isPresent: false }
  }
}

function signs(module: Module, slot: Handle): (mechanism: number) => boolean {
  return (mechanism) => {
    try {
      const { flags } = module.C_GetMechanismInfo(slot, mechanism)
      return (flags & pkcs11js.CKF_SIGN) !== 0
    } catch {
      // Some drivers list what they then do not describe; C_SignInit will tell.
      return true
    }
  }
}

function describeToken(info: pkcs11js.TokenInfo): TokenDescription {
  return {
    label: trim(info.label),
    manufacturer: trim(info.manufacturerID),
    serial: trim(info.serialNumber),
    pinState: readPinState(info.flags),
    protectedAuthentication: (info.flags & TOKEN_FLAGS.protectedAuthentication) !== 0,
  }
}

/** Fields are padded with blanks; some drivers end them with a NUL as in C. */
function trim(field: string): string {
  return (field.split('\0', 1)[0] ?? '').trim()
}
