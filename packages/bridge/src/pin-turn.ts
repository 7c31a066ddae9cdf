/**
 * One program of a person at a time reads how a token stands, asks for its PIN and uses it. Two would each believe that
 * they have the tries which the other one is about to spend, and one could change a PIN in the middle of the other's run.
 * @module
 */
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { BridgeError } from '@trien/sdk/errors'
import { LockedError, withLock } from './lock.ts'
import { openStateFolder } from './state-folder.ts'

const FOLDER = 'in-use'

/** The turns of all modules. */
export interface PinTurn {
  /**
   * Does the task when no other program of this person does one with the same module.
   * @param module a `TokenSource`'s name
   * @throws {BridgeError} BRIDGE_BUSY where another one goes on for too long; the signal's reason; what the task throws
   */
  take<T>(module: string, signal: AbortSignal, task: () => Promise<T>): Promise<T>
}

/** Of what lives in this process alone. */
export const NO_PIN_TURN: PinTurn = { take: (_module, _signal, task) => task() }

/**
 * Holds one file for each module while a task runs, `$STATE/in-use/`, under a hash of its name. Where the folder cannot
 * be had there are no turns: nothing is signed there anyway, for the journal cannot be had either, and says so better.
 * @param patienceMs how long to wait for other programs
 */
export function createPinTurn(findFolder: () => string, patienceMs: number): PinTurn {
  return {
    async take(module, signal, task) {
      const lock = findLock(findFolder, module)
      if (lock === undefined) return task()
      let isTaken = false
      const takeIt = () => {
        isTaken = true
        return task()
      }
      try {
        return await withLock(lock, takeIt, { patienceMs, signal })
      } catch (error) {
        if (isTaken) throw error
        if (error instanceof LockedError) throw new BridgeError('BRIDGE_BUSY', { cause: error })
        signal.throwIfAborted()
        return task()
      }
    },
  }
}

function findLock(findFolder: () => string, module: string): string | undefined {
  try {
    const folder = path.join(openStateFolder(findFolder()), FOLDER)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const name = createHash('sha256').update(module).digest('hex').slice(0, 16)
    return path.join(folder, name)
  } catch {
    return undefined
  }
}
