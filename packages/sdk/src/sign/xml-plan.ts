/**
 * What each way of packaging makes of the documents it is given: what is referred to, and where the signature goes.
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import { encodeBase64 } from '../base64.ts'
import { type Bytes, encodeUtf8 } from '../bytes.ts'
import { digestDocument, readChunk, sizeOf } from '../digest.ts'
import { wrongArgument } from '../errors.ts'
import type { AlgorithmName, DocumentDescription, DocumentInput, HashProgress } from '../types.ts'
import { encodeElement } from '../xades/element-text.ts'
import {
  type ElementChoice,
  OWN_FILE,
  findPlace,
  listSignatures,
  planUnsigned,
} from '../xades/place.ts'
import type { SignedData } from '../xades/prepare-xades.ts'
import type { Transform } from '../xades/signature-text.ts'
import { COUNTERSIGNED_TYPE, DSIG, XADES } from '../xades/uris.ts'
import { getChild } from '../xades/children.ts'
import type { C14nName } from '../xml/c14n-methods.ts'
import type { XmlEdit } from '../xml/insert.ts'
import { malformedXml, unsupportedXml } from '../xml/malformed.ts'
import { parseXml } from '../xml/parse.ts'
import { type DocumentLabel, assertDocumentInput, describeDocument } from './document.ts'
import { sumProgress } from './sum-progress.ts'

export type Packaging = 'enveloped' | 'enveloping' | 'detached' | 'counter-signature'

/** One of several documents that a detached signature is over. */
export interface DetachedDocument extends DocumentLabel {
  readonly data: DocumentInput
}

/** What is signed: one document, or of a detached signature several. */
export type XmlInput = DocumentInput | readonly DetachedDocument[]

/** How it is packaged. */
export interface PackagingOptions {
  readonly packaging: Packaging
  readonly c14n: C14nName
  readonly algorithm: AlgorithmName
  readonly signatureId: string
  readonly target?: string | undefined
  readonly place?: ElementChoice | undefined
  readonly moreSignatures?: boolean | undefined
  readonly document?: DocumentLabel | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: HashProgress | undefined
}

/** What comes of it. */
export interface PackagingPlan {
  readonly source: Bytes
  readonly place: XmlEdit
  readonly data: readonly SignedData[]
  readonly objects: readonly string[]
  /** As the person is shown them, in the order of the data. */
  readonly documents: readonly DocumentDescription[]
}

const XML_TYPE = 'application/xml'
const ID = /^[A-Za-z_][\w.-]{0,199}$/

/**
 * Plans.
 * @throws {UsageError} USAGE_ARGUMENT
 * @throws {FormatError} FORMAT_MALFORMED, FORMAT_UNSUPPORTED, FORMAT_CHANGED; FORMAT_NOT_ALLOWED where an Id is not one
 *   element's alone
 */
export function planPackaging(input: XmlInput, options: PackagingOptions): Promise<PackagingPlan> {
  const plans = {
    enveloped: planEnveloped,
    enveloping: planEnveloping,
    detached: planDetached,
    'counter-signature': planCounterSignature,
  }
  if (!Object.hasOwn(plans, options.packaging)) {
    throw wrongArgument('packaging', Object.keys(plans).join(' or '))
  }
  if (Array.isArray(input) && options.packaging !== 'detached') {
    throw wrongArgument('packaging', 'detached, by which a list of documents is signed')
  }
  return plans[options.packaging](input, options)
}

/** Reads one document as a whole; a copy. */
export async function readWhole(input: XmlInput): Promise<Bytes> {
  assertDocumentInput('document', input)
  return new Uint8Array(await readChunk(input, 0, sizeOf(input)))
}

/** Describes an XML file for the person's eyes. */
export function describeXml(input: XmlInput, label?: DocumentLabel): DocumentDescription {
  assertDocumentInput('document', input)
  const { name, mediaType = XML_TYPE } = label ?? {}
  return describeDocument(input, { name, mediaType })
}

async function planEnveloped(input: XmlInput, options: PackagingOptions): Promise<PackagingPlan> {
  const { target, c14n, moreSignatures = false } = options
  const description = describeXml(input, options.document)
  if (target !== undefined && !ID.test(target)) throw wrongArgument('target', 'an Id')
  const source = await readWhole(input)
  const place = await findPlace(source, options.place)
  const leave: Transform = moreSignatures ? 'without-signatures' : 'enveloped'
  const { mediaType } = description
  const uri = target === undefined ? '' : `#${target}`
  const data = [{ uri, transforms: [leave, c14n], mediaType }]
  return { source, place, data, objects: [], documents: [description] }
}

