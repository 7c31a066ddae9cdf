/**
 * Measuring whether somebody is disturbed, on a machine that may be busy with other things at any moment: the one and a
 * stranger who cannot be disturbed do the same by turns, all the time, and their times are compared.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds. */
export interface Times {
  readonly count: number
  readonly half: number
  readonly p99: number
  readonly worst: number
}

/** What the two took. */
export interface PairedTimes {
  readonly neighbour: Times
  readonly stranger: Times
}

/** Work that goes on. */
export interface PairedLoad<Name extends string> {
  /** @throws what any of the work threw */
  stop(): Promise<Readonly<Record<Name, PairedTimes>>>
}

type Work = () => Promise<unknown>

/**
 * Who waits for an answer asks nothing meanwhile, so that one long wait would count as one among many short ones. Each
 * such time stands for all the questions that would have been asked in it, one in so many milliseconds.
 */
const INTERVAL_MS = 50
/** Room for the other processes of a small machine. */
const PAUSE_MS = 20

/** Begins to do each kind of work, by both, without end. */
export function startPairedLoad<Name extends string>(
  kinds: Readonly<Record<Name, { readonly neighbour: Work; readonly stranger: Work }>>,
): PairedLoad<Name> {
  const names = Object.keys(kinds) as Name[]
  const taken = new Map(names.map((name) => [name, { neighbour: [], stranger: [] } as Taken]))
  let isOver = false
  const running = (async () => {
    while (!isOver) {
      for (const [name, { neighbour, stranger }] of taken) {
        await measure(neighbour, kinds[name].neighbour)
        await measure(stranger, kinds[name].stranger)
      }
      await sleep(PAUSE_MS)
    }
  })()
  // What went wrong is for `stop` to tell.
  running.catch(() => undefined)
  return {
    async stop() {
      isOver = true
      await running
      const described = [...taken].map(([name, { neighbour, stranger }]) => [
        name,
        { neighbour: describe(neighbour), stranger: describe(stranger) },
      ])
      return Object.fromEntries(described) as Record<Name, PairedTimes>
    },
  }
}

interface Taken {
  readonly neighbour: number[]
  readonly stranger: number[]
}

async function measure(taken: number[], work: Work): Promise<void> {
  const begun = performance.now()
  await work()
  let waited = performance.now() - begun
  do taken.push(waited)
  while ((waited -= INTERVAL_MS) > 0)
}

function describe(taken: readonly number[]): Times {
  const sorted = taken.toSorted((one, two) => one - two)
  const under = (share: number): number =>
    Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN)
  return { count: sorted.length, half: under(0.5), p99: under(0.99), worst: under(1) }
}
