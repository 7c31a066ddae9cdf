import { describe, expect, test } from 'vitest'
import { TokenError } from '@trien/sdk/errors'
import { createHastyReading } from './haste.ts'

const PATIENCE_MS = 12_000

/** A process that is told what each of its readings does, and notes how long it was given. */
function createProcess() {
  const given: number[] = []
  const state = { pid: 1, next: ['token'] as readonly string[] | TokenError }
  const read = createHastyReading<readonly string[]>({
    patienceMs: PATIENCE_MS,
    findPid: () => state.pid,
    async read(withinMs) {
      given.push(withinMs)
      const { next } = state
      if (!(next instanceof TokenError)) return next
      // The one that is asked after a failure answers.
      state.pid += 1
      state.next = []
      throw next
    },
    hasTokens: (found) => found.length > 0,
  })
  return { given, state, read: () => read(new AbortController().signal) }
}

const HANG = new TokenError('TOKEN_TIMEOUT')

describe('a reading', () => {
  test('that is the first has all the time there is', async () => {
    const { given, state, read } = createProcess()
    state.next = HANG
    await expect(read()).rejects.toBe(HANG)
    expect(given).toEqual([PATIENCE_MS])
  })

  test('of a process that had tokens is given up early, and made by another for the rest of the time', async () => {
    const { given, state, read } = createProcess()
    await read()
    state.next = HANG
    expect(await read()).toEqual([])
    const [, hastyMs = 0, restMs] = given
    expect(hastyMs).toBeLessThan(PATIENCE_MS / 4)
    expect(restMs).toBe(PATIENCE_MS - hastyMs)
  })

  test('of a process that had no token, or of a new one, has all the time', async () => {
    const { given, state, read } = createProcess()
    state.next = []
    await read()
    await read()
    state.next = ['token']
    await read()
    state.pid += 1
    await read()
    expect(given).toEqual([PATIENCE_MS, PATIENCE_MS, PATIENCE_MS, PATIENCE_MS])
  })

  test('that has no time for two has all of it', async () => {
    const given: number[] = []
    const read = createHastyReading({
      patienceMs: 3000,
      findPid: () => 1,
      read: async (withinMs) => given.push(withinMs),
      hasTokens: () => true,
    })
    for (let round = 0; round < 2; round++) await read(new AbortController().signal)
    expect(given).toEqual([3000, 3000])
  })

  test('that fails in another way is not made again', async () => {
    const { given, state, read } = createProcess()
    await read()
    const crash = new TokenError('TOKEN_DRIVER_CRASHED')
    state.next = crash
    await expect(read()).rejects.toBe(crash)
    expect(given).toHaveLength(2)
  })
})
