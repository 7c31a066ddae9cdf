/**
 * The signatures that a package has, and a further one beside them.
 *
 * ```
 * _rels/.rels ─ origin ─► _xmlsignatures/origin.sigs ─ signature ─► _xmlsignatures/sig1.xml          ISO/IEC 29500-2 §10.4
 * ```
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { FormatError } from '../errors.ts'
import { listChildren } from '../xades/children.ts'
import { DSIG } from '../xades/uris.ts'
import { type XmlDocument, parseXml } from '../xml/parse.ts'
import type { NewEntry } from '../zip/write.ts'
import { addTypes, findType } from './content-types.ts'
import { malformedPackage } from './malformed.ts'
import {
  ORIGIN_RELATIONSHIP,
  ORIGIN_TYPE,
  PACKAGE_RELATIONSHIPS,
  RELATIONSHIPS_TYPE,
  RELATIONSHIP_TRANSFORM,
  SIGNATURES_FOLDER,
  SIGNATURE_RELATIONSHIP,
  SIGNATURE_TYPE,
  TYPES_ENTRY,
} from './names.ts'
import {
  type OfficePackage,
  type Part,
  findPart,
  readPartBytes,
  readRelationshipsPart,
} from './package.ts'
import { relationshipsOf, resolveTarget, sameName } from './part-name.ts'
import {
  NO_RELATIONSHIPS,
  addRelationship,
  packRelationships,
  readRelationships,
} from './relationships.ts'

/** A signature with its manifest, its chain, its stamps and what authorities said of them. */
export const MAX_SIGNATURE_BYTES = 64 << 20

/** The part that refers to the signatures; undefined where there is none yet. */
function findOrigin(file: OfficePackage): string | undefined {
  const origins = file.relationships.list.filter(({ type }) => type === ORIGIN_RELATIONSHIP)
  const [origin, ...others] = origins.map(({ isExternal, target }) =>
    isExternal ? undefined : resolveTarget('', target),
  )
  if (others.length > 0) throw malformedPackage('one origin of signatures')
  if (origins.length === 0) return undefined
  const part = origin === undefined ? undefined : findPart(file, origin)
  if (part?.type !== ORIGIN_TYPE) throw malformedPackage('an origin of signatures')
  return part.name
}

/**
 * Lists the signatures that the origin refers to.
 * @throws {FormatError} FORMAT_MALFORMED where it refers to something else
 */
export async function listSignatureParts(file: OfficePackage): Promise<readonly Part[]> {
  const origin = findOrigin(file)
  const part = origin === undefined ? undefined : findPart(file, relationshipsOf(origin))
  if (origin === undefined || part === undefined) return []
  const { list } = await readRelationshipsPart(file.archive, part)
  const signatures = list
    .filter(({ type }) => type === SIGNATURE_RELATIONSHIP)
    .map(({ target, isExternal }) => {
      const name = isExternal ? undefined : resolveTarget(origin, target)
      const signature = name === undefined ? undefined : findPart(file, name)
      if (signature?.type !== SIGNATURE_TYPE) throw malformedPackage('signatures by their type')
      return signature
    })
  const once = new Set(signatures)
  if (once.size !== signatures.length) throw malformedPackage('each signature once')
  return signatures
}

/** Gives the name that the next signature has, beside the origin: some readers look for it there and nowhere else. */
export function nextSignatureName(file: OfficePackage): string {
  const origin = findOrigin(file) ?? SIGNATURES_FOLDER
  const folder = origin.slice(0, origin.lastIndexOf('/') + 1)
  for (let number = 1; ; number++) {
    const name = `${folder}sig${number}.xml`
    const isFree = [name, relationshipsOf(name)].every((one) => findPart(file, one) === undefined)
    if (isFree) return name
  }
}

/**
 * Plans the entries by which a package gets a signature: what is signed of it stays as it is.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_NOT_ALLOWED {rule: earlier-signature} where a signature is over what would
 *   have to change
 */
