/**
 * The objects that a file has in the end: of each number the one that comes last, in an object stream or by itself.
 * @module
 */
import { isSigningError } from '../errors.ts'
import { Budget } from '../pdf/budget.ts'
import type { ObjectCipher } from '../pdf/cipher.ts'
import {
  asKind,
  nameOf,
  type PdfDict,
  type PdfStream,
  type PdfValue,
  type Resolve,
} from '../pdf/objects.ts'
import {
  parseCompressedObject,
  parseObjectStream,
  type ObjectStream,
} from '../pdf/object-stream.ts'
import { readStreamData } from '../pdf/stream-data.ts'
import type { FoundFile, FoundObject } from './read-objects.ts'
import type { Repair } from './repair.ts'

/** Where an object is. */
export type Live =
  | { readonly kind: 'plain'; readonly object: FoundObject }
  | {
      readonly kind: 'compressed'
      readonly holder: FoundObject
      readonly index: number
      readonly value: PdfValue
    }

/** All objects by number, and the trailers, those of cross-reference streams among them. */
export interface Collected {
  readonly live: ReadonlyMap<number, Live>
  readonly trailers: readonly PdfDict[]
  readonly repairs: readonly Repair[]
}

const MAX_UNITS = 64 << 20
/** All object streams of a file together, inflated. */
const MAX_INFLATED_BYTES = 256 << 20

/** Plain objects alone: what must be known before anything can be decrypted. */
export function collectPlain({ objects, trailers }: FoundFile): Collected {
  const live = new Map<number, Live>()
  const all = [...trailers]
  for (const object of objects) {
    const section = sectionOf(object.value)
    if (section !== undefined) all.push(section)
    else live.set(object.ref.number, { kind: 'plain', object })
  }
  return { live, trailers: all, repairs: [] }
}

/**
 * Collects all of them.
 * @param plain of the same file
 * @param cipher where the file is encrypted
 */
export async function collectAll(
  file: FoundFile,
  plain: Collected,
  cipher: ObjectCipher | undefined,
): Promise<Collected> {
  const live = new Map<number, Live>()
  const repairs: Repair[] = []
  const budget = new Budget(MAX_UNITS)
  const limit = new Budget(MAX_INFLATED_BYTES)
  const resolve = resolverOf(plain.live)
  for (const object of file.objects) {
    if (sectionOf(object.value) !== undefined || isLinearization(object.value)) continue
    live.set(object.ref.number, { kind: 'plain', object })
    const stream = streamOfObjects(object.value)
    if (stream === undefined) continue
    const opened = await openStream(object, stream, resolve, cipher)
    if (opened === undefined) repairs.push({ what: 'object-lost', object: object.ref.number })
    else limit.spend(opened.data.length)
    for (const [index, number] of (opened?.numbers ?? []).entries()) {
      const value = opened && valueIn(opened, number, index, budget)
      if (value === undefined) repairs.push({ what: 'object-lost', object: number })
      else live.set(number, { kind: 'compressed', holder: object, index, value })
    }
  }
  return { live: withoutOrphans(live), trailers: plain.trailers, repairs }
}

/** The trailer entries of a cross-reference stream; undefined for anything else. */
function sectionOf(value: PdfValue): PdfDict | undefined {
  const dict = asKind(value, 'stream')?.dict
  return nameOf(dict?.entries.get('Type')) === 'XRef' ? dict : undefined
}

function streamOfObjects(value: PdfValue): PdfStream | undefined {
  const stream = asKind(value, 'stream')
  return nameOf(stream?.dict.entries.get('Type')) === 'ObjStm' ? stream : undefined
}

/** Offsets of the file as it was. */
function isLinearization(value: PdfValue): boolean {
  return asKind(value, 'dict')?.entries.has('Linearized') === true
}

/** An object whose stream was written anew under the same number is gone with it. */
function withoutOrphans(live: ReadonlyMap<number, Live>): ReadonlyMap<number, Live> {
  return new Map(
    [...live].filter(([, each]) => {
      if (each.kind === 'plain') return true
      const holder = live.get(each.holder.ref.number)
      return holder?.kind === 'plain' && holder.object === each.holder
    }),
  )
}

async function openStream(
  { data = new Uint8Array(0) }: FoundObject,
  stream: PdfStream,
  resolve: Resolve,
  cipher: ObjectCipher | undefined,
): Promise<ObjectStream | undefined> {
  const { dataOffset } = stream
  const end = dataOffset + data.length
  const source = { size: end, read: () => Promise.resolve(data), reach: () => end }
  const length = { kind: 'number', value: data.length, spelling: String(data.length) } as const
  const dict: PdfDict = {
    kind: 'dict',
    entries: new Map([...stream.dict.entries, ['Length', length]]),
  }
  return orLost(async () => {
    const sized = { ...stream, dict }
    return parseObjectStream(sized, await readStreamData(source, sized, resolve, cipher))
  })
}

function valueIn(
  stream: ObjectStream,
  number: number,
  index: number,
  budget: Budget,
): PdfValue | undefined {
  try {
    return parseCompressedObject(stream, number, index, budget)
  } catch (error) {
    if (isSigningError(error) && error.code === 'FORMAT_MALFORMED') return undefined
    throw error
  }
}

async function orLost<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (isSigningError(error) && error.code === 'FORMAT_MALFORMED') return undefined
    throw error
  }
}

/** Follows references among the objects that were found. */
export function resolverOf(live: ReadonlyMap<number, Live>): Resolve {
  return (value) => {
    let found = value ?? null
    for (let hops = 0; hops < 32; hops++) {
      const ref = asKind(found, 'ref')
      if (ref === undefined) return Promise.resolve(found)
      found = valueOf(live.get(ref.number))
    }
    return Promise.resolve(null)
  }
}

/** The object itself; null where there is none. */
export function valueOf(live: Live | undefined): PdfValue {
  if (live === undefined) return null
  return live.kind === 'plain' ? live.object.value : live.value
}
