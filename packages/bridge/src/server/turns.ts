/**
 * One at a time, first come first served.
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'

/** What waits in a line. */
export interface TurnOptions {
  /** Who asks; nobody may fill the line. */
  readonly origin: string
  /** Aborting takes it out of the line; once its turn has come the task minds the signal itself. */
  readonly signal: AbortSignal
}

/** A line of tasks, of which one runs. */
export interface Turns {
  /**
   * Runs the task when all before it have ended.
   * @throws {BridgeError} BRIDGE_BUSY where the origin has too many in the line or the wait grew too long; the
   *   signal's reason; what the task throws
   */
  take<T>(options: TurnOptions, task: () => Promise<T>): Promise<T>
}

interface Waiting {
  readonly origin: string
  readonly start: () => void
}

/** @param limits how many one origin may have in the line, the running one included, and how long one may wait */
export function createTurns(limits: {
  readonly maxPerOrigin: number
  readonly maxWaitMs: number
}): Turns {
  const line: Waiting[] = []
  const next = (): void => {
    line.shift()
    line[0]?.start()
  }

  /** Resolves when the turn has come; afterwards `next` must be called. */
  function wait({ origin, signal }: TurnOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown): void => {
        const index = line.indexOf(waiting)
        line.splice(index, 1)
        stopWaiting()
        reject(reason as Error)
      }
      const onAbort = (): void => {
        leave(signal.reason)
      }
      const timer = setTimeout(() => {
        leave(new BridgeError('BRIDGE_BUSY'))
      }, limits.maxWaitMs)
      const stopWaiting = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      }
      const waiting: Waiting = {
        origin,
        start() {
          stopWaiting()
          resolve()
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      line.push(waiting)
      if (line.length === 1) waiting.start()
    })
  }

  return {
    async take(options, task) {
      options.signal.throwIfAborted()
      const own = line.filter(({ origin }) => origin === options.origin).length
      if (own >= limits.maxPerOrigin) throw new BridgeError('BRIDGE_BUSY')
      await wait(options)
      try {
        return await task()
      } finally {
        next()
      }
    },
  }
}
