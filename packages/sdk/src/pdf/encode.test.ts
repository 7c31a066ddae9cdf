import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../bytes.ts'
import { encodeValue, PdfWriter } from './encode.ts'
import { Lexer } from './lexer.ts'
import { dict, number } from './objects.ts'
import { parseValue } from './parser.ts'

const rewrite = (text: string) =>
  new TextDecoder('latin1').decode(encodeValue(parseValue(new Lexer(encodeUtf8(text)))))

describe('writing objects', () => {
  it.each([
    '<< /A [1 -2.50 +3 .5 true false null] /B 7 0 R /C /D >>',
    '<< /Text (a\\(b\\)\\\\c) /Hex <00ff> >>',
    '/A#20B#2f#23',
  ])('spells %j as it was', (text) => {
    expect(rewrite(text)).toBe(text)
  })

  it('keeps a carriage return in a string one', () => {
    expect(rewrite('(a\\rb\\nc)')).toBe('(a\\rb\nc)')
  })

  it('tells where marked bytes lie in the file', () => {
    const writer = new PdfWriter(1000)
    const bytes = encodeUtf8('<00>')
    writer.value(dict({ A: number(1), B: { kind: 'raw', bytes, mark: 'B' } }))
    expect(writer.marks.get('B')).toEqual({ start: 1011, end: 1015 })
  })
})
