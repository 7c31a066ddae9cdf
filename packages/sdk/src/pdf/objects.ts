/**
 * The objects of ISO 32000-2 §7.3 as immutable values that keep how they were spelled, so that an object that is
 * written again says what it said before.
 *
 * `null` and booleans are JavaScript's own; everything else carries its `kind`.
 * @module
 */

/** A number with its spelling: `1.50` stays `1.50`. */
export interface PdfNumber {
  readonly kind: 'number'
  readonly value: number
  readonly spelling: string
}

/** A name without its slash, `#xx` resolved; one character a byte. */
export interface PdfName {
  readonly kind: 'name'
  readonly name: string
}

/** A byte string and how it was written. */
export interface PdfString {
  readonly kind: 'string'
  readonly bytes: Uint8Array
  readonly form: 'literal' | 'hex'
}

/** A reference `number generation R`. */
export interface PdfRef {
  readonly kind: 'ref'
  readonly number: number
  readonly generation: number
}

export interface PdfArray {
  readonly kind: 'array'
  readonly items: readonly PdfValue[]
}

/** A dictionary in the order it was written; of a doubled key the last stands. */
export interface PdfDict {
  readonly kind: 'dict'
  readonly entries: ReadonlyMap<string, PdfValue>
}

/** A stream whose data is still in the file. */
export interface PdfStream {
  readonly kind: 'stream'
  /** The object that it is: an encrypted stream has a key of its own. */
  readonly ref: PdfRef
  readonly dict: PdfDict
  /** Offset of the first data byte in the file. */
  readonly dataOffset: number
}

/** Bytes to be written as they stand; a mark lets the writer tell where they came to lie. Never parsed. */
export interface PdfRaw {
  readonly kind: 'raw'
  readonly bytes: Uint8Array
  readonly mark?: string
}

/** A stream to be written: its data as it is to stand in the file. Never parsed. */
export interface PdfNewStream {
  readonly kind: 'new-stream'
  readonly dict: PdfDict
  readonly data: Uint8Array
}

export type PdfValue =
  | null
  | boolean
  | PdfNumber
  | PdfName
  | PdfString
  | PdfRef
  | PdfArray
  | PdfDict
  | PdfStream
  | PdfRaw
  | PdfNewStream

/** Finds what a value refers to; direct values stay. */
export type Resolve = (value: PdfValue | undefined) => Promise<PdfValue>

type Kind = Exclude<PdfValue, null | boolean>['kind']
type OfKind<K extends Kind> = Extract<PdfValue, { kind: K }>

/** Makes an integer. */
export function number(value: number): PdfNumber {
  return { kind: 'number', value, spelling: String(value) }
}

/** Makes a number of at most four decimals: numbers have no exponent (§7.3.3). */
export function real(value: number): PdfNumber {
  return { kind: 'number', value, spelling: String(Number(value.toFixed(4))) }
}

/** Makes a name from its text without the slash. */
export function name(text: string): PdfName {
  return { kind: 'name', name: text }
}

/** Makes an array of a few items. */
export function array(...items: readonly PdfValue[]): PdfArray {
  return { kind: 'array', items }
}

/** The same array with one more item; a page may have more annotations than a call can have arguments. */
export function withItem(old: PdfArray | undefined, item: PdfValue): PdfArray {
  return { kind: 'array', items: [...(old?.items ?? []), item] }
}

/** Makes a dictionary; entries that are undefined are left out. */
export function dict(entries: Readonly<Record<string, PdfValue | undefined>>): PdfDict {
  const present = Object.entries(entries).filter(
    (entry): entry is [string, PdfValue] => entry[1] !== undefined,
  )
  return { kind: 'dict', entries: new Map(present) }
}

/** The same dictionary with some entries set; the others keep their order. */
export function withEntries(
  old: PdfDict,
  entries: Readonly<Record<string, PdfValue | undefined>>,
): PdfDict {
  return { kind: 'dict', entries: new Map([...old.entries, ...dict(entries).entries]) }
}

/** The same dictionary without some keys. */
export function withoutKeys(old: PdfDict, ...keys: readonly string[]): PdfDict {
  return {
    kind: 'dict',
    entries: new Map([...old.entries].filter(([key]) => !keys.includes(key))),
  }
}

/** Narrows to one kind; undefined for any other value. */
export function asKind<K extends Kind>(
  value: PdfValue | undefined,
  kind: K,
): OfKind<K> | undefined {
  return typeof value === 'object' && value !== null && value.kind === kind
    ? (value as OfKind<K>)
    : undefined
}

/** The text of a name; undefined for any other value. */
export function nameOf(value: PdfValue | undefined): string | undefined {
  return asKind(value, 'name')?.name
}

/** A whole number that JavaScript holds exactly; undefined for any other value. */
export function integerOf(value: PdfValue | undefined): number | undefined {
  const found = asKind(value, 'number')?.value
  return Number.isSafeInteger(found) ? found : undefined
}

/** Tells whether two references name the same object. */
export function isSameRef(left: PdfRef, right: PdfRef): boolean {
  return left.number === right.number && left.generation === right.generation
}
