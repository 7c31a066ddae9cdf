import { describe, expect, it } from 'vitest'
import { joinSource, openSource } from './source.ts'

const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff)

/** Around the seams of blocks, over several blocks, beyond the end. */
const RANGES: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 10],
  [65_530, 65_536],
  [65_530, 65_540],
  [65_536, 65_540],
  [10, 190_000],
  [199_990, 300_000],
  [200_000, 200_010],
]

describe('sources', () => {
  it.each(RANGES)('give the same of bytes and Blob from %i to %i', async (start, end) => {
    const expected = bytes.slice(start, end)
    expect(await openSource(bytes).read(start, end)).toEqual(expected)
    expect(await openSource(new Blob([bytes])).read(start, end)).toEqual(expected)
    const joined = joinSource(openSource(bytes.subarray(0, 65_535)), bytes.subarray(65_535))
    expect(await joined.read(start, end)).toEqual(expected)
  })

  it('do not copy bytes', async () => {
    expect((await openSource(bytes).read(5, 9)).buffer).toBe(bytes.buffer)
  })

  it('ask a Blob once for what lies together', async () => {
    const asked: (readonly [number, number])[] = []
    class Watched extends Blob {
      override slice(start = 0, end = this.size): Blob {
        asked.push([start, end])
        return super.slice(start, end)
      }
    }
    const source = openSource(new Watched([bytes]))
    for (let at = 0; at < 60_000; at += 1000) await source.read(at, at + 1000)
    expect(asked).toEqual([[0, 65_536]])
  })
})
