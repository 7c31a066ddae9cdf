/**
 * What an archive time stamp is over.
 *
 * ```
 * what each Reference leads to │ SignedInfo │ SignatureValue │ KeyInfo │ unsigned properties │ other Objects
 * ```
 * in this order, as octets one after the other; elements in the exclusive form (EN 319 132-1 §5.5.2.2).
 * @module
 */
import type { DocumentInput } from '../types.ts'
import { C14N_URIS } from '../xml/c14n-methods.ts'
import { canonicalize } from '../xml/canonicalize.ts'
import type { XmlDocument } from '../xml/parse.ts'
import { findChild, getChild, listChildren } from './children.ts'
import { findQualifyingProperties } from './place.ts'
import { followReference, isInFile, readReferences } from './references.ts'
import { listUnsigned } from './unsigned-properties.ts'
import { DSIG } from './uris.ts'

/**
 * Collects it for a new time stamp, which comes after all unsigned properties.
 * @param findDocument gives what lies outside the file, by its URI
 * @throws {FormatError} as `followReference`; and whatever `findDocument` throws
 */
export function collectArchived(
  xml: XmlDocument,
  signature: Element,
  findDocument: (uri: string) => DocumentInput,
): readonly DocumentInput[] {
  const c14n = C14N_URIS.exclusive
  const references = readReferences(signature)
  const signed = references.map((reference) =>
    isInFile(reference)
      ? followReference(xml, reference, { signature, c14n })
      : findDocument(reference.uri),
  )
  const keyInfo = findChild(signature, DSIG, 'KeyInfo')
  const properties = findQualifyingProperties(signature)
  // Those too that a Reference leads to: only TS 101 903 before 1.4.1 left them out.
  const objects = listChildren(signature, DSIG, 'Object').filter(
    (object) => object !== properties?.parentNode,
  )
  const elements = [
    getChild(signature, DSIG, 'SignedInfo'),
    getChild(signature, DSIG, 'SignatureValue'),
    ...(keyInfo === undefined ? [] : [keyInfo]),
    ...listUnsigned(signature),
    ...objects,
  ]
  return [...signed, ...elements.map((element) => canonicalize(element, c14n))]
}