async function planEnveloping(input: XmlInput, options: PackagingOptions): Promise<PackagingPlan> {
  assertDocumentInput('document', input)
  const description = describeDocument(input, options.document)
  const content = await readWhole(input)
  const id = `${options.signatureId}-object`
  const object = encodeElement('ds:Object', { Id: id }, encodeBase64(content))
  const { mediaType } = description
  const data = [{ uri: `#${id}`, transforms: ['base64' as const], mediaType }]
  return { ...ownFile(), data, objects: [object], documents: [description] }
}

async function planDetached(input: XmlInput, options: PackagingOptions): Promise<PackagingPlan> {
  const { digest } = getAlgorithm(options.algorithm)
  const given = listGiven(input, options.document)
  const documents = given.map(describeGiven)
  const names = new Set(documents.map(({ name }) => name))
  if (names.size !== given.length || given.length === 0 || given.length > MAX_DOCUMENTS) {
    throw wrongArgument('document', `1 to ${MAX_DOCUMENTS} documents, each with a name of its own`)
  }
  const data: SignedData[] = []
  const listen = sumProgress(given, options.onProgress)
  for (const [index, { name, mediaType }] of documents.entries()) {
    const { data: part } = given[index] as DetachedDocument
    const onProgress = listen(part)
    const value = await digestDocument(digest, [part], { ...options, onProgress })
    data.push({ uri: encodePath(name), transforms: [], mediaType, digest: value })
  }
  return { ...ownFile(), data, objects: [], documents }
}

const listGiven = (input: XmlInput, label?: DocumentLabel): readonly DetachedDocument[] =>
  Array.isArray(input)
    ? (input as readonly DetachedDocument[])
    : [{ ...label, data: input as DocumentInput }]

function describeGiven({ data, ...label }: DetachedDocument): DocumentDescription {
  assertDocumentInput('document', data)
  return describeDocument(data, label)
}

/** Lists what a detached signature is over by the names that it has in it; nothing of any other. */
export function listDocuments(
  input: XmlInput,
  {
    packaging,
    document,
  }: Pick<Partial<PackagingOptions>, 'document'> & { readonly packaging?: Packaging | undefined },
): readonly { readonly name: string; readonly data: DocumentInput }[] {
  if (packaging !== 'detached') return []
  return listGiven(input, document).map((given) => ({
    name: describeGiven(given).name,
    data: given.data,
  }))
}

async function planCounterSignature(
  input: XmlInput,
  options: PackagingOptions,
): Promise<PackagingPlan> {
  const source = await readWhole(input)
  const xml = await parseXml(source)
  const { target } = options
  const [signature, ...others] = listSignatures(xml).filter(
    (candidate) => target === undefined || candidate.getAttribute('Id') === target,
  )
  if (signature === undefined) throw malformedXml(0, 'the signature to be signed')
  if (others.length > 0) throw wrongArgument('target', 'the Id of the one signature to be signed')
  const id = getChild(signature, DSIG, 'SignatureValue').getAttribute('Id')
  if (id === null || !ID.test(id)) {
    throw unsupportedXml('counter-signatures to signatures whose value has no Id')
  }
  const edit = planUnsigned(xml, signature)
  const place = {
    ...edit,
    before: `${edit.before}<xades:CounterSignature xmlns:xades="${XADES}">`,
    after: `</xades:CounterSignature>${edit.after}`,
  }
  const reference = { uri: `#${id}`, type: COUNTERSIGNED_TYPE, transforms: [options.c14n] }
  const data = [{ ...reference, mediaType: undefined }]
  return { source, place, data, objects: [], documents: [describeXml(input, options.document)] }
}

/** As many as one SignedInfo of 64 KiB holds with names of moderate length. */
const MAX_DOCUMENTS = 128

const ownFile = (): Pick<PackagingPlan, 'source' | 'place'> => {
  const source = encodeUtf8('<?xml version="1.0" encoding="UTF-8"?>\n')
  const { length } = source
  return { source, place: { ...OWN_FILE, start: length, end: length } }
}

/** A relative address (RFC 3986 §3.3). */
const encodePath = (name: string): string => name.split('/').map(encodeURIComponent).join('/')
