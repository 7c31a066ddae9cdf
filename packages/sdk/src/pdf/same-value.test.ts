import { expect, it } from 'vitest'
import { encodeUtf8 } from '../bytes.ts'
import { Lexer } from './lexer.ts'
import { parseValue } from './parser.ts'
import { isSameValue } from './same-value.ts'

const parse = (text: string) => parseValue(new Lexer(encodeUtf8(text)))

it.each([
  ['null', 'false'],
  ['true', 'null'],
  ['1', '1.0'],
  ['1', '2'],
  ['/A', '/B'],
  ['/A', '(A)'],
  ['(A)', '<41>'],
  ['(A)', '(AB)'],
  ['1 0 R', '1 1 R'],
  ['1 0 R', '[1 0 R]'],
  ['[1 2]', '[1 3]'],
  ['[1]', '[1 2]'],
  ['[]', '<<>>'],
  ['<</A 1>>', '<</A 2>>'],
  ['<</A 1>>', '<</B 1>>'],
  ['<</A 1>>', '<</A 1/B 2>>'],
  ['<</A 1/B 2>>', '<</B 2/A 1>>'],
  ['<</A [<</B (x)>>]>>', '<</A [<</B (y)>>]>>'],
])('tells %s from %s', (one, other) => {
  for (const text of [one, other]) expect(isSameValue(parse(text), parse(text))).toBe(true)
  expect(isSameValue(parse(one), parse(other))).toBe(false)
  expect(isSameValue(parse(other), parse(one))).toBe(false)
})
