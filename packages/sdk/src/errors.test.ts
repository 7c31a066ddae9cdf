import { describe, expect, it } from 'vitest'
import {
  CATALOGUE,
  type ErrorCode,
  FormatError,
  TokenError,
  readDetails,
  createError,
  isSigningError,
} from './errors.ts'
import { WIRE_DETAILS, allowedDetails } from './error-details.ts'
import { ERROR_TEXTS, describeError } from './error-texts.ts'

describe('the error catalogue', () => {
  it.each(Object.keys(CATALOGUE) as ErrorCode[])(
    '%s says what happened and what to do, in both languages',
    (code) => {
      const details = WIRE_DETAILS[code] ?? []
      const { sentence, remedy, remedyByReason = {}, byRule = {} } = ERROR_TEXTS[code]
      const ruled = Object.values(byRule).flatMap((text) => [text.sentence, text.remedy])
      const texts = [sentence, remedy, ...Object.values(remedyByReason), ...ruled]
      for (const text of texts.flatMap(({ vi, en }) => [vi, en])) {
        expect(text).toMatch(/^[\p{Lu}U].*[.)]$/u)
        for (const [, name] of text.matchAll(/\{(\w+)\}/g)) expect(details).toContain(name)
      }
      expect(sentence.vi).not.toBe(sentence.en)
      expect(createError(code).code).toBe(code)
    },
  )

  it('makes the class that a code belongs to', () => {
    expect(createError('TOKEN_PIN_LOCKED')).toBeInstanceOf(TokenError)
    expect(createError('FORMAT_CHANGED')).toBeInstanceOf(FormatError)
    expect(createError('FORMAT_CHANGED').name).toBe('FormatError')
  })

  it('fills details into sentences', () => {
    const error = createError('TOKEN_DEVICE', { details: { ckr: 'CKR_DEVICE_ERROR' } })
    expect(describeError(error, 'en').sentence).toBe(
      'The token reported an error (CKR_DEVICE_ERROR).',
    )
    expect(describeError(error, 'vi').sentence).toContain('CKR_DEVICE_ERROR')
    expect(error.message).toBe('TOKEN_DEVICE (ckr: CKR_DEVICE_ERROR)')
    expect(createError('TOKEN_ABSENT').message).toBe('TOKEN_ABSENT')
  })

  it('has no words for the errors of others, or in other languages', () => {
    const refusal = expect.objectContaining({ code: 'USAGE_ARGUMENT' })
    for (const error of [undefined, new Error('404'), { code: 'ENOENT' }, { code: 'toString' }]) {
      expect(() => describeError(error as never, 'vi')).toThrow(refusal)
    }
    const error = createError('TOKEN_ABSENT')
    for (const language of [undefined, 'vi-VN']) {
      expect(() => describeError(error, language as never)).toThrow(refusal)
    }
  })

  it('has another remedy where the person is not the one to act', () => {
    const remedy = (reason: string): string =>
      describeError(createError('BRIDGE_BLOCKED', { details: { reason } }), 'en').remedy
    expect(remedy('csp')).toContain('connect-src')
    expect(remedy('denied')).toContain('Click the icon')
    expect(remedy('constructor')).toBe(remedy('denied'))
  })

  it('lets only the details of the code cross the wire', () => {
    const details = { remaining: 'low', pin: '1234', path: '/usr/lib/x.so' }
    expect(allowedDetails('TOKEN_PIN_INCORRECT', details)).toEqual({ remaining: 'low' })
    expect(allowedDetails('TOKEN_DEVICE', { ckr: { toString: () => 'x' } })).toEqual({})
  })

  it('keeps of a peer’s details a few small values', () => {
    const said = { '<b>': 'x', a: {}, b: NaN, reason: 'r'.repeat(300), late: 'fifth' }
    expect(readDetails(said)).toEqual({ reason: 'r'.repeat(200) })
  })

  it('knows its own errors from others', () => {
    expect(isSigningError(createError('USER_CANCELLED'))).toBe(true)
    expect(isSigningError(new Error('x'))).toBe(false)
    expect(isSigningError(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe(false)
  })
})
