/**
 * Many things at once, but not too many.
 * @module
 */

/** Takes things to be done, a few at a time, in the order in which they came. */
export interface Line<T> {
  add(one: T): void
  /**
   * Waits until nothing is left.
   * @throws what was thrown first; nothing was begun after that, and what was under way has ended
   */
  finish(): Promise<void>
}

/** Opens a line. @param limit how many are done at once */
export function openLine<T>(limit: number, act: (one: T) => Promise<void>): Line<T> {
  const waiting: T[] = []
  let next = 0
  let running = 0
  let failure: { readonly error: unknown } | undefined
  let onIdle = (): void => {}

  const isIdle = (): boolean => running === 0 && (next === waiting.length || failure !== undefined)

  async function run(one: T): Promise<void> {
    running += 1
    try {
      await act(one)
    } catch (error) {
      failure ??= { error }
    }
    running -= 1
    begin()
  }

  function begin(): void {
    while (running < limit && next < waiting.length && failure === undefined) {
      void run(waiting[next++] as T)
    }
    if (isIdle()) onIdle()
  }

  return {
    add(one) {
      waiting.push(one)
      begin()
    },
    async finish() {
      if (!isIdle()) await new Promise<void>((resolve) => (onIdle = resolve))
      if (failure !== undefined) throw failure.error
    },
  }
}
