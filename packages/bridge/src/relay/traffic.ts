/**
 * How much an origin may have fetched.
 * @module
 */
import { BridgeError } from '@trien/sdk/errors'

/** Whose request it is. */
export interface Asker {
  readonly origin: string
  readonly signal: AbortSignal
}

/** What is under way to servers. */
export interface Traffic {
  /** Counts a request of an origin. @throws {BridgeError} BRIDGE_BUSY above the rate */
  count(origin: string): void
  /**
   * Fetches when there is room, first come first served within an origin.
   * @throws {BridgeError} BRIDGE_BUSY where too many wait; the signal's reason; what `work` throws
   */
  run<T>(asker: Asker, work: () => Promise<T>): Promise<T>
}

/** Servers of time stamps were seen to take no more from one side. */
const MAX_UNDER_WAY_PER_ORIGIN = 4
const MAX_UNDER_WAY = 8
const MAX_WAITING_PER_ORIGIN = 32
const MAX_REQUESTS_PER_MINUTE = 600
const MINUTE_MS = 60_000

interface Waiting {
  readonly origin: string
  readonly start: () => void
}

/** @param now milliseconds, monotonic */
export function createTraffic(now: () => number = () => performance.now()): Traffic {
  const underWay: string[] = []
  const waiting: Waiting[] = []
  const counts = new Map<string, { minute: number; count: number }>()

  const countIn = (list: readonly { readonly origin: string }[], origin: string): number =>
    list.filter((item) => item.origin === origin).length
  const hasRoom = (origin: string): boolean =>
    underWay.length < MAX_UNDER_WAY &&
    underWay.filter((other) => other === origin).length < MAX_UNDER_WAY_PER_ORIGIN

  function startNext(): void {
    const next = waiting.findIndex(({ origin }) => hasRoom(origin))
    const [started] = next === -1 ? [] : waiting.splice(next, 1)
    if (started === undefined) return
    underWay.push(started.origin)
    started.start()
  }

  function enter({ origin, signal }: Asker): Promise<void> {
    if (hasRoom(origin)) {
      underWay.push(origin)
      return Promise.resolve()
    }
    if (countIn(waiting, origin) >= MAX_WAITING_PER_ORIGIN) throw new BridgeError('BRIDGE_BUSY')
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        waiting.splice(waiting.indexOf(entry), 1)
        reject(signal.reason as Error)
      }
      const start = (): void => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }
      const entry: Waiting = { origin, start }
      signal.addEventListener('abort', onAbort, { once: true })
      waiting.push(entry)
    })
  }

  return {
    count(origin) {
      const minute = Math.floor(now() / MINUTE_MS)
      const known = counts.get(origin)
      const count = known?.minute === minute ? known.count + 1 : 1
      if (known?.minute !== minute) {
        for (const [other, { minute: last }] of counts) if (last !== minute) counts.delete(other)
      }
      counts.set(origin, { minute, count })
      if (count > MAX_REQUESTS_PER_MINUTE) throw new BridgeError('BRIDGE_BUSY')
    },
    async run(asker, work) {
      asker.signal.throwIfAborted()
      await enter(asker)
      try {
        return await work()
      } finally {
        underWay.splice(underWay.indexOf(asker.origin), 1)
        startNext()
      }
    },
  }
}
