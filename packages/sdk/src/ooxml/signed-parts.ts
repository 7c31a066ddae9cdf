/**
 * What is signed of a package: as Word does, all but the file's statistics and the signatures themselves.
 *
 * - every part, but properties of the file that its relationships and its content type both say to be that, and the parts
 *   that signatures are made of
 * - every relationship, those to the outside too, but the ones that lead to these
 *
 * A part that nothing refers to is signed all the same: what is in the file is in the signature.
 * @module
 */
import { compareCodePoints } from '../xml/code-points.ts'
import { malformedPackage } from './malformed.ts'
import {
  CERTIFICATE_TYPE,
  ORIGIN_RELATIONSHIP,
  ORIGIN_TYPE,
  RELATIONSHIPS_TYPE,
  SIGNATURE_TYPE,
  UNSIGNED,
} from './names.ts'
import { type OfficePackage, type Part, findPart, readRelationshipsPart } from './package.ts'
import { relationshipsOf, resolveTarget, sameName, sourceOf } from './part-name.ts'
import { transformRelationships } from './relationships.ts'

/** A part with what is signed of it. */
export interface SignedPart extends Part {
  /** Of relationships: which of them, and the octets that they come to. */
  readonly chosen: { readonly ids: readonly string[]; readonly octets: Uint8Array } | undefined
}

const SIGNATURE_TYPES: readonly string[] = [ORIGIN_TYPE, SIGNATURE_TYPE, CERTIFICATE_TYPE]

/**
 * Lists it, by names.
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED
 */
export async function listSignedParts(file: OfficePackage): Promise<readonly SignedPart[]> {
  const unsigned = listUnsigned(file)
  const signed: SignedPart[] = []
  for (const part of file.parts) {
    if (unsigned.has(sameName(part.name))) continue
    if (part.type === RELATIONSHIPS_TYPE) {
      const chosen = await chooseRelationships(file, part, unsigned)
      if (chosen !== undefined) signed.push({ ...part, chosen })
    } else signed.push({ ...part, chosen: undefined })
  }
  return signed.toSorted((left, right) => compareCodePoints(left.name, right.name))
}

/** Names of the parts that are not signed, lower case. */
function listUnsigned(file: OfficePackage): ReadonlySet<string> {
  const properties = file.relationships.list.flatMap(({ type, target, isExternal }) => {
    const name = isExternal ? undefined : resolveTarget('', target)
    const part = name === undefined ? undefined : findPart(file, name)
    return part !== undefined && part.type === UNSIGNED.get(type) ? [part.name] : []
  })
  const signatures = file.parts
    .filter(({ type }) => SIGNATURE_TYPES.includes(type))
    .flatMap(({ name }) => [name, relationshipsOf(name)])
  return new Set([...properties, ...signatures].map(sameName))
}

async function chooseRelationships(
  { archive, relationships }: OfficePackage,
  part: Part,
  unsigned: ReadonlySet<string>,
): Promise<SignedPart['chosen']> {
  const source = sourceOf(part.name)
  if (source === undefined) throw malformedPackage('relationships in their places')
  const all = source === '' ? relationships : await readRelationshipsPart(archive, part)
  const chosen = all.list.filter(({ type }) => source !== '' || !isUnsignedType(type))
  for (const { isExternal, target } of chosen) {
    const name = isExternal ? undefined : resolveTarget(source, target)
    // It would be content that anybody can change.
    if (name !== undefined && unsigned.has(sameName(name))) {
      throw malformedPackage('signatures and properties that are no content')
    }
  }
  const ids = chosen.map(({ id }) => id).toSorted(compareCodePoints)
  if (ids.length === 0) return undefined
  return { ids, octets: transformRelationships(all, new Set(ids)) }
}

const isUnsignedType = (type: string): boolean => UNSIGNED.has(type) || type === ORIGIN_RELATIONSHIP
