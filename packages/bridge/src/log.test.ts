import { afterEach, describe, expect, it, vi } from 'vitest'
import { log, logFailure, logUnexpected } from './log.ts'

const lines: string[] = []
const said = (say: () => void): string => {
  lines.length = 0
  const spy = vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line))
  say()
  spy.mockRestore()
  return lines.join('\n')
}
afterEach(() => vi.restoreAllMocks())

describe('the log', () => {
  it('writes one line a thing, which commands no terminal', () => {
    expect(said(() => log('a\nb\x1b[2Jc\u009bd\u202ee'))).toBe('trien-bridge: a b [2Jc d\uFFFDe')
    expect(said(() => log('x'.repeat(2000))).length).toBeLessThan(600)
    expect(said(() => logFailure('a\r', 'b\n'))).toBe('trien-bridge: a \nhint: b ')
  })

  it('keeps of a foreign error its name and places, never its words', () => {
    class NamedError extends Error {
      override readonly name = 'NamedError'
    }
    const error = new NamedError('PIN 4711\n    at the desk: 4711')
    const text = said(() => logUnexpected('signing', error))
    expect(text).toMatch(
      /^trien-bridge: unexpected NamedError while signing\n {4}at .*log\.test\.ts/,
    )
    expect(text).not.toContain('4711')
    expect(said(() => logUnexpected('signing', 'PIN 4711'))).not.toContain('4711')
  })
})
