/**
 * The strings inside an object: each is encrypted by itself.
 * @module
 */
import {
  asKind,
  nameOf,
  type PdfDict,
  type PdfNewStream,
  type PdfStream,
  type PdfString,
  type PdfValue,
} from '../pdf/objects.ts'

/**
 * Changes every string of an object but the /Contents of signatures (ISO 32000-2 §7.6.2).
 * @returns the same object where it has no string
 */
export async function mapStrings(
  value: PdfValue,
  change: (string: PdfString) => Promise<PdfString>,
): Promise<PdfValue> {
  const found = new Map<PdfString, PdfString>()
  collect(value, found)
  if (found.size === 0) return value
  for (const string of found.keys()) found.set(string, await change(string))
  return replace(value, found)
}

function collect(value: PdfValue, found: Map<PdfString, PdfString>): void {
  const string = asKind(value, 'string')
  if (string !== undefined) found.set(string, string)
  for (const item of asKind(value, 'array')?.items ?? []) collect(item, found)
  const dict = dictOf(value)
  if (dict === undefined) return
  const isSigned = isSignature(dict)
  for (const [key, item] of dict.entries) {
    if (!isSigned || key !== 'Contents') collect(item, found)
  }
}

function dictOf(value: PdfValue): PdfDict | undefined {
  return asKind(value, 'dict') ?? streamOf(value)?.dict
}

function streamOf(value: PdfValue): PdfStream | PdfNewStream | undefined {
  return asKind(value, 'stream') ?? asKind(value, 'new-stream')
}

/** /Type is optional; annotations have /Contents as well, but no /ByteRange. */
function isSignature({ entries }: PdfDict): boolean {
  const type = nameOf(entries.get('Type'))
  return type === 'Sig' || type === 'DocTimeStamp' || entries.has('ByteRange')
}

function replace(value: PdfValue, found: ReadonlyMap<PdfString, PdfString>): PdfValue {
  const string = asKind(value, 'string')
  if (string !== undefined) return found.get(string) ?? string
  const array = asKind(value, 'array')
  if (array !== undefined) {
    return { kind: 'array', items: array.items.map((item) => replace(item, found)) }
  }
  const dict = asKind(value, 'dict')
  if (dict !== undefined) return replaceIn(dict, found)
  const stream = streamOf(value)
  return stream === undefined ? value : { ...stream, dict: replaceIn(stream.dict, found) }
}

function replaceIn({ entries }: PdfDict, found: ReadonlyMap<PdfString, PdfString>): PdfDict {
  const changed = [...entries].map(([key, item]) => [key, replace(item, found)] as const)
  return { kind: 'dict', entries: new Map(changed) }
}
