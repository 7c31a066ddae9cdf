/**
 * A Word, Excel or PowerPoint file, opened: a ZIP of parts that are told apart by their content types and held together by
 * relationships.
 *
 * ```
 * [Content_Types].xml               what each part is                      ISO/IEC 29500-2 §7.2.3
 * _rels/.rels                       what the package refers to: its document, its properties, its signatures
 * word/document.xml, word/_rels/document.xml.rels, …
 * _xmlsignatures/origin.sigs        empty; refers to the signatures        §10.4
 * _xmlsignatures/sig1.xml           a signature
 * ```
 * Of all these only content types and relationships are read; every other part is signed as the octets that it is.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { readChunk, sizeOf } from '../digest.ts'
import type { DocumentInput } from '../types.ts'
import { type ZipArchive, type ZipEntry, findEntry, openZip, readEntry } from '../zip/archive.ts'
import { type ContentTypes, findType, readContentTypes } from './content-types.ts'
import { malformedPackage, unsupportedPackage } from './malformed.ts'
import {
  DOCUMENT_RELATIONSHIPS,
  PACKAGE_RELATIONSHIPS,
  RELATIONSHIPS_TYPE,
  SIGNATURE_TYPE,
  TYPES_ENTRY,
} from './names.ts'
import { partNameOf, resolveTarget, sameName } from './part-name.ts'
import { type Relationships, readRelationships } from './relationships.ts'

/** One part. */
export interface Part {
  readonly name: string
  readonly type: string
  readonly entry: ZipEntry
}

export interface OfficePackage {
  readonly archive: ZipArchive
  readonly types: ContentTypes
  readonly parts: readonly Part[]
  /** By their names, lower case: a package has ten thousand of them, and as many questions. */
  readonly byName: ReadonlyMap<string, Part>
  /** Of the package itself. */
  readonly relationships: Relationships
  /** Of the file as a whole, for example `application/vnd.openxmlformats-officedocument.wordprocessingml.document`. */
  readonly mediaType: string
}

/** Content types and relationships of the largest workbooks are far below. */
const MAX_XML_BYTES = 16 << 20
const MAX_PARSED_BYTES = 64 << 20
/** Compound File Binary, [MS-CFB] §2.2: what Office wrote before 2007, and what it hides encrypted files in. */
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]

/**
 * Opens a file.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED {feature} for anything but a file of Word, Excel or PowerPoint
 *   of 2007 or later, for encrypted ones, for DOCTYPE; FORMAT_CHANGED
 */
export async function openPackage(file: DocumentInput): Promise<OfficePackage> {
  await assertNoCompound(file)
  const archive = await openZip(file)
  const list = findEntry(archive, TYPES_ENTRY)
  if (list === undefined) throw unsupportedPackage('ZIP that is no Office file')
  const types = await readContentTypes(await readEntry(archive, list, MAX_XML_BYTES))
  const parts = archive.entries.filter(isPart).map((entry) => readPart(types, entry))
  const byName = new Map(parts.map((part) => [sameName(part.name), part]))
  if (byName.size !== parts.length) throw malformedPackage('each part once')
  assertReadable(parts)
  const own = findPart({ byName }, PACKAGE_RELATIONSHIPS)
  if (own === undefined) throw malformedPackage('relationships of the package')
  const relationships = await readRelationshipsPart(archive, own)
  const mediaType = findMediaType(byName, relationships)
  return { archive, types, parts, byName, relationships, mediaType }
}

/** Finds a part by its name, whatever the case. */
export function findPart(
  { byName }: Pick<OfficePackage, 'byName'>,
  name: string,
): Part | undefined {
  return byName.get(sameName(name))
}

/** Reads a part that is XML of the package's own kinds. */
export function readPartBytes(
  { archive }: Pick<OfficePackage, 'archive'>,
  { entry }: Part,
  maxBytes: number = MAX_XML_BYTES,
): Promise<Bytes> {
  return readEntry(archive, entry, maxBytes)
}

/** Reads a part of relationships. @throws {FormatError} */
export async function readRelationshipsPart(
  archive: ZipArchive,
  part: Part,
): Promise<Relationships> {
  if (part.type !== RELATIONSHIPS_TYPE) throw malformedPackage('relationships by their type')
  return readRelationships(await readPartBytes({ archive }, part))
}

/** Folders, the list itself, and what Office left of deleted parts are none (§7.3.5, §7.3.7). */
const isPart = ({ name }: ZipEntry): boolean =>
  !name.endsWith('/') && name !== TYPES_ENTRY && !name.startsWith('[trash]/')

function readPart(types: ContentTypes, entry: ZipEntry): Part {
  const name = partNameOf(entry.name)
  const type = findType(types, name)
  // What nothing is said of, one reader shows and another does not: it cannot be left unsigned, nor be signed.
  if (type === undefined) throw malformedPackage(`a content type of ${name.slice(0, 80)}`)
  return { name, type, entry }
}

/** What is parsed of a package in all: relationships, and signatures. */
function assertReadable(parts: readonly Part[]): void {
  for (const [type, what] of [
    [RELATIONSHIPS_TYPE, 'relationships'],
    [SIGNATURE_TYPE, 'signatures'],
  ] as const) {
    const total = parts.reduce((sum, part) => sum + (part.type === type ? part.entry.size : 0), 0)
    if (total > MAX_PARSED_BYTES) throw unsupportedPackage(`more than 64 MiB of ${what}`)
  }
}

async function assertNoCompound(file: DocumentInput): Promise<void> {
  const head = await readChunk(file, 0, Math.min(COMPOUND.length, sizeOf(file)))
  if (!COMPOUND.every((octet, index) => head[index] === octet)) return
  throw unsupportedPackage('Office file of before 2007, or an encrypted one')
}

const MAIN_TYPES =
  /^(application\/vnd\.(?:openxmlformats-officedocument\.(?:wordprocessingml\.(?:document|template)|spreadsheetml\.(?:sheet|template)|presentationml\.(?:presentation|template|slideshow))|ms-(?:word|excel|powerpoint)\.[a-z.]+?\.macroEnabled))(?:Template)?\.main(?:\+xml)?$/i

/** What the file is, its document tells; files with macros have names of their own. */
function findMediaType(byName: OfficePackage['byName'], { list }: Relationships): string {
  const documents = list.filter(({ type }) => DOCUMENT_RELATIONSHIPS.includes(type))
  const [target, ...others] = documents.map((one) =>
    one.isExternal ? undefined : resolveTarget('', one.target),
  )
  if (others.length > 0) throw malformedPackage('one document')
  const document = target === undefined ? undefined : findPart({ byName }, target)
  if (document === undefined) throw malformedPackage('a document')
  const [, base] = MAIN_TYPES.exec(document.type) ?? []
  if (base === undefined)
    throw unsupportedPackage('package that is not of Word, Excel or PowerPoint')
  return /macroEnabled$/i.test(base) ? `${base}.12` : base
}
