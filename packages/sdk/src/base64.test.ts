import { describe, expect, it } from 'vitest'
import { encodeBase64, parseBase64, parseSpacedBase64 } from './base64.ts'

const BYTES = Uint8Array.of(0xfb, 0xff, 0xbe, 0x01)

describe('base64', () => {
  it.each([0, 1, 2, 3, 4])(
    'writes the first %i bytes as Node does, and reads them again',
    (count) => {
      const bytes = BYTES.slice(0, count)
      const text = encodeBase64(bytes)
      expect(text).toBe(Buffer.from(bytes).toString('base64'))
      expect(parseBase64(text)).toEqual(bytes)
      expect(parseSpacedBase64(text)).toEqual(bytes)
    },
  )

  it.each(['+_8=', '+/8', '+/8==', '+/9=', '+/ 8=', 'A', 'A===', '=', '+/8=\n'])(
    'has one spelling for bytes, and takes %j for none',
    (text) => expect(parseBase64(text)).toBeUndefined(),
  )

  it.each(['+/8=', ' +/\r\n8 =\t', '+/8'])('may be written with white space: %j', (text) =>
    expect(parseSpacedBase64(text)).toEqual(Uint8Array.of(0xfb, 0xff)),
  )

  it.each(['+_8=', 'A', '+/8=+/8=', '+/9=', '+\u00a0/8='])(
    'takes %j for none, spaced or not',
    (text) => expect(parseSpacedBase64(text)).toBeUndefined(),
  )
})
