/**
 * One reading at a time, and at most one more in line, for all who ask.
 * @module
 */

/** The readings of one source. */
export interface Readings<T> {
  /** A reading that begins now or later, never one that has begun before. */
  begin(): Promise<T>
  /** Resolves when the one that runs now is over, for better or worse; at once where none runs. */
  untilOver(): Promise<void>
  /** Milliseconds since the running one began; 0 where none runs. */
  age(): number
}

/** Makes an empty line. */
export function createReadings<T>(read: () => Promise<T>): Readings<T> {
  let running: { readonly result: Promise<T>; readonly since: number } | undefined
  let next: Promise<T> | undefined

  function begin(): Promise<T> {
    if (running === undefined) {
      const result = read().finally(() => {
        running = undefined
      })
      running = { result, since: performance.now() }
      return result
    }
    const follow = (): Promise<T> => {
      next = undefined
      return begin()
    }
    return (next ??= running.result.then(follow, follow))
  }

  return {
    begin,
    async untilOver() {
      await running?.result.catch(() => undefined)
    },
    age: () => (running === undefined ? 0 : performance.now() - running.since),
  }
}
