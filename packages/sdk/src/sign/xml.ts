/**
 * Signatures in XML, XAdES B-B to B-LTA and the plain ones that Vietnam's authorities ask for: `signXml` for one go,
 * `prepareXml` and `completeXml` where the signature value comes from another worker, another machine or another day.
 *
 * ```
 * file ─ place, references ─ parse, hash ─► prepareXml ─► toBeSigned ─ Signer ─► signatureValue
 *   ─ completeXml ─ verify, parse again ─► file, byte for byte, with <ds:Signature> in it
 * ```
 * @module
 */
import { getAlgorithm } from '../algorithms.ts'
import { encodeHex, type Bytes } from '../bytes.ts'
import { assertSignature } from '../cms/assert-signature.ts'
import { assertCertificates } from '../cms/prepare.ts'
import { FormatError, wrongArgument } from '../errors.ts'
import { assertSigningTime } from '../signing-time.ts'
import type {
  AlgorithmName,
  DocumentDescription,
  HashProgress,
  Prepared,
  Signer,
  SigningRequest,
} from '../types.ts'
import { completeSignature } from '../xades/complete.ts'
import type { ElementChoice } from '../xades/place.ts'
import { type PreparedSignature } from '../xades/prepare.ts'
import { prepareForm } from '../xades/prepare-form.ts'
import { prepareXades } from '../xades/prepare-xades.ts'
import { XML_FORMS, type XmlFormName } from '../xades/forms.ts'
import type { SignatureText } from '../xades/signature-text.ts'
import { C14N_URIS, type C14nName } from '../xml/c14n-methods.ts'
import type { XmlEdit } from '../xml/insert.ts'
import { decideAlgorithm } from './algorithm-choice.ts'
import { askSigner } from './ask-signer.ts'
import { assertCallOptions } from './call-options.ts'
import { type ClaimsChoice, readClaims } from './claims.ts'
import type { DocumentLabel } from './document.ts'
import type { Level, LevelChoice } from './level.ts'
import { isBuiltOn, prepareLevel } from './prepare-level.ts'
import { type ProfileChoice, applyProfile } from './profile.ts'
import {
  type DetachedDocument,
  type Packaging,
  type XmlInput,
  describeXml,
  listDocuments,
  planPackaging,
  readWhole,
} from './xml-plan.ts'

export type { C14nName, DetachedDocument, DocumentLabel, ElementChoice, Level, LevelChoice }
export type { Packaging, XmlInput, XmlFormName }

/** What both ways of signing can be told. */
interface XmlOptions extends ClaimsChoice {
  /**
   * `enveloped`: in the XML file that is signed; `enveloping`: a file of its own that holds the document in base64;
   * `detached`: a file of its own that names the documents; `counter-signature`: in a signature, over its value.
   * Default: enveloped.
   */
  readonly packaging?: Packaging | undefined
  /** A plain signature in the form that an authority asks for, in place of XAdES. */
  readonly form?: XmlFormName | undefined
  /** Id of the element that is signed, or of the signature that is counter-signed. Default: the whole file, its only signature. */
  readonly target?: string | undefined
  /** The element that the signature is put into, at its end. Default: the root, or the form's own. */
  readonly place?: ElementChoice | undefined
  /** Leaves all signatures out of what is signed, so that others may be added beside this one. Default: false. */
  readonly moreSignatures?: boolean | undefined
  /** Canonical form. Default: exclusive. */
  readonly c14n?: C14nName | undefined
  /** Default: one that is nobody else's. */
  readonly signatureId?: string | undefined
  /** What the person is told of the document before signing. */
  readonly document?: DocumentLabel | undefined
  /** The time that the signer claims, whole seconds count; the bridge refuses one that is far off. Default: now. */
  readonly signingTime?: Date | undefined
  readonly signal?: AbortSignal | undefined
  /** How far hashing of detached documents has come. */
  readonly onProgress?: HashProgress | undefined
}

export interface PrepareXmlOptions extends XmlOptions {
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array
  /** DER of its issuers. Default: none. */
  readonly chain?: readonly Uint8Array[] | undefined
  readonly algorithm: AlgorithmName
}

export interface SignXmlOptions extends XmlOptions, LevelChoice, ProfileChoice {
  readonly signer: Signer
  /** One of `signer.algorithms`. Default: the first. */
  readonly algorithm?: AlgorithmName | undefined
}

