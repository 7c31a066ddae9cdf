/**
 * JSON that is read to be written again, where nothing that others wrote may get lost on the way through JavaScript's own
 * values: of two members of one name the last is left, and numbers are doubles.
 * @module
 */
import { parseBase64url } from '../bytes.ts'
import { FormatError, isSigningError } from '../errors.ts'
import { malformedJws } from './malformed.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d]
const COLON = 0x3a
/** No double is written longer. */
const MAX_NUMBER_LENGTH = 32
const NUMBER = /-?\d[\d.eE+-]*/y

/**
 * Reads JSON in which each name of an object stands once (RFC 7515 §4).
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseJson(text: string): unknown {
  const value = parseAny(text)
  scan(text, () => undefined)
  return value
}

/**
 * Reads base64url of JSON, as `parseJson`.
 * @param expected what the error says
 * @throws {FormatError} FORMAT_MALFORMED
 */
export function parseEncoded(text: string, expected: string): unknown {
  const bytes = parseBase64url(text)
  if (bytes === undefined) throw malformedJws(expected)
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw isSigningError(cause) ? cause : malformedJws(expected, cause)
  }
}

/**
 * As `parseJson`, of what is written again.
 * @throws {FormatError} FORMAT_UNSUPPORTED where a number would become another one: beyond 17 digits or so, above 1e308, -0
 */
export function parseKeptJson(text: string): unknown {
  const value = parseAny(text)
  scan(text, assertKept)
  return value
}

function parseAny(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw malformedJws('JSON', cause)
  }
}

/** Goes through what `JSON.parse` took, so that its grammar is known to be right. */
function scan(text: string, onNumber: (source: string) => void): void {
  // Of the objects and lists around, from the outside in; undefined for a list.
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const end = findEnd(text, at)
      const names = open.at(-1)
      if (names !== undefined && isName(text, end)) addName(names, text.slice(at, end))
      at = end - 1
    } else if (code === OPEN_OBJECT) open.push(new Set())
    else if (code === OPEN_LIST) open.push(undefined)
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) open.pop()
    else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      NUMBER.lastIndex = at
      const [source = ''] = NUMBER.exec(text) ?? []
      onNumber(source)
      at += source.length - 1
    }
  }
}

/** Behind the quote that ends a string. */
function findEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); ; at = text.indexOf('"', at + 1)) {
    let backslashes = 0
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return at + 1
  }
}

/** Whether a colon follows a string. */
function isName(text: string, end: number): boolean {
  let at = end
  while (text.charCodeAt(at) <= 0x20) at++
  return text.charCodeAt(at) === COLON
}

function addName(names: Set<string>, source: string): void {
  const name = JSON.parse(source) as string
  if (names.has(name)) throw malformedJws('each name once')
  names.add(name)
}

function assertKept(source: string): void {
  const value = Number(source)
  const isPlain = source.length <= MAX_NUMBER_LENGTH && Number.isFinite(value)
  if (isPlain && !Object.is(value, -0) && spell(source) === spell(String(value))) return
  const details = { feature: 'a number in JSON that JavaScript would change' }
  throw new FormatError('FORMAT_UNSUPPORTED', { details })
}

/** One spelling of a number: `1.50e3` and `1500` are both `15e2`. */
function spell(source: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const kept = digits.replace(/0+$/, '')
  if (kept === '') return '0'
  return `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`
}
