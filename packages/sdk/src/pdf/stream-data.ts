/**
 * The data of the streams that hold a file's structure: cross-reference streams and object streams. Other streams are
 * never read.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import type { ObjectCipher } from './cipher.ts'
import { inflate } from './flate.ts'
import { malformed, unsupported } from './malformed.ts'
import {
  asKind,
  integerOf,
  nameOf,
  type PdfDict,
  type PdfStream,
  type PdfValue,
  type Resolve,
} from './objects.ts'
import { undoPredictor } from './predictor.ts'
import type { ByteSource } from './source.ts'

/** The widest structural stream as stored. */
const MAX_STORED_BYTES = 64 << 20
/** Writers use one; what is packed many times over is made to keep a reader busy. */
const MAX_FILTERS = 4

/**
 * Reads, decrypts and decodes a stream.
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED {feature: the filter}
 */
export async function readStreamData(
  source: ByteSource,
  stream: PdfStream,
  resolve: Resolve,
  cipher?: ObjectCipher,
): Promise<Bytes> {
  const { dict, dataOffset } = stream
  const filters = listOf(await resolve(dict.entries.get('Filter') ?? dict.entries.get('F')))
  const parameters = listOf(
    await resolve(dict.entries.get('DecodeParms') ?? dict.entries.get('DP')),
  )
  if (filters.length > MAX_FILTERS) throw unsupported(`${filters.length} filters on a stream`)
  let data = await readStored(source, stream, resolve)
  // A crypt filter stands first (§7.4.10).
  const isNamed = nameOf(await resolve(filters[0])) === 'Crypt'
  if (cipher !== undefined) {
    const named = asKind(await resolve(parameters[0]), 'dict')?.entries.get('Name')
    const filterName = isNamed ? (nameOf(named) ?? 'Identity') : undefined
    data = await cipher.decryptData(data, stream, filterName)
  }
  for (let index = isNamed ? 1 : 0; index < filters.length; index++) {
    const filter = nameOf(await resolve(filters[index]))
    if (filter !== 'FlateDecode' && filter !== 'Fl') throw unsupported(`filter ${String(filter)}`)
    data = await inflate(data, dataOffset)
    const given = asKind(await resolve(parameters[index]), 'dict')
    if (given !== undefined) data = undoPredictor(data, await predictorOf(given, resolve))
  }
  return data
}

async function readStored(
  source: ByteSource,
  { dict, dataOffset }: PdfStream,
  resolve: Resolve,
): Promise<Bytes> {
  const length = integerOf(await resolve(dict.entries.get('Length')))
  if (length === undefined || length < 0 || dataOffset + length > source.size) {
    throw malformed('stream', dataOffset, '/Length within the file')
  }
  if (length > MAX_STORED_BYTES) throw unsupported(`streams above ${MAX_STORED_BYTES} bytes`)
  return (await source.read(dataOffset, dataOffset + length)) as Bytes
}

function listOf(value: PdfValue): readonly PdfValue[] {
  if (value === null) return []
  return asKind(value, 'array')?.items ?? [value]
}

async function predictorOf(given: PdfDict, resolve: Resolve) {
  const get = async (key: string, otherwise: number): Promise<number> =>
    integerOf(await resolve(given.entries.get(key))) ?? otherwise
  return {
    predictor: await get('Predictor', 1),
    colors: await get('Colors', 1),
    bitsPerComponent: await get('BitsPerComponent', 8),
    columns: await get('Columns', 1),
  }
}