/** What completing a signature in XML needs besides the request. */
export interface XmlState {
  readonly signatureId: string
  /** The file around the signature where that is no document; undefined where it is the document. */
  readonly source: Bytes | undefined
  readonly place: XmlEdit
  readonly text: SignatureText
}

export type PreparedXml = Prepared<'xml', XmlState>

/**
 * Signs XML, or anything by a signature in XML.
 * @param document read as a whole, but for detached documents; not retained
 * @returns a file in UTF-8; a fresh array that the caller owns. An enveloped signature leaves every other byte of the file
 *   as it was
 * @throws {UsageError} USAGE_ARGUMENT, USAGE_UNSUPPORTED_ALGORITHM, USAGE_INSECURE_CONTEXT, USAGE_NOT_LOADED
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED {feature: DOCTYPE, another encoding than UTF-8, …};
 *   FORMAT_NOT_ALLOWED {rule: duplicate-id | earlier-signature}; FORMAT_CHANGED
 * @throws {UserError} USER_CANCELLED when the signal aborts, and whatever else the signer throws
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID where the signature value does not verify; nothing is returned then
 * @see EN 319 132-1 §6 (XAdES B-B to B-LTA), XML Signature 1.1   @since 0.1
 */
export async function signXml(document: XmlInput, options: SignXmlOptions): Promise<Bytes> {
  if (options?.profile !== undefined) {
    return signXml(document, await applyProfile('xml', options))
  }
  // Left out by mistake in plain JavaScript, options are a signer that is missing.
  const { signer, signal, ...rest } = (options ?? {}) as SignXmlOptions
  const algorithm = decideAlgorithm(signer, rest.algorithm)
  const { certificate, chain } = signer
  if (rest.form !== undefined && isBuiltOn(rest)) {
    throw wrongArgument('level', 'B-B: the plain signatures of forms have no levels')
  }
  const signatureId = decideId(rest.signatureId)
  const given = { ...rest, signatureId, signal, certificate, chain, algorithm }
  const [{ prepared, source }, buildLevel] = await Promise.all([
    prepareWithSource(document, given),
    prepareLevel({ ...rest, signal }, signer, async () => {
      const { createRungs } = await import('./upgrade-xml.ts')
      // The signatures of others are not ours to build on.
      return createRungs({ documents: listDocuments(document, rest), only: signatureId })
    }),
  ])
  const value = await askSigner(signer, prepared, signal === undefined ? {} : { signal })
  const signed = await complete(source, prepared, value)
  return buildLevel === undefined ? signed : buildLevel(signed)
}

/**
 * Prepares a signature for a value that comes later.
 * @returns frozen and structured-cloneable; owns its bytes; holds no document but an enveloping signature's
 * @throws as `signXml`, but for the signer's errors
 * @since 0.1
 */
export async function prepareXml(
  document: XmlInput,
  options: PrepareXmlOptions,
): Promise<PreparedXml> {
  return (await prepareWithSource(document, options)).prepared
}

/**
 * Completes what was prepared with its signature value, which is verified first. The file is parsed once more, and what its
 * references lead to must be what was signed.
 * @param document the very one that was prepared; of detached and enveloping signatures nothing is read of it
 * @param prepared as `prepareXml` returned it, or a structured clone
 * @param signatureValue RSA's octets, or ECDSA's r‖s at fixed width
 * @returns as `signXml`
 * @throws {TokenError} TOKEN_SIGNATURE_INVALID
 * @throws {FormatError} FORMAT_CHANGED where the document is not what was prepared
 * @since 0.1
 */
export async function completeXml(
  document: XmlInput,
  prepared: PreparedXml,
  signatureValue: Uint8Array,
): Promise<Bytes> {
  const source = prepared.state.source ?? (await readWhole(document))
  if (prepared.state.source === undefined && source.length !== prepared.document.size) {
    throw new FormatError('FORMAT_CHANGED')
  }
  return complete(source, prepared, signatureValue)
}

async function complete(
  source: Uint8Array,
  prepared: PreparedXml,
  signatureValue: Uint8Array,
): Promise<Bytes> {
  const { place, text } = prepared.state
  return completeSignature({
    ...{ source, place, text },
    ...(await assertSignature(prepared, signatureValue)),
  })
}

