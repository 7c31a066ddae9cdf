/**
 * The names that packages give to things (ISO/IEC 29500-2, ECMA-376 part 2).
 * @module
 */

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
/** The same of files in the strict form (ISO/IEC 29500-1 §7). */
const STRICT = 'http://purl.oclc.org/ooxml/officeDocument/relationships/'

/** Namespaces. */
export const CONTENT_TYPES = `${PACKAGE}content-types`
export const RELATIONSHIPS = `${PACKAGE}relationships`
export const DIGITAL_SIGNATURE = `${PACKAGE}digital-signature`

/** Names of entries of the ZIP, and of parts where they start with `/`. */
export const TYPES_ENTRY = '[Content_Types].xml'
export const PACKAGE_RELATIONSHIPS = '/_rels/.rels'
export const SIGNATURES_FOLDER = '/_xmlsignatures/'

/** Content types. */
export const RELATIONSHIPS_TYPE = 'application/vnd.openxmlformats-package.relationships+xml'
const SIGNATURE_TYPES = 'application/vnd.openxmlformats-package.digital-signature-'
export const ORIGIN_TYPE = `${SIGNATURE_TYPES}origin`
export const SIGNATURE_TYPE = `${SIGNATURE_TYPES}xmlsignature+xml`
export const CERTIFICATE_TYPE = `${SIGNATURE_TYPES}certificate`

/** Types of relationships. */
export const DOCUMENT_RELATIONSHIPS: readonly string[] = [
  `${OFFICE}officeDocument`,
  `${STRICT}officeDocument`,
]
export const ORIGIN_RELATIONSHIP = `${RELATIONSHIPS}/digital-signature/origin`
export const SIGNATURE_RELATIONSHIP = `${RELATIONSHIPS}/digital-signature/signature`

/**
 * What Word leaves unsigned: who wrote, read and printed the file last, and how many words it has. Each by the type of its
 * relationship, with the content type that it must have to be that.
 */
export const UNSIGNED: ReadonlyMap<string, string> = new Map([
  [
    `${RELATIONSHIPS}/metadata/core-properties`,
    'application/vnd.openxmlformats-package.core-properties+xml',
  ],
  ...[`${OFFICE}extended-properties`, `${STRICT}extendedProperties`].map(
    (type) =>
      [type, 'application/vnd.openxmlformats-officedocument.extended-properties+xml'] as const,
  ),
])

/** The transform that signs chosen relationships of a part (ISO/IEC 29500-2 §10.6, ECMA-376-2 §13.2.4.24). */
export const RELATIONSHIP_TRANSFORM = `${PACKAGE}RelationshipTransform`
