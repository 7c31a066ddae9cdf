import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../bytes.ts'
import { Lexer } from './lexer.ts'
import { asKind } from './objects.ts'
import { parseAt, parseIndirectObject, parseValue } from './parser.ts'
import { openSource } from './source.ts'

const parse = (text: string) => parseValue(new Lexer(encodeUtf8(text)))
const malformed = expect.objectContaining({ code: 'FORMAT_MALFORMED' })

describe('the parser', () => {
  it.each([
    ['null', null],
    ['true', true],
    ['12', { kind: 'number', value: 12, spelling: '12' }],
    ['-.50', { kind: 'number', value: -0.5, spelling: '-.50' }],
    ['4.', { kind: 'number', value: 4, spelling: '4.' }],
    ['3 0 R', { kind: 'ref', number: 3, generation: 0 }],
    ['/N', { kind: 'name', name: 'N' }],
  ])('reads %j', (text, expected) => {
    expect(parse(text)).toEqual(expected)
  })

  it('tells numbers from references in an array', () => {
    const kinds = ['number', 'number', 'ref', 'number'].map((kind) =>
      expect.objectContaining({ kind }),
    )
    expect(asKind(parse('[1 2 3 0 R 4]'), 'array')?.items).toEqual(kinds)
    expect(() => parse('[4 5 R6]')).toThrowError(malformed)
  })

  it('keeps the order of a dictionary, and of a doubled key the last value', () => {
    const value = asKind(parse('<</B 1/A<</C[1(x)<00>]>>/B 2>>'), 'dict')
    expect([...value!.entries.keys()]).toEqual(['B', 'A'])
    expect(value!.entries.get('B')).toMatchObject({ value: 2 })
  })

  it.each(['', '>>', '<< 1 2 >>', '<< /A', '[1 2', 'endobj', '1e5', '--5', '+', '<< /A >>'])(
    'refuses %j',
    (text) => {
      expect(() => parse(text)).toThrowError(malformed)
    },
  )

  it('refuses what nests too deep, without overflowing the stack', () => {
    expect(() => parse('['.repeat(100_000))).toThrowError(malformed)
    expect(() => parse('<</A'.repeat(100_000))).toThrowError(malformed)
  })

  it('finds where the data of a stream begins', () => {
    const object = (end: string) =>
      parseIndirectObject(new Lexer(encodeUtf8(`7 0 obj<</Length 1>>stream${end}x`)))
    expect(object('\r\n').value).toMatchObject({ kind: 'stream', dataOffset: 28 })
    expect(object('\n').value).toMatchObject({ kind: 'stream', dataOffset: 27 })
  })

  it('widens its window until an object fits', async () => {
    const items = '1 0 R '.repeat(20_000)
    const bytes = encodeUtf8(`xx9 0 obj\n[${items}]\nendobj\n`)
    for (const source of [openSource(bytes), openSource(new Blob([bytes]))]) {
      const { ref, value } = await parseAt(source, 2, parseIndirectObject)
      expect(ref).toMatchObject({ number: 9, generation: 0 })
      expect(asKind(value, 'array')?.items).toHaveLength(20_000)
    }
  })
})
