import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../bytes.ts'
import { CutOff, Lexer } from './lexer.ts'

const lexer = (text: string, isWhole = true) => new Lexer(encodeUtf8(text), 0, isWhole)
const text = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)

describe('the lexer', () => {
  it.each([
    ['(a(b)c)', 'a(b)c'],
    ['(\\n\\r\\t\\b\\f\\(\\)\\\\)', '\n\r\t\b\f()\\'],
    ['(\\101\\7\\0053\\400)', 'A\x07\x053\x00'],
    ['(a\\\r\nb\\\nc\\\rd)', 'abcd'],
    ['(a\r\nb\rc\nd)', 'a\nb\nc\nd'],
    ['(\\q)', 'q'],
  ])('reads the literal string %j (ISO 32000-2 §7.3.4.2)', (source, expected) => {
    expect(text(lexer(source).takeLiteralString())).toBe(expected)
  })

  it.each([
    ['<48 65\n6C6c6F>', 'Hello'],
    ['<487>', 'Hp'],
    ['<>', ''],
  ])('reads the hexadecimal string %j', (source, expected) => {
    expect(text(lexer(source).takeHexString())).toBe(expected)
  })

  it.each([
    ['/Name', 'Name'],
    ['/A#42C', 'ABC'],
    ['/A#4', 'A#4'],
    ['/A#zz', 'A#zz'],
    ['/', ''],
  ])('reads the name %j', (source, expected) => {
    expect(lexer(source).takeName()).toBe(expected)
  })

  it('passes over white space and comments', () => {
    const reader = lexer(' \0\t%a comment ( <<\r\n%another\n 42 ')
    expect(reader.takeUnsigned()).toBe(42)
  })

  it.each(['', '4a', '-4', '99999999999999999999', '1.5'])('sees no offset in %j', (source) => {
    const reader = lexer(source)
    expect(reader.takeUnsigned()).toBeUndefined()
    expect(reader.position).toBe(0)
  })

  it('asks for more where the window ends inside a token, and only there', () => {
    expect(() => lexer('12', false).takeUnsigned()).toThrow(CutOff)
    expect(() => lexer('(ab', false).takeLiteralString()).toThrow(CutOff)
    expect(() => lexer('<ab', false).takeHexString()).toThrow(CutOff)
    expect(lexer('12 ', false).takeUnsigned()).toBe(12)
  })

  it.each(['(ab', '(ab\\', '<ab', '<x>'])('refuses %j at the end of the file', (source) => {
    const reader = lexer(source)
    const take = source[0] === '(' ? reader.takeLiteralString : reader.takeHexString
    expect(() => take.call(reader)).toThrowError(
      expect.objectContaining({ code: 'FORMAT_MALFORMED' }),
    )
  })
})
