/**
 * The PIN of a PIV card (NIST SP 800-73-4 part 2 §3.2.1): eight octets, padded with FF; three tries.
 * @module
 */
import { type Answer, SW } from './apdu.ts'

const MAX_TRIES = 3
const WIDTH = 8

/** A PIN and how often it may still be wrong. */
export interface CardPin {
  tries: number
  /** Since the last power-up or failure. */
  readonly isVerified: boolean
  /** Nothing but the verification came in between; what a key that always wants the PIN asks for. */
  readonly isFresh: boolean
  /** VERIFY; without data it only asks for the state. */
  verify(data: Buffer): Answer
  /** CHANGE REFERENCE DATA: old and new side by side. */
  change(data: Buffer): Answer
  /** Any other command. */
  age(): void
  /** Power is gone. */
  reset(): void
}

export function createCardPin(initial: string): CardPin {
  let pin = pad(initial)
  let tries = MAX_TRIES
  let isVerified = false
  let isFresh = false

  const describeTries = (): Answer => ({ status: tries === 0 ? SW.pinBlocked : 0x63c0 | tries })

  function check(given: Buffer): boolean {
    const isRight = tries > 0 && given.equals(pin)
    tries = isRight ? MAX_TRIES : Math.max(0, tries - 1)
    isVerified = isFresh = isRight
    return isRight
  }

  return {
    get tries() {
      return tries
    },
    set tries(left) {
      tries = left
      isVerified = isFresh = false
    },
    get isVerified() {
      return isVerified
    },
    get isFresh() {
      return isFresh
    },
    verify(data) {
      if (data.length === 0) return isVerified ? { status: SW.success } : describeTries()
      if (data.length !== WIDTH) return { status: SW.wrongData }
      return check(data) ? { status: SW.success } : describeTries()
    },
    change(data) {
      if (data.length !== 2 * WIDTH) return { status: SW.wrongData }
      if (!check(data.subarray(0, WIDTH))) return describeTries()
      pin = Buffer.from(data.subarray(WIDTH))
      return { status: SW.success }
    },
    age() {
      isFresh = false
    },
    reset() {
      isVerified = isFresh = false
    },
  }
}

function pad(pin: string): Buffer {
  return Buffer.alloc(WIDTH, 0xff).fill(pin, 0, pin.length, 'latin1')
}
