/**
 * What signing a container can be told.
 * @module
 */
import type { Bytes } from '../../bytes.ts'
import { wrongArgument } from '../../errors.ts'
import { assertFileName } from '../../asic/container.ts'
import type { ManifestReference } from '../../asic/manifest.ts'
import type {
  AlgorithmName,
  DocumentInput,
  HashProgress,
  Prepared,
  SigningRequest,
} from '../../types.ts'
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
export interface AsicOptions {
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

/** What completing needs besides the request and the container. */
export interface AsicState {
  /** Every file, with the digest that is signed. */
  readonly references: readonly ManifestReference[]
  readonly chain: readonly Bytes[]
  /** Where the signature goes. */
  readonly signatureName: string
  /** ASiC-E with CAdES: where the manifest goes, and the manifest. */
  readonly manifest: { readonly name: string; readonly bytes: Bytes } | undefined
  readonly signingTime: Date
}

export type PreparedAsic = Prepared<'asic', AsicState>

const MAX_FILES = 256

/** @throws {UsageError} USAGE_ARGUMENT */
export function assertFiles(files: unknown, type: unknown): asserts files is readonly AsicFile[] {
  if (type !== 'ASiC-E' && type !== 'ASiC-S') throw wrongArgument('container', 'ASiC-E or ASiC-S')
  const max = type === 'ASiC-S' ? 1 : MAX_FILES
  if (!Array.isArray(files) || files.length === 0 || files.length > max) {
    throw wrongArgument('files', max === 1 ? 'one file in ASiC-S' : `1 to ${max} files`)
  }
  for (const file of files as readonly Partial<AsicFile>[]) {
    assertDocumentInput('files', file?.data)
    assertFileName(file.name)
  }
}

/** What files are, by their names. */
export function listMediaTypes(files: readonly AsicFile[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    files.map(({ name, data, mediaType }) => {
      const type = data instanceof Blob ? data.type : ''
      return [name, mediaType ?? (type || 'application/octet-stream')]
    }),
  )
}

/** The documents of a request: the first, and the others. */
export function describeFiles(
  files: readonly { readonly name: string; readonly size: number }[],
  references: readonly ManifestReference[],
): Pick<SigningRequest, 'document' | 'documentDigest' | 'alsoSigned'> {
  const [first, ...others] = references.map(({ name, mediaType, digest }, index) => ({
    name,
    mediaType: mediaType ?? 'application/octet-stream',
    size: files[index]?.size ?? 0,
    digest,
  }))
  if (first === undefined) throw wrongArgument('files', 'at least one file')
  const { digest, ...document } = first
  return {
    document: Object.freeze(document),
    documentDigest: digest.value,
    ...(others.length === 0 ? {} : { alsoSigned: Object.freeze(others) }),
  }
}
