/**
 * Which slots hold a token, by the cheapest questions there are: no session is opened and no card is spoken to.
 * @module
 */
import pkcs11js from 'pkcs11js'
import { type Module, findCkr } from './module.ts'

/** More events than slots: a driver that never runs out of them is stopped. */
const MAX_EVENTS = 64

/** Tells the presence of tokens as a word, another one in each process: what was counted before is not known here. */
export type LookAtSlots = (module: Module) => string

/**
 * Slots alone would miss a token that was pulled out and another put in between two looks, so events are counted, too.
 * Drivers report some that never were, and not all know of any; both only make the word what it need not be.
 */
export function createLook(): LookAtSlots {
  let events = 0
  return (module) => {
    events += countEvents(module)
    const slots = module.C_GetSlotList(true).map((slot) => slot.toString('hex'))
    return `${process.pid} ${slots.toSorted().join()} ${events}`
  }
}

/** Never the form that blocks: a driver that waits for an event does nothing else, and some miss it. */
function countEvents(module: Module): number {
  for (let count = 0; count < MAX_EVENTS; count++) {
    try {
      if (module.C_WaitForSlotEvent(pkcs11js.CKF_DONT_BLOCK) === null) return count
    } catch (error) {
      if (findCkr(error) !== undefined) return count
      throw error
    }
  }
  return MAX_EVENTS
}
