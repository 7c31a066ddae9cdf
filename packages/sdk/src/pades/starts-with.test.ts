import { describe, expect, it } from 'vitest'
import { isSameRun, startsWith } from './starts-with.ts'

describe('startsWith', () => {
  const file = Uint8Array.from({ length: 103 }, (_, index) => index)

  it('sees every byte that differs, wherever the bytes lie in memory', () => {
    for (const shift of [0, 1, 4]) {
      for (let at = 0; at < 99; at++) {
        const buffer = new Uint8Array(99 + shift)
        const document = buffer.subarray(shift)
        document.set(file.subarray(0, 99))
        expect(startsWith(file, document) && isSameRun(file.subarray(0, 99), document)).toBe(true)
        document[at]! ^= 0x80
        expect(startsWith(file, document) || isSameRun(file.subarray(0, 99), document)).toBe(false)
      }
    }
  })

  it('is not fulfilled by a file that ends before the document', () => {
    expect(startsWith(file.subarray(0, 98), file)).toBe(false)
    expect(isSameRun(file.subarray(0, 98), file)).toBe(false)
  })
})