interface WithSource {
  readonly prepared: PreparedXml
  readonly source: Bytes
}

async function prepareWithSource(
  document: XmlInput,
  given: PrepareXmlOptions,
): Promise<WithSource> {
  const options = (given ?? {}) as PrepareXmlOptions
  const { certificate, chain = [], signingTime = new Date(), c14n = 'exclusive' } = options
  assertCertificates(certificate, chain)
  const { name: algorithm } = getAlgorithm(options.algorithm)
  assertCallOptions(options)
  // Its time zone may push the last hours of a year into the next, and a dateTime has four digits.
  assertSigningTime(signingTime, { last: 9998 })
  if (!Object.hasOwn(C14N_URIS, c14n)) {
    throw wrongArgument('c14n', Object.keys(C14N_URIS).join(' or '))
  }
  const signatureId = decideId(options.signatureId)
  const decided = { ...options, algorithm, chain, signingTime, c14n, signatureId }
  return options.form === undefined
    ? prepareByPackaging(document, decided)
    : prepareByForm(document, decided, options.form)
}

type Decided = PrepareXmlOptions &
  Required<
    Pick<PrepareXmlOptions, 'algorithm' | 'chain' | 'signingTime' | 'c14n' | 'signatureId'>
  > & { readonly signingTime: Date; readonly c14n: C14nName; readonly signatureId: string }

async function prepareByPackaging(input: XmlInput, options: Decided): Promise<WithSource> {
  const { packaging = 'enveloped', chain = [] } = options
  const [plan, claims] = await Promise.all([
    planPackaging(input, { ...options, packaging }),
    readClaims(options),
  ])
  const { source, place } = plan
  const prepared = await prepareXades({ ...options, ...plan, chain, claims })
  const isOwnFile = packaging === 'enveloping' || packaging === 'detached'
  const { signatureId } = options
  const own = isOwnFile ? source : undefined
  const state = { signatureId, source: own, place, text: prepared.text }
  return { prepared: freeze(options, prepared, plan.documents, state), source }
}

async function prepareByForm(
  input: XmlInput,
  options: Decided,
  name: XmlFormName,
): Promise<WithSource> {
  const isKnown = Object.hasOwn(XML_FORMS, name)
  if (!isKnown) throw wrongArgument('form', Object.keys(XML_FORMS).join(' or '))
  if (options.packaging !== undefined && options.packaging !== 'enveloped') {
    throw wrongArgument('packaging', 'enveloped, or no form')
  }
  if (options.claims !== undefined) {
    throw wrongArgument('claims', 'nothing: the plain signatures of forms have no place for them')
  }
  const description = describeXml(input, options.document)
  const source = await readWhole(input)
  const form = XML_FORMS[name]
  const prepared = await prepareForm({ ...options, source, form })
  const documents = Array.from({ length: prepared.signedParts }, () => description)
  const { signatureId } = options
  const state = { signatureId, source: undefined, place: prepared.place, text: prepared.text }
  return { prepared: freeze(options, prepared, documents, state), source }
}

function freeze(
  { algorithm, certificate }: Decided,
  { toBeSigned, signedProperties, digests }: PreparedSignature,
  documents: readonly DocumentDescription[],
  state: XmlState,
): PreparedXml {
  const { digest } = getAlgorithm(algorithm)
  const [document, ...others] = documents as [DocumentDescription]
  const alsoSigned = others.map((other: DocumentDescription, index) => ({
    ...other,
    digest: { algorithm: digest, value: digests[index + 1] as Bytes },
  }))
  const request: SigningRequest = {
    ...{ kind: 'xml-signed-info', algorithm, toBeSigned, document },
    documentDigest: digests[0] as Bytes,
    ...(signedProperties && { signedProperties }),
    ...(alsoSigned.length > 0 && { alsoSigned }),
  }
  return Object.freeze({
    ...{ format: 'xml', ...request, certificate: new Uint8Array(certificate) },
    state: Object.freeze(state),
  })
}

function decideId(id: string | undefined): string {
  if (id === undefined) return `sig-${encodeHex(crypto.getRandomValues(new Uint8Array(16)))}`
  if (typeof id === 'string' && /^[A-Za-z_][\w.-]{0,99}$/.test(id)) return id
  throw wrongArgument('signatureId', 'up to 100 letters, digits and ._-, a letter first')
}
