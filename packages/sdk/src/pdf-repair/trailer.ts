/**
 * The trailer of a repaired file: what the file's own trailers say, as far as it is true.
 * @module
 */
import { malformed } from '../pdf/malformed.ts'
import {
  asKind,
  dict,
  nameOf,
  type PdfDict,
  type PdfRef,
  type PdfValue,
  type Resolve,
} from '../pdf/objects.ts'
import { resolverOf, valueOf, type Collected } from './collect.ts'

/** The dictionary, and whether one of the file's trailers named the root. */
export interface ChosenTrailer {
  readonly trailer: PdfDict
  readonly isFound: boolean
}

/**
 * Chooses the newest root that is a catalog; where no trailer names one, the last catalog there is.
 * @throws {FormatError} FORMAT_MALFORMED where there is none
 */
export async function chooseTrailer({ live, trailers }: Collected): Promise<ChosenTrailer> {
  const resolve = resolverOf(live)
  const newestFirst = [...trailers].reverse()
  const named = await findRoot(newestFirst, resolve)
  const root = named ?? findCatalog(live)
  if (root === undefined) throw malformed('file', 0, 'a catalog')
  const newest = (key: string): PdfValue | undefined =>
    newestFirst.map(({ entries }) => entries.get(key) ?? null).find((value) => value !== null)
  const info = asKind(newest('Info'), 'ref')
  const trailer = dict({
    Root: root,
    Info: info !== undefined && live.has(info.number) ? info : undefined,
    Encrypt: newest('Encrypt'),
    ID: newest('ID'),
  })
  return { trailer, isFound: named !== undefined }
}

/** What tells how the file is encrypted; undefined where no trailer says that it is. */
export function encryptedTrailer({ trailers }: Collected): PdfDict | undefined {
  return [...trailers].reverse().find(({ entries }) => (entries.get('Encrypt') ?? null) !== null)
}

async function findRoot(
  newestFirst: readonly PdfDict[],
  resolve: Resolve,
): Promise<PdfRef | undefined> {
  for (const { entries } of newestFirst) {
    const ref = asKind(entries.get('Root'), 'ref')
    const catalog = asKind(await resolve(ref), 'dict')
    if (ref !== undefined && catalog?.entries.has('Pages') === true) return ref
  }
  return undefined
}

function findCatalog(live: Collected['live']): PdfRef | undefined {
  let found: PdfRef | undefined
  for (const [number, each] of live) {
    const catalog = asKind(valueOf(each), 'dict')
    if (nameOf(catalog?.entries.get('Type')) !== 'Catalog') continue
    const generation = each.kind === 'plain' ? each.object.ref.generation : 0
    found = { kind: 'ref', number, generation }
  }
  return found
}
