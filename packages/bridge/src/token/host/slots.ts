/**
 * Slots with a token in them.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import pkcs11js from 'pkcs11js'
import {
  type AfterFailure,
  TOKEN_FLAGS,
  isPinRefused,
  isRemoved,
  isVague,
  readPinState,
  readPukState,
} from '../ckr.ts'
import type { PinLength, TokenDescription } from '../types.ts'
import { type Handle, type Module, findCkr } from './module.ts'
import { keepReadable } from './readable.ts'

/** A slot whose token can be used. */
export interface TokenSlot {
  readonly slot: Handle
  readonly token: TokenDescription
  /** Mechanisms that sign. */
  readonly mechanisms: ReadonlySet<number>
}

/** More than any computer has; of a driver that tells of more the first are taken. */
const MAX_SLOTS = 64

/**
 * Lists the slots that hold an initialised token; one that cannot be read is left out.
 * @throws what the driver said where none could be read
 */
export function listSlots(module: Module): readonly TokenSlot[] {
  const slots = module.C_GetSlotList(true).slice(0, MAX_SLOTS)
  return keepReadable(slots, (slot) => {
    try {
      return describeSlot(module, slot)
    } catch (error) {
      // Pulled out between two calls: of a token that was not yet spoken to nothing is left behind.
      if (isRemoved(findCkr(error) ?? '')) return []
      throw error
    }
  })
}

function describeSlot(module: Module, slot: Handle): readonly TokenSlot[] {
  const info = module.C_GetTokenInfo(slot)
  if ((info.flags & TOKEN_FLAGS.initialized) === 0) return []
  const mechanisms = new Set(module.C_GetMechanismList(slot).filter(signs(module, slot)))
  return [{ slot, token: describeToken(info), mechanisms }]
}

/** A card service looks at its readers a few times a second; a card that is gone shows by then. */
const REMOVAL_SHOWS_MS = 1200
const LOOK_EVERY_MS = 100

/**
 * Looks again at a token after a failed call: at its flags where it refused the PIN; and where the failure may stand
 * for a removal, whether it is there. Nothing else is asked, as a driver may hang on a token that is gone.
 * @param ckr what the call returned
 */
export async function lookAgain(module: Module, slot: Handle, ckr: string): Promise<AfterFailure> {
  if (isPinRefused(ckr)) return { flags: findFlags(module, slot), isPresent: true }
  const deadline = Date.now() + REMOVAL_SHOWS_MS
  let isPresent = true
  while (isVague(ckr) && isPresent && Date.now() < deadline) {
    await sleep(LOOK_EVERY_MS)
    isPresent = isInserted(module, slot)
  }
  return { flags: undefined, isPresent }
}

function findFlags(module: Module, slot: Handle): number | undefined {
  try {
    return module.C_GetTokenInfo(slot).flags
  } catch {
    return undefined
  }
}

function isInserted(module: Module, slot: Handle): boolean {
  try {
    return module.C_GetSlotList(true).some((present) => present.equals(slot))
  } catch {
    return false
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
    pukState: readPukState(info.flags),
    pinLength: readPinLength(info),
    mustChangePin: (info.flags & TOKEN_FLAGS.pinToBeChanged) !== 0,
  }
}

const MAX_PIN_BYTES = 64

/** Some drivers leave the fields empty, or say that they do not know (all bits set). */
function readPinLength({ minPinLen, maxPinLen }: pkcs11js.TokenInfo): PinLength {
  const isKnown = maxPinLen > 0 && maxPinLen <= 255 && minPinLen <= maxPinLen
  if (!isKnown) return { min: 1, max: MAX_PIN_BYTES }
  return { min: Math.max(1, minPinLen), max: Math.min(MAX_PIN_BYTES, maxPinLen) }
}

/** Fields are padded with blanks; some drivers end them with a NUL as in C. */
function trim(field: string): string {
  return (field.split('\0', 1)[0] ?? '').trim()
}
