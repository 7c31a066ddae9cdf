import { describe, expect, it } from 'vitest'
import { UserError } from '@trien/sdk/errors'
import { type Asker, createTraffic } from './traffic.ts'

const asker = (origin: string, signal = new AbortController().signal): Asker => ({ origin, signal })

/** Work that ends when told, and a record of what began. */
function workshop() {
  const traffic = createTraffic()
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const start = (origin: string, name: string, signal?: AbortSignal): Promise<void> =>
    traffic.run(asker(origin, signal), () => {
      begun.push(name)
      return new Promise<void>((resolve) => ends.set(name, resolve))
    })
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return { begun, start, turn, end: (name: string) => ends.get(name)?.() }
}

describe('traffic', () => {
  it('is four at once for an origin and eight for all, in the order of asking', async () => {
    const { begun, start, turn, end } = workshop()
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']) void start('a', name)
    for (const name of ['b1', 'b2', 'b3', 'b4']) void start('b', name)
    void start('c', 'c1')
    await turn()
    expect(begun).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3', 'b4'])
    end('b1')
    await turn()
    // a's own four are under way still, so c does not wait behind it.
    expect(begun.at(-1)).toBe('c1')
    end('a2')
    end('a1')
    await turn()
    expect(begun.slice(-2)).toEqual(['a5', 'a6'])
  })

  it('lets nobody wait without end', async () => {
    const { start, turn } = workshop()
    for (let index = 0; index < 36; index++) void start('a', `${index}`)
    await turn()
    await expect(start('a', 'one more')).rejects.toMatchObject({ code: 'BRIDGE_BUSY' })
  })

  it('forgets who no longer waits', async () => {
    const { begun, start, turn, end } = workshop()
    for (const name of ['1', '2', '3', '4']) void start('a', name)
    const controller = new AbortController()
    const waiting = start('a', '5', controller.signal)
    void start('a', '6')
    await turn()
    controller.abort(new UserError('USER_CANCELLED'))
    await expect(waiting).rejects.toMatchObject({ code: 'USER_CANCELLED' })
    end('1')
    await turn()
    expect(begun).toEqual(['1', '2', '3', '4', '6'])
    await expect(start('a', '7', controller.signal)).rejects.toMatchObject({
      code: 'USER_CANCELLED',
    })
  })

  it('goes on after work that failed', async () => {
    const traffic = createTraffic()
    for (let index = 0; index < 10; index++) {
      const failing = traffic.run(asker('a'), () => Promise.reject(new Error('no')))
      await expect(failing).rejects.toThrow('no')
    }
  })

  it('counts requests of a minute, for each origin by itself', () => {
    let nowMs = 0
    const traffic = createTraffic(() => nowMs)
    for (let index = 0; index < 600; index++) traffic.count('a')
    expect(() => traffic.count('a')).toThrow('BRIDGE_BUSY')
    traffic.count('b')
    nowMs = 60_000
    traffic.count('a')
  })
})
