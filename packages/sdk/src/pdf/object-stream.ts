/**
 * Object streams, ISO 32000-2 §7.5.7: /N pairs of number and offset, then from /First on the objects without
 * `obj … endobj`. /Extends needs no reading: the cross-reference entry names the stream that holds the object itself.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import type { Budget } from './budget.ts'
import { Lexer } from './lexer.ts'
import { malformed } from './malformed.ts'
import { integerOf, nameOf, type PdfStream, type PdfValue } from './objects.ts'
import { costOf, parseValue } from './parser.ts'

/** The directory and the data of one object stream. */
export interface ObjectStream {
  readonly numbers: readonly number[]
  readonly offsets: readonly number[]
  readonly data: Bytes
  /** Offset of the stream in the file, for errors. */
  readonly offset: number
}

/** Parses the directory of an object stream from its decoded data. */
export function parseObjectStream({ dict, dataOffset }: PdfStream, data: Bytes): ObjectStream {
  const count = integerOf(dict.entries.get('N'))
  const first = integerOf(dict.entries.get('First'))
  const isSane = nameOf(dict.entries.get('Type')) === 'ObjStm' && first !== undefined && first >= 0
  // Each pair takes four bytes at least.
  if (!isSane || count === undefined || count < 0 || count * 4 > data.length + 1) {
    throw malformed('object stream', dataOffset, '/ObjStm with /N and /First')
  }
  const lexer = new Lexer(data)
  const numbers: number[] = []
  const offsets: number[] = []
  for (let index = 0; index < count; index++) {
    const number = lexer.takeUnsigned()
    const offset = lexer.takeUnsigned()
    if (number === undefined || offset === undefined) {
      throw malformed('object stream', dataOffset, '/N pairs of integers')
    }
    numbers.push(number)
    offsets.push(first + offset)
  }
  return { numbers, offsets, data, offset: dataOffset }
}

/** Parses one object; the cross-reference entry said at which index it stands. */
export function parseCompressedObject(
  stream: ObjectStream,
  number: number,
  index: number,
  budget: Budget,
): PdfValue {
  const at = stream.numbers[index] === number ? index : stream.numbers.indexOf(number)
  const offset = stream.offsets[at]
  if (offset === undefined || offset > stream.data.length) {
    throw malformed('object stream', stream.offset, `object ${number}`)
  }
  const lexer = new Lexer(stream.data.subarray(offset))
  const value = parseValue(lexer)
  budget.spend(costOf(lexer))
  return value
}
