import { afterEach, expect, it, vi } from 'vitest'
import { FailureTally } from './failure-tally.ts'

afterEach(() => vi.useRealTimers())

it('waits longer for a refusal the more sockets failed, and forgets them as Chromium does', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const tally = new FailureTally()
  expect(tally.refusalLimitMs()).toBeCloseTo(501, 0)
  for (let failures = 0; failures < 10; failures++) tally.add()
  expect(tally.refusalLimitMs()).toBe(1_750)
  for (let failures = 0; failures < 100; failures++) tally.add()
  expect(tally.refusalLimitMs()).toBe(5_500)
  vi.advanceTimersByTime(360_001)
  tally.add()
  expect(tally.refusalLimitMs()).toBeLessThan(510)
  tally.add()
  tally.forgive()
  expect(tally.refusalLimitMs()).toBeCloseTo(501, 0)
})
