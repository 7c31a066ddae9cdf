/**
 * What signing a container can be told.
 * @module
 */
import type { Bytes } from '../../bytes.ts'
import { FormatError, wrongArgument } from '../../errors.ts'
import { type AsicSignature, assertFileName } from '../../asic/container.ts'
import type { ManifestReference } from '../../asic/manifest.ts'
import type {
  AlgorithmName,
  DocumentInput,
  HashProgress,
  Prepared,
  SigningRequest,
} from '../../types.ts'
import type { SignatureText } from '../../xades/signature-text.ts'
import type { XmlEdit } from '../../xml/insert.ts'
import type { ClaimsChoice } from '../claims.ts'
import { assertDocumentInput } from '../document.ts'

/** A file that goes into a container. */
export interface AsicFile {
  /** A relative path with `/` between its steps. */
  readonly name: string
  readonly data: DocumentInput
  /** Default: the Blob's type, else `application/octet-stream`. */
  readonly mediaType?: string | undefined
}

/** What every way of signing a container can be told. */
export interface AsicOptions extends ClaimsChoice {
  /** What signs. Default: what the container has already, and XAdES where nobody has signed: most readers know no other. */
  readonly signatures?: AsicSignature | undefined
  /** What the files are, by their names in the container. Default: `application/octet-stream` each. */
  readonly mediaTypes?: Readonly<Record<string, string>> | undefined
  /** The time that the signer claims, whole seconds count; the bridge refuses one that is far off. Default: now. */
  readonly signingTime?: Date | undefined
  readonly signal?: AbortSignal | undefined
  /** How far hashing has come. */
  readonly onProgress?: HashProgress | undefined
}

/** Who will sign, where the signer is not at hand. */
export interface AsicCertificate {
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array
  /** DER of its issuers. Default: none. */
  readonly chain?: readonly Uint8Array[] | undefined
  readonly algorithm: AlgorithmName
}

/** Who signs and when: nothing is left to be decided. */
export interface AsicSigning extends ClaimsChoice {
  readonly certificate: Uint8Array
  readonly chain: readonly Uint8Array[]
  readonly algorithm: AlgorithmName
  readonly signingTime: Date
}

/** What completing needs besides the request and the container. */
export interface AsicState {
  /** Every file, with the digest that is signed. */
  readonly references: readonly ManifestReference[]
  /** CAdES: DER of the issuers that go along. */
  readonly chain: readonly Bytes[]
  /** Where the signature goes. */
  readonly signatureName: string
  /** What that file is before: with signatures of others, or undefined where there is none. */
  readonly before: Bytes | undefined
  /** What goes in beside it: of CAdES the manifest that is signed, of XAdES one that says what the files are. */
  readonly manifest: { readonly name: string; readonly bytes: Bytes } | undefined
  /** XAdES: the file that the signature goes into, where in it, and all of it but the value. */
  readonly xml:
    { readonly source: Bytes; readonly place: XmlEdit; readonly text: SignatureText } | undefined
  readonly signingTime: Date
}

export type PreparedAsic = Prepared<'asic', AsicState>

/** What a file is that nobody says anything of. */
export const OCTETS = 'application/octet-stream'
const MAX_FILES = 256
/** As many as the wire carries. */
const MAX_NAME_LENGTH = 255
const MAX_MEDIA_TYPE_LENGTH = 100

/** @throws {UsageError} USAGE_ARGUMENT */
export function assertFiles(files: unknown, type: unknown): asserts files is readonly AsicFile[] {
  if (type !== 'ASiC-E' && type !== 'ASiC-S') throw wrongArgument('container', 'ASiC-E or ASiC-S')
  const max = type === 'ASiC-S' ? 1 : MAX_FILES
  if (!Array.isArray(files) || files.length === 0 || files.length > max) {
    throw wrongArgument('files', max === 1 ? 'one file in ASiC-S' : `1 to ${max} files`)
  }
  for (const [index, file] of (files as readonly Partial<AsicFile>[]).entries()) {
    if (file?.data === undefined) throw wrongArgument(`files[${index}]`, '{ name, data }')
    assertDocumentInput(`files[${index}].data`, file.data)
    assertFileName(file.name)
    assertMediaType('mediaType', file.mediaType)
  }
  const names = (files as readonly AsicFile[]).map(({ name }) =>
    name.normalize('NFC').toLowerCase(),
  )
  // Two that differ in case or form alone are one file where somebody unpacks them.
  if (new Set(names).size !== names.length) throw wrongArgument('files', 'each name once')
}

/** What files are, by their names. */
export function listMediaTypes(files: readonly AsicFile[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    files.map(({ name, data, mediaType }) => {
      const type = data instanceof Blob ? data.type : ''
      return [name, mediaType ?? (type || OCTETS)]
    }),
  )
}

/** @throws {UsageError} USAGE_ARGUMENT */
export function assertMediaTypes(mediaTypes: unknown): void {
  if (mediaTypes === undefined) return
  if (typeof mediaTypes !== 'object' || mediaTypes === null) {
    throw wrongArgument('mediaTypes', 'an object of media types by names')
  }
  for (const type of Object.values(mediaTypes)) assertMediaType('mediaTypes', type)
}

function assertMediaType(argument: string, type: unknown): void {
  if (type === undefined) return
  const isText = typeof type === 'string' && type.length > 0
  if (isText && type.length <= MAX_MEDIA_TYPE_LENGTH && /^[\x20-\x7e]*$/.test(type)) return
  throw wrongArgument(argument, `a media type of at most ${MAX_MEDIA_TYPE_LENGTH} characters`)
}

/**
 * The documents of a request: the first, and the others.
 * @throws {FormatError} FORMAT_UNSUPPORTED where somebody packed a file whose name no person can be shown
 */
export function describeFiles(
  files: readonly { readonly name: string; readonly size: number }[],
  references: readonly ManifestReference[],
): Pick<SigningRequest, 'document' | 'documentDigest' | 'alsoSigned'> {
  const [first, ...others] = references.map(({ name, mediaType, digest }, index) => ({
    name,
    mediaType: mediaType ?? OCTETS,
    size: files[index]?.size ?? 0,
    digest,
  }))
  if (first === undefined) throw wrongArgument('files', 'at least one file')
  if (
    references.length > MAX_FILES ||
    references.some(({ name }) => name.length > MAX_NAME_LENGTH)
  ) {
    const feature = `more than ${MAX_FILES} files, or a name of more than ${MAX_NAME_LENGTH} characters`
    throw new FormatError('FORMAT_UNSUPPORTED', { details: { feature } })
  }
  const { digest, ...document } = first
  return {
    document: Object.freeze(document),
    documentDigest: digest.value,
    ...(others.length === 0 ? {} : { alsoSigned: Object.freeze(others) }),
  }
}
