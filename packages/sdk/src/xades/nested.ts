/**
 * Signatures of a file with those that confirm them, which lie inside.
 *
 * ```
 * Signature ─ … UnsignedSignatureProperties ┬ CounterSignature ─ Signature ─ …      closed: what changes in it breaks …
 *                                           ├ ArchiveTimeStamp                      … what this stamp, or record, is over
 *                                           └ CounterSignature ─ Signature ─ …      open
 * ```
 * @module
 */
import type { XmlDocument } from '../xml/parse.ts'
import { isNamed, listChildren } from './children.ts'
import { SEALING, listSignatures } from './place.ts'
import { listUnsigned } from './unsigned-properties.ts'
import { DSIG, XADES } from './uris.ts'

/** A signature, and whether an archive time stamp or evidence record of one around it is over it. */
export interface Nested {
  readonly signature: Element
  readonly isClosed: boolean
}

/**
 * Lists all, each after those that are inside it: who builds on them in this order puts the outer stamps over the inner.
 * @throws {FormatError} FORMAT_MALFORMED
 * @see EN 319 132-1 §5.2.7, §5.5.2
 */
export function listNested(xml: XmlDocument): readonly Nested[] {
  return listSignatures(xml).flatMap((signature) => listInside(signature, false))
}

function listInside(signature: Element, isClosed: boolean): readonly Nested[] {
  const properties = listUnsigned(signature)
  const stamp = properties.findLastIndex(
    ({ localName }) => localName === 'ArchiveTimeStamp' || localName === SEALING,
  )
  const inside = properties.flatMap((property, index) =>
    isNamed(property, XADES, 'CounterSignature')
      ? listChildren(property, DSIG, 'Signature').flatMap((inner) =>
          listInside(inner, isClosed || index < stamp),
        )
      : [],
  )
  return [...inside, { signature, isClosed }]
}
