/**
 * The document security store: what it takes to check the signatures of a file without asking anybody.
 *
 *     /DSS << /Certs [stream…] /OCSPs [stream…] /CRLs [stream…] >>                          ISO 32000-2 §12.8.4.3
 *
 * /VRI, which would say what is for which signature, is optional and no validator that is asked here misses it; one that
 * is there stays.
 * @module
 */
import { type Bytes, concatBytes, equalBytes } from '../bytes.ts'
import { deflate } from '../pdf/deflate.ts'
import type { PdfDocument } from '../pdf/document.ts'
import { unsupported } from '../pdf/malformed.ts'
import {
  asKind,
  dict,
  name,
  withEntries,
  type PdfDict,
  type PdfNewStream,
  type PdfRef,
  type PdfValue,
} from '../pdf/objects.ts'
import { Revision } from '../pdf/revision.ts'
import type { DocumentInput } from '../types.ts'
import { withEsicExtension } from './extensions.ts'
import { openDocument } from './open.ts'
import { follow, followDict, getCatalog, type OwnedDict } from './structure.ts'

/** What is stored: DER each. */
export interface StoredData {
  readonly certificates: readonly Uint8Array[]
  readonly ocspResponses: readonly Uint8Array[]
  readonly crls: readonly Uint8Array[]
}

const ARRAYS = { certificates: 'Certs', ocspResponses: 'OCSPs', crls: 'CRLs' } as const
type Kind = keyof typeof ARRAYS
const KINDS = Object.keys(ARRAYS) as readonly Kind[]

/** A file renewed every year for a century has fewer. */
const MAX_ITEMS = 10_000
/** Large CRLs have a few megabytes; a stream may be listed many times over. */
const MAX_STORED_BYTES = 64 << 20

/** One array of the store, who owns it, and what is in it. */
interface StoredArray {
  readonly ref: PdfRef | undefined
  readonly items: readonly PdfValue[]
  readonly data: readonly Bytes[]
}

/** The store of a document, and who owns it; without owner it is in the catalog, or is not there. */
interface Store extends Readonly<Record<Kind, StoredArray>> {
  readonly ref: PdfRef | undefined
  readonly dict: PdfDict | undefined
}

/** Reads what a document stores. */
export async function readStoredData(document: PdfDocument): Promise<StoredData> {
  const { certificates, ocspResponses, crls } = await readStore(
    document,
    await getCatalog(document),
  )
  return { certificates: certificates.data, ocspResponses: ocspResponses.data, crls: crls.data }
}

async function readStore(document: PdfDocument, catalog: OwnedDict): Promise<Store> {
  const found = await followDict(document, catalog.dict.entries.get('DSS'))
  const arrays = await Promise.all(
    KINDS.map(async (kind) => [
      kind,
      await readArray(document, found?.dict.entries.get(ARRAYS[kind])),
    ]),
  )
  return { ref: found?.ref, dict: found?.dict, ...Object.fromEntries(arrays) } as Store
}

async function readArray(document: PdfDocument, value: PdfValue | undefined): Promise<StoredArray> {
  const { ref, target } = await follow(document, value)
  const items = asKind(target, 'array')?.items ?? []
  if (items.length > MAX_ITEMS) throw unsupported('a document security store of this size')
  const data: Bytes[] = []
  let storedBytes = 0
  for (const item of items) {
    const stream = asKind(await document.resolve(item), 'stream')
    const der = stream && (await document.readStream(stream))
    storedBytes += der?.length ?? 0
    if (storedBytes > MAX_STORED_BYTES) throw unsupported('a document security store of this size')
    if (der !== undefined) data.push(der)
  }
  return { ref: asKind(target, 'array') && ref, items, data }
}

/**
 * Stores what is not stored yet, as an appended revision.
 * @param pdf not retained
 * @param password opens an encrypted document
 * @returns of bytes fresh ones, of a Blob a Blob; `pdf` itself where nothing is new
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED, FORMAT_PASSWORD
 */
export async function addToStore(
  pdf: DocumentInput,
  added: StoredData,
  password: string | undefined,
): Promise<DocumentInput> {
  const document = await openDocument(pdf, password)
  const catalog = await getCatalog(document)
  const store = await readStore(document, catalog)
  const revision = new Revision(document)
  const changes: Record<string, PdfValue> = {}
  let isGrown = false
  for (const kind of KINDS) {
    const { ref, items, data } = store[kind]
    const grown = await addStreams(revision, data, added[kind])
    if (grown.length === 0) continue
    isGrown = true
    const array: PdfValue = { kind: 'array', items: [...items, ...grown] }
    if (ref === undefined) changes[ARRAYS[kind]] = array
    else revision.set(ref, array)
  }
  if (!isGrown && store.dict !== undefined) return pdf
  await setStore({ document, revision, catalog }, store, changes)
  const { bytes } = await revision.encode()
  return pdf instanceof Blob
    ? new Blob([pdf, bytes], { type: 'application/pdf' })
    : concatBytes(pdf, bytes)
}

/** Adds what is not among `known`, each once. */
async function addStreams(
  revision: Revision,
  known: readonly Uint8Array[],
  added: readonly Uint8Array[],
): Promise<readonly PdfRef[]> {
  const seen = [...known]
  const refs: PdfRef[] = []
  for (const der of added) {
    if (seen.some((one) => equalBytes(one, der))) continue
    seen.push(der)
    const ref = revision.allocate()
    revision.set(ref, await streamOf(der))
    refs.push(ref)
  }
  return refs
}

/** Deflated where that makes it smaller: signatures and keys are noise, names and a long CRL are not. */
async function streamOf(der: Uint8Array): Promise<PdfNewStream> {
  const filter = dict({ Filter: name('FlateDecode') })
  const deflated = await deflate(der)
  const isSmaller = deflated.length + '/Filter /FlateDecode '.length < der.length
  return isSmaller
    ? { kind: 'new-stream', dict: filter, data: deflated }
    : { kind: 'new-stream', dict: dict({}), data: der }
}

/** Writes the store in the object that owns it; a new one is an object of its own. */
async function setStore(
  file: { document: PdfDocument; revision: Revision; catalog: OwnedDict },
  { ref, dict: old }: Store,
  changes: Readonly<Record<string, PdfValue>>,
): Promise<void> {
  const { document, revision, catalog } = file
  if (ref !== undefined && old !== undefined) {
    if (Object.keys(changes).length > 0) revision.set(ref, withEntries(old, changes))
    return
  }
  const own = revision.allocate()
  revision.set(own, withEntries(old ?? dict({ Type: name('DSS') }), changes))
  const extended = await withEsicExtension(document, catalog.dict)
  revision.set(catalog.ref, withEntries(extended, { DSS: own }))
}
