import { describe, expect, test } from 'vitest'
import { TOKEN_FLAGS, explainCkr, readPinState } from './ckr.ts'

const there = { flags: 0, isPresent: true }
const gone = { flags: undefined, isPresent: false }

describe('a return value becomes the error that a person can act on', () => {
  test.each([
    ['CKR_PIN_LOCKED', there, 'TOKEN_PIN_LOCKED', {}],
    ['CKR_PIN_INCORRECT', there, 'TOKEN_PIN_INCORRECT', { remaining: 'unknown' }],
    ['CKR_PIN_LEN_RANGE', there, 'TOKEN_PIN_INCORRECT', { remaining: 'unknown' }],
    ['CKR_DEVICE_REMOVED', there, 'TOKEN_REMOVED', {}],
    ['CKR_TOKEN_NOT_PRESENT', gone, 'TOKEN_REMOVED', {}],
    ['CKR_GENERAL_ERROR', gone, 'TOKEN_REMOVED', {}],
    ['CKR_GENERAL_ERROR', there, 'TOKEN_DEVICE', { ckr: 'CKR_GENERAL_ERROR' }],
    ['CKR_PIN_EXPIRED', there, 'TOKEN_PIN_EXPIRED', {}],
  ])('%s', (ckr, after, code, details) => {
    expect(explainCkr(ckr, after)).toMatchObject({ code, details })
  })

  test('a wrong PIN says what the flags say after it, and locked is never called wrong', () => {
    const after = (flags: number) => explainCkr('CKR_PIN_INCORRECT', { flags, isPresent: true })
    expect(after(TOKEN_FLAGS.pinCountLow).details).toEqual({ remaining: 'low' })
    const { pinCountLow, pinFinalTry, pinLocked } = TOKEN_FLAGS
    expect(after(pinCountLow | pinFinalTry).details).toEqual({ remaining: 'final' })
    expect(after(pinCountLow | pinFinalTry | pinLocked).code).toBe('TOKEN_PIN_LOCKED')
  })
})

test('the state of the PIN by the flags that SoftHSM shows', () => {
  expect(readPinState(0x42d)).toBe('ok')
  expect(readPinState(0x1042d)).toBe('low')
})
