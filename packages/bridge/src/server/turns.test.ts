import { describe, expect, it } from 'vitest'
import { createTurns } from './turns.ts'

const turns = (limits = {}) => createTurns({ maxPerOrigin: 4, maxWaitMs: 60_000, ...limits })
const from = (origin: string, signal = new AbortController().signal) => ({ origin, signal })

function gate(): { open: () => void; opened: Promise<void> } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, opened }
}

describe('turns', () => {
  it('come one at a time in the order of asking', async () => {
    const line = turns()
    const log: string[] = []
    const task = (name: string) => async () => {
      log.push(`${name} in`)
      await Promise.resolve()
      log.push(`${name} out`)
    }
    await Promise.all(['a', 'b', 'c'].map((name) => line.take(from(name), task(name))))
    expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  })

  it('pass on when a task fails', async () => {
    const line = turns()
    const failed = line.take(from('a'), () => Promise.reject(new Error('a')))
    await expect(failed).rejects.toThrow('a')
    await expect(line.take(from('b'), () => Promise.resolve(1))).resolves.toBe(1)
  })

  it('are given up by an abort while waiting, and never started', async () => {
    const line = turns()
    const first = gate()
    const running = line.take(from('a'), () => first.opened)
    const controller = new AbortController()
    let started = false
    const waiting = line.take(from('b', controller.signal), async () => {
      started = true
    })
    controller.abort(new Error('page closed'))
    await expect(waiting).rejects.toThrow('page closed')
    first.open()
    await running
    await line.take(from('c'), () => Promise.resolve())
    expect(started).toBe(false)
  })

  it('are refused to an origin that fills the line', async () => {
    const line = turns({ maxPerOrigin: 2 })
    const first = gate()
    const running = [1, 2].map(() => line.take(from('a'), () => first.opened))
    await expect(line.take(from('a'), () => Promise.resolve())).rejects.toMatchObject({
      code: 'BRIDGE_BUSY',
    })
    const other = line.take(from('b'), () => Promise.resolve('b'))
    first.open()
    await Promise.all(running)
    await expect(other).resolves.toBe('b')
  })

  it('are refused when the wait grows too long', async () => {
    const line = turns({ maxWaitMs: 1 })
    const first = gate()
    const running = line.take(from('a'), () => first.opened)
    await expect(line.take(from('b'), () => Promise.resolve())).rejects.toMatchObject({
      code: 'BRIDGE_BUSY',
    })
    first.open()
    await running
    await expect(line.take(from('b'), () => Promise.resolve('next'))).resolves.toBe('next')
  })
})
