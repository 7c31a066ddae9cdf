import { describe, expect, it } from 'vitest'
import { createOutbox } from './outbox.ts'

describe('the outbox of signatures', () => {
  const signature = (value: number) => Uint8Array.of(value)

  function open() {
    const clock = { ms: 1000 }
    const sent: [number, number[]][] = []
    const outbox = createOutbox(
      async (first, signatures) => void sent.push([first, signatures.map(([value = 0]) => value)]),
      () => clock.ms,
    )
    return { clock, sent, outbox }
  }

  it('sends each of a slow token at once', async () => {
    const { clock, sent, outbox } = open()
    for (const value of [7, 8, 9]) {
      await outbox.add(signature(value))
      clock.ms += 40
    }
    expect(sent).toEqual([
      [0, [7]],
      [1, [8]],
      [2, [9]],
    ])
  })

  it('sends those of a fast token together, the first at once and none twice', async () => {
    const { clock, sent, outbox } = open()
    for (const value of [1, 2, 3, 4, 5]) {
      await outbox.add(signature(value))
      clock.ms += 15
    }
    expect(sent).toEqual([
      [0, [1]],
      [1, [2, 3, 4]],
    ])
    await outbox.flush()
    await outbox.flush()
    expect(sent.slice(2)).toEqual([[4, [5]]])
  })
})
