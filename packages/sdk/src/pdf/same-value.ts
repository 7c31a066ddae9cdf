/**
 * Parsed values compared as they are spelled, without writing them: a placeholder of /Contents alone is 20 kB.
 * @module
 */
import { equalBytes } from '../bytes.ts'
import { isSameRef, type PdfValue } from './objects.ts'

type Parsed = Exclude<PdfValue, null | boolean>
type Comparisons = {
  readonly [K in Parsed['kind']]?: (
    left: Extract<Parsed, { kind: K }>,
    right: Extract<Parsed, { kind: K }>,
  ) => boolean
}

const IS_SAME: Comparisons = {
  number: (left, right) => left.spelling === right.spelling,
  name: (left, right) => left.name === right.name,
  string: (left, right) => left.form === right.form && equalBytes(left.bytes, right.bytes),
  ref: isSameRef,
  array: (left, right) => areAll(left.items, right.items, isSameValue),
  dict: (left, right) =>
    areAll(
      [...left.entries],
      [...right.entries],
      ([key, value], [otherKey, other]) => key === otherKey && isSameValue(value, other),
    ),
}

/** Tells whether two values say the same, in the same spelling and order. A stream, and what was never parsed, is like none. */
export function isSameValue(left: PdfValue, right: PdfValue): boolean {
  if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) {
    return left === right
  }
  // Of the same kind, which the types cannot say.
  return left.kind === right.kind && IS_SAME[left.kind]?.(left as never, right as never) === true
}

function areAll<T>(
  left: readonly T[],
  right: readonly T[],
  isSame: (one: T, other: T) => boolean,
): boolean {
  return (
    left.length === right.length && left.every((value, index) => isSame(value, right[index] as T))
  )
}