export async function planSignature(
  file: OfficePackage,
  name: string,
  signature: Bytes,
): Promise<readonly NewEntry[]> {
  const origin = findOrigin(file)
  const place = origin ?? `${SIGNATURES_FOLDER}origin.sigs`
  const listName = relationshipsOf(place)
  const list = findPart(file, listName)
  const known = await (list === undefined
    ? readRelationships(NO_RELATIONSHIPS)
    : readRelationshipsPart(file.archive, list))
  const types = [
    { part: place, type: ORIGIN_TYPE },
    { part: listName, type: RELATIONSHIPS_TYPE },
    { part: name, type: SIGNATURE_TYPE },
  ]
  const isNew = origin === undefined
  if (isNew && findPart(file, place) !== undefined) throw malformedPackage('an origin by relation')
  await assertUnsigned(file, isNew ? [listName, PACKAGE_RELATIONSHIPS] : [listName])
  const target = name.slice(name.lastIndexOf('/') + 1)
  return [
    {
      name: TYPES_ENTRY,
      data: addTypes(
        file.types,
        types.filter(({ part, type }) => findType(file.types, part) !== type),
      ),
    },
    ...(isNew ? await planOrigin(file, place, listName) : []),
    {
      name: entryOf(file, listName),
      data: addRelationship(known, { type: SIGNATURE_RELATIONSHIP, target }),
    },
    { name: name.slice(1), data: signature },
  ]
}

const entryOf = (file: OfficePackage, part: string): string =>
  findPart(file, part)?.entry.name ?? part.slice(1)

/** While nobody has signed the file, relationships are put as every reader hashes them. */
async function planOrigin(
  file: OfficePackage,
  place: string,
  listName: string,
): Promise<readonly NewEntry[]> {
  const packed = packRelationships(file.relationships)
  const own = packed === undefined ? file.relationships : await readRelationships(packed)
  const link = { type: ORIGIN_RELATIONSHIP, target: place.slice(1) }
  const entries: NewEntry[] = [
    { name: entryOf(file, PACKAGE_RELATIONSHIPS), data: addRelationship(own, link) },
    { name: entryOf(file, place), data: new Uint8Array() },
  ]
  const done = [PACKAGE_RELATIONSHIPS, listName].map(sameName)
  for (const part of file.parts) {
    if (part.type !== RELATIONSHIPS_TYPE || done.includes(sameName(part.name))) continue
    const data = packRelationships(await readRelationshipsPart(file.archive, part))
    if (data !== undefined) entries.push({ name: part.entry.name, data })
  }
  return entries
}

/**
 * Refuses to change parts that a signature is over. One that picks relationships by their Ids is not over those that come
 * to them.
 * @throws {FormatError} FORMAT_NOT_ALLOWED {rule: earlier-signature}
 */
export async function assertUnsigned(file: OfficePackage, names: readonly string[]): Promise<void> {
  const changed = new Set(names.map(sameName))
  for (const part of await listSignatureParts(file)) {
    const xml = await parseXml(await readPartBytes(file, part, MAX_SIGNATURE_BYTES))
    for (const reference of listManifest(xml)) {
      const [path = ''] = (reference.getAttribute('URI') ?? '').split('?')
      if (!changed.has(sameName(path)) || picksById(reference)) continue
      throw new FormatError('FORMAT_NOT_ALLOWED', { details: { rule: 'earlier-signature' } })
    }
  }
}

function listManifest({ elements }: XmlDocument): readonly Element[] {
  return elements
    .filter(({ localName, namespaceURI }) => localName === 'Manifest' && namespaceURI === DSIG)
    .flatMap((manifest) => listChildren(manifest, DSIG, 'Reference'))
}

function picksById(reference: Element): boolean {
  const [transform] = listChildren(reference, DSIG, 'Transforms').flatMap((list) =>
    listChildren(list, DSIG, 'Transform'),
  )
  if (transform?.getAttribute('Algorithm') !== RELATIONSHIP_TRANSFORM) return false
  for (let node = transform.firstChild; node !== null; node = node.nextSibling) {
    const isGroup = node.nodeType === 1 && (node as Element).localName !== 'RelationshipReference'
    if (isGroup) return false
  }
  return true
}
