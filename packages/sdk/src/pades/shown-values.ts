/**
 * Whether the pictures that the fields of a form have show what is filled in. NeedAppearances has viewers paint the fields
 * anew, from their values, so that nobody has seen the pictures; without it they are what everybody sees. Loaded only where
 * a form says so.
 * @module
 */
import type { PdfDocument } from '../pdf/document.ts'
import { type PdfDict, asKind, nameOf } from '../pdf/objects.ts'
import { decodeTextString } from '../pdf/text-string.ts'
import type { FormField } from './form.ts'

/** Who fills in more is not kept waiting. */
const MAX_FIELDS = 2000
const MAX_PICTURE_BYTES = 1 << 16
/** Strings, names and operators of a content stream (ISO 32000-2 §7.8.2); strings with brackets in brackets are not read. */
const TOKENS = /\((?:[^\\()]|\\[^])*\)|<[0-9A-Fa-f\s]*>|\/[^\s()<>[\]{}/%]+|[A-Za-z'"*]+/g
const SHOWING: readonly string[] = ['Tj', 'TJ', "'", '"']

/**
 * Tells whether each field shows its value. Where that cannot be told, as of letters by codes of the font's own, it does not.
 * @param fields whose widgets all have appearances
 */
export async function showValues(
  document: PdfDocument,
  fields: readonly FormField[],
): Promise<boolean> {
  if (fields.length > MAX_FIELDS) return false
  for (const field of fields) {
    if (field.type !== 'Sig' && !(await showsValue(document, field))) return false
  }
  return true
}

async function showsValue(document: PdfDocument, field: FormField): Promise<boolean> {
  const { type, value, widgets } = field
  if (type === 'Btn') return showsState(document, field)
  const isEmpty = value === null
  const text = asKind(value, 'string')
  // Lists of choices show what is not chosen too.
  if (type !== 'Tx' || (!isEmpty && text === undefined)) return false
  const expected = text === undefined ? '' : withoutSpace(decodeTextString(text))
  for (const widget of widgets) {
    if ((await readShown(document, widget)) !== expected) return false
  }
  return true
}

/** Each widget of a button is off, or in the state that is the value. */
async function showsState(document: PdfDocument, { value, widgets }: FormField): Promise<boolean> {
  const on = nameOf(value) ?? 'Off'
  const states = await Promise.all(
    widgets.map(async ({ entries }) => nameOf(await document.resolve(entries.get('AS')))),
  )
  const isAnyOn = on === 'Off' || states.includes(on)
  return isAnyOn && states.every((state) => state === undefined || state === 'Off' || state === on)
}

/** The text in a widget's picture, without space; undefined where it cannot be read. */
async function readShown(document: PdfDocument, widget: PdfDict): Promise<string | undefined> {
  const appearances = asKind(await document.resolve(widget.entries.get('AP')), 'dict')
  const picture = asKind(await document.resolve(appearances?.entries.get('N')), 'stream')
  if (picture === undefined) return ''
  try {
    const data = await document.readStream(picture)
    if (data.length > MAX_PICTURE_BYTES) return undefined
    return withoutSpace(listShown(Array.from(data, (octet) => String.fromCharCode(octet)).join('')))
  } catch {
    // A filter that nothing here reads, or damage: viewers will make of it what they do.
    return undefined
  }
}

function listShown(content: string): string {
  let shown = ''
  let strings = ''
  for (const [token] of content.matchAll(TOKENS)) {
    if (token.startsWith('(')) strings += unescape(token.slice(1, -1))
    else if (token.startsWith('<')) strings += fromHex(token.slice(1, -1))
    else if (!token.startsWith('/')) {
      if (SHOWING.includes(token)) shown += strings
      strings = ''
    }
  }
  return shown
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

function unescape(text: string): string {
  return text.replace(/\\(\d{1,3}|\r\n|[^])/g, (_, code: string) => {
    if (/^\d/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff)
    return /^[\r\n]/.test(code) ? '' : (ESCAPES[code] ?? code)
  })
}

const fromHex = (digits: string): string =>
  (digits.replace(/\s/g, '').match(/..?/g) ?? [])
    .map((pair) => String.fromCharCode(Number.parseInt(pair.padEnd(2, '0'), 16)))
    .join('')

const withoutSpace = (text: string): string => text.replace(/[\s\0]/g, '')
