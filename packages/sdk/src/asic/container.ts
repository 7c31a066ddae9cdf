/**
 * What lies where in an associated signature container.
 *
 * ```
 * mimetype                        first, stored, no extra field, no line end                    EN 319 162-1 §A.1
 * …                               what is signed; in ASiC-S one file
 * META-INF/signature.p7s          ASiC-S with CAdES: over that file                             §4.3.3.2
 * META-INF/ASiCManifest001.xml    ASiC-E with CAdES: digests of what is signed …                §4.4.3.2, §A.4
 * META-INF/signature001.p7s       … and the signature over the manifest
 * META-INF/ASiCArchiveManifest.xml, META-INF/timestamp001.tst    its B-LTA: digests of all, stamped  §A.7
 * META-INF/signatures.xml         ASiC-S with XAdES: all signatures                             §4.3.3.2
 * META-INF/signatures001.xml      ASiC-E with XAdES: signatures                                 §4.4.3.3
 * META-INF/manifest.xml           ASiC-E with XAdES: what each file is                          ODF 1.2 part 3
 * ```
 * @module
 */
import type { DocumentInput } from '../types.ts'
import { FormatError, wrongArgument } from '../errors.ts'
import { type ZipArchive, type ZipEntry, findEntry, openZip, readEntry } from '../zip/archive.ts'
import { malformedZip, unsupportedZip } from '../zip/malformed.ts'

export type AsicType = 'ASiC-E' | 'ASiC-S'
export type AsicSignature = 'XAdES' | 'CAdES'

/** A container, opened. */
export interface AsicContainer {
  readonly archive: ZipArchive
  readonly type: AsicType
  /** Undefined where nobody has signed yet. */
  readonly signature: AsicSignature | undefined
  /** What is, or would be, signed, in its order. */
  readonly files: readonly ZipEntry[]
}

/** What `mimetype` holds, octet for octet. */
export const MEDIA_TYPES: Readonly<Record<AsicType, string>> = {
  'ASiC-E': 'application/vnd.etsi.asic-e+zip',
  'ASiC-S': 'application/vnd.etsi.asic-s+zip',
}
/** A file of signatures, with their chains, their stamps and what authorities said of them. */
export const MAX_SIGNATURES_BYTES = 64 << 20
/** Of all of a kind: who builds on them holds them in memory, and a ZIP of a few MB may say that it has terabytes. */
const MAX_KIND_BYTES = 256 << 20
const META = 'META-INF/'
const MAX_NAME_BYTES = 100

/** Tells whether a name is one of the container's own. */
function isOwn(name: string): boolean {
  return name === 'mimetype' || name.toUpperCase().startsWith(META)
}

/**
 * Refuses names that would be the container's own.
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function assertFileName(name: unknown): asserts name is string {
  const isText = typeof name === 'string' && name.length > 0 && name.length <= 255
  const isFree = isText && !isOwn(name) && name.toLowerCase() !== 'mimetype'
  // Half a character has no place in UTF-8.
  if (isFree && !name.endsWith('/') && !/\p{Surrogate}/u.test(name)) return
  throw wrongArgument(
    'name',
    'a relative path of up to 255 characters, not mimetype and not in META-INF',
  )
}

/**
 * Opens a container.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED where it is another kind of ZIP
 */
export async function openContainer(file: DocumentInput): Promise<AsicContainer> {
  const archive = await openZip(file)
  const type = await readType(archive)
  const files = archive.entries.filter(({ name }) => !isOwn(name) && !name.endsWith('/'))
  if (files.length === 0) throw malformedZip('a file to sign')
  if (type === 'ASiC-S' && files.length > 1) throw malformedZip('one file in ASiC-S')
  return { archive, type, signature: findSignature(archive), files }
}

async function readType(archive: ZipArchive): Promise<AsicType> {
  const entry = findEntry(archive, 'mimetype')
  const types = Object.keys(MEDIA_TYPES) as readonly AsicType[]
  // Others write it last, or deflated; what it says is the same.
  if (entry !== undefined) {
    const text = new TextDecoder().decode(await readEntry(archive, entry, MAX_NAME_BYTES))
    const type = types.find((one) => MEDIA_TYPES[one] === text)
    if (type !== undefined) return type
  }
  throw new FormatError('FORMAT_UNSUPPORTED', { details: { feature: 'ZIP that is no ASiC' } })
}

function findSignature(archive: ZipArchive): AsicSignature | undefined {
  if (listCades(archive).length > 0) return 'CAdES'
  return listXades(archive).length > 0 ? 'XAdES' : undefined
}

/** Lists the CAdES signatures. @throws {FormatError} FORMAT_UNSUPPORTED where they are more than 256 MiB */
export function listCades(archive: ZipArchive): readonly ZipEntry[] {
  return listKind(archive, /^META-INF\/[^/]*signature[^/]*\.p7s$/)
}

/** The archive manifest that no other one is over yet (EN 319 162-1 §4.4.3.2, §A.7). */
export const LAST_ARCHIVE = 'META-INF/ASiCArchiveManifest.xml'

/** Lists the manifests of archives. */
export function listArchiveManifests({ entries }: ZipArchive): readonly ZipEntry[] {
  return entries.filter(({ name }) => /^META-INF\/ASiCArchiveManifest[^/]*\.xml$/.test(name))
}

/** Lists the manifests of what evidence records are over. */
export function listRecordManifests({ entries }: ZipArchive): readonly ZipEntry[] {
  return entries.filter(({ name }) => /^META-INF\/ASiCEvidenceRecordManifest[^/]*\.xml$/.test(name))
}

/** Tells whether files are signed, or archived, by manifests that name them, and not themselves. */
export function hasManifests({ entries }: ZipArchive): boolean {
  return entries.some(({ name }) =>
    /^META-INF\/[^/]*ASiC(?:Archive)?Manifest[^/]*\.xml$/.test(name),
  )
}

/** Lists the time stamps over archive manifests, in the order in which they were made. @throws as `listCades` */
export function listTimestamps(archive: ZipArchive): readonly ZipEntry[] {
  return listKind(archive, /^META-INF\/[^/]*timestamp[^/]*\.tst$/).toSorted((left, right) =>
    left.name < right.name ? -1 : 1,
  )
}

/** Lists the files of XAdES signatures. @throws as `listCades` */
export function listXades(archive: ZipArchive): readonly ZipEntry[] {
  return listKind(archive, /^META-INF\/[^/]*signatures[^/]*\.xml$/)
}

function listKind({ entries }: ZipArchive, kind: RegExp): readonly ZipEntry[] {
  const found = entries.filter(({ name }) => kind.test(name))
  if (found.reduce((sum, { size }) => sum + size, 0) <= MAX_KIND_BYTES) return found
  throw unsupportedZip('more than 256 MiB of signatures or of their time stamps')
}

/**
 * Finds the first number that nobody has, for names that belong together.
 * @param makeNames gives the names of a number in three digits
 */
export function nextNames<T extends Readonly<Record<string, string>>>(
  archive: ZipArchive,
  makeNames: (number: string) => T,
): T {
  for (let number = 1; ; number++) {
    const names = makeNames(String(number).padStart(3, '0'))
    if (Object.values(names).every((name) => findEntry(archive, name) === undefined)) return names
  }
}
