import pkcs11js from 'pkcs11js'
import { describe, expect, it } from 'vitest'
import { keepReadable } from './readable.ts'

/** Gives letters, and throws what else it is given as the driver's answer. */
function read(thing: string): readonly string[] {
  if (thing.startsWith('CKR_')) throw new pkcs11js.Pkcs11Error(thing, 0, 'C_GetTokenInfo')
  if (thing === '') throw new Error('unreadable')
  return [thing]
}

describe('what cannot be read', () => {
  it.each(['CKR_GENERAL_ERROR', 'CKR_TOKEN_NOT_RECOGNIZED'])('takes nothing along: %s', (ckr) => {
    expect(keepReadable(['a', ckr, 'b'], read)).toEqual(['a', 'b'])
  })

  it.each(['CKR_DEVICE_REMOVED', 'CKR_TOKEN_NOT_PRESENT'])('ends it all: %s', (ckr) => {
    expect(() => keepReadable(['a', ckr, 'b'], read)).toThrow(ckr)
  })

  it('is told where nothing else is left', () => {
    expect(() => keepReadable(['CKR_GENERAL_ERROR', 'CKR_HOST_MEMORY'], read)).toThrow(
      'CKR_GENERAL_ERROR',
    )
  })

  it('is told where it is no answer of the driver', () => {
    expect(() => keepReadable(['a', ''], read)).toThrow('unreadable')
  })
})
