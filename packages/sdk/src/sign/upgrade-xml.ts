/**
 * What a signature in XML is given after it was made, in its unsigned properties. Nothing that is there is written anew.
 *
 * ```
 * B-T    SignatureTimeStamp                       over the SignatureValue element        EN 319 132-1 §5.3
 * B-LT   CertificateValues, RevocationValues      what it takes to check all             §5.4
 *        TimeStampValidationData                  the same, once an archive stamp is over the values     §5.5.1
 * B-LTA  ArchiveTimeStamp                         over what was signed and all of that   §5.5.2
 * ```
 * @module
 */
import { parseCertificate } from '../asn1/certificate.ts'
import { type Bytes, equalBytes } from '../bytes.ts'
import { digestDocument } from '../digest.ts'
import { FormatError, wrongArgument } from '../errors.ts'
import { assertStampTime, leaveLost } from '../trust/stamp-time.ts'
import type { RequestToken } from '../trust/request-timestamp.ts'
import type { Evidence, ValidationData } from '../trust/validation-data.ts'
import type { DocumentInput } from '../types.ts'
import { collectArchived } from '../xades/archive-imprint.ts'
import { getChild, isNamed } from '../xades/children.ts'
import { type Nested, listNested } from '../xades/nested.ts'
import { assertUnsealed, getQualifyingProperties, planUnsigned } from '../xades/place.ts'
import {
  encodeTimestamp,
  encodeValues,
  findKeyCertificates,
  findTokens,
  findValues,
  isArchived,
  isStamped,
} from '../xades/unsigned-properties.ts'
import { C14N_URIS } from '../xml/c14n-methods.ts'
import { canonicalize } from '../xml/canonicalize.ts'
import { applyEdit } from '../xml/insert.ts'
import { type XmlDocument, parseXml } from '../xml/parse.ts'
import { DSIG } from '../xades/uris.ts'
import type { Rungs } from './ladder.ts'

/** What is built on. */
export interface XmlContent {
  /** Id of the one signature to be built on. Default: all, those that confirm others among them. */
  readonly only?: string | undefined
  /** What was signed beside the file, by the names that the signature has for it. */
  readonly documents?:
    readonly { readonly name: string; readonly data: DocumentInput }[] | undefined
}

/** What each level is to a signature in XML. */
export function createRungs(content: XmlContent = {}): Rungs<Bytes> {
  const { only } = content
  return {
    stamp: (file, ask) => forEach(file, only, (_, signature) => stamp(signature, ask), isLost),
    evidence: async (file) => collectEvidence(await parseXml(file), only),
    embed: (file, data) => forEach(file, only, async (_, signature) => embed(signature, data)),
    archive: (file, ask) =>
      forEach(file, only, (xml, signature) => archive(xml, signature, content, ask)),
  }
}

/** Adds to each signature of a file; where there is none, nothing can be built. */
async function forEach(
  file: Bytes,
  only: string | undefined,
  write: (xml: XmlDocument, signature: Element) => Promise<string>,
  isPast: (signature: Element) => boolean = () => false,
): Promise<Bytes> {
  const first = await parseSignatures(file)
  const chosen = listNested(first.xml).filter((one) => !one.isClosed && isChosen(one, only))
  if (first.all.length === 0) throw new FormatError('FORMAT_UNSUPPORTED', NO_SIGNATURE)
  // Nothing that is added holds a signature, so that each keeps its place among all.
  const places = new Map(first.all.map((signature, index) => [signature, index]))
  const left = leaveLost(
    chosen.map(({ signature }) => signature),
    isPast,
  )
  let reached = file
  let parsed: Parsed | undefined = first
  for (const { signature: known } of chosen) {
    if (left(known)) continue
    parsed ??= await parseSignatures(reached)
    const { xml, all } = parsed
    const signature = all[places.get(known) as number] as Element
    // Before anybody is asked for what has no place in it.
    getQualifyingProperties(signature)
    const added = await write(xml, signature)
    if (added === '') continue
    reached = applyEdit(reached, planUnsigned(xml, signature), added)
    // A change moves all that stands behind it.
    parsed = undefined
  }
  return reached
}

interface Parsed {
  readonly xml: XmlDocument
  /** Those on others too, in document order. */
  readonly all: readonly Element[]
}

async function parseSignatures(file: Bytes): Promise<Parsed> {
  const xml = await parseXml(file)
  return { xml, all: xml.elements.filter((element) => isNamed(element, DSIG, 'Signature')) }
}

const isChosen = ({ signature }: Nested, only: string | undefined): boolean =>
  only === undefined || signature.getAttribute('Id') === only

const NO_SIGNATURE = { details: { feature: 'XML without a signature' } }

function isLost(signature: Element): boolean {
  const [certificate] = findKeyCertificates(signature)
  if (isStamped(signature) || certificate === undefined) return false
  return new Date() > parseCertificate(certificate).notAfter
}

async function stamp(signature: Element, ask: RequestToken): Promise<string> {
  if (isStamped(signature)) return ''
  assertUnsealed(signature)
  const value = canonicalize(getChild(signature, DSIG, 'SignatureValue'), C14N_URIS.exclusive)
  const digest = await digestDocument('SHA-256', [value])
  const { tokenDer, time } = await ask({ digest: 'SHA-256', value: digest })
  const [certificate] = findKeyCertificates(signature)
  if (certificate !== undefined) assertStampTime(parseCertificate(certificate), time)
  return encodeTimestamp('xades:SignatureTimeStamp', tokenDer)
}

function collectEvidence(xml: XmlDocument, only: string | undefined): Evidence {
  const signatures = listNested(xml)
    .filter((one) => isChosen(one, only))
    .map(({ signature }) => signature)
  // Before authorities are asked for what has no place in it.
  for (const signature of signatures) assertUnsealed(signature)
  const signers = signatures.flatMap((signature) => {
    const [certificate, ...others] = findKeyCertificates(signature)
    const pool = [...others, ...findValues(signature).certificates]
    return certificate === undefined ? [] : [{ certificate, pool }]
  })
  const tokens = signatures.flatMap(findTokens)
  return { signers, tokens, pool: signers.flatMap(({ pool }) => pool) }
}

/** What is there already is left out, in whichever property it is. */
function embed(signature: Element, data: ValidationData): string {
  const known = findValues(signature)
  const without = (given: readonly Bytes[], there: readonly Uint8Array[]): readonly Bytes[] =>
    given.filter((der) => !there.some((one) => equalBytes(one, der)))
  const values = {
    certificates: without(data.certificates, known.certificates),
    ocspResponses: without(data.ocspResponses, known.ocspResponses),
    crls: without(data.crls, known.crls),
  }
  const isFirst = !isArchived(signature) && !known.isThere
  return encodeValues(values, isFirst ? 'signature' : 'time stamps')
}

async function archive(
  xml: XmlDocument,
  signature: Element,
  { documents = [] }: XmlContent,
  ask: RequestToken,
): Promise<string> {
  assertUnsealed(signature)
  const parts = collectArchived(xml, signature, (uri) => {
    const found = documents.find(({ name }) => isAddressOf(uri, name))
    if (found === undefined) {
      throw wrongArgument('documents', 'all documents that the signature names')
    }
    return found.data
  })
  const value = await digestDocument('SHA-256', parts)
  const { tokenDer } = await ask({ digest: 'SHA-256', value })
  return encodeTimestamp('xades141:ArchiveTimeStamp', tokenDer)
}

function isAddressOf(uri: string, name: string): boolean {
  try {
    return decodeURIComponent(uri) === name
  } catch {
    return false
  }
}
