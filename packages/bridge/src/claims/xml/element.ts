/**
 * An element of canonical XML, as it was read.
 * @module
 */

/** The bytes are not the canonical XML that was asked for. Holds an offset and never a byte of the input. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

/** What canonical form: the inclusive ones (1.0, 1.1) write every namespace in scope, the exclusive one those in use. */
export type C14n = 'inclusive' | 'exclusive'

/** One element; it has text or children, never both. */
export interface XmlElement {
  readonly prefix: string
  readonly local: string
  readonly namespace: string
  /** Declared on this very element: prefix (empty for the default) and address. */
  readonly declarations: ReadonlyMap<string, string>
  /** Without a prefix, but for `xml:lang` and `xml:space`. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  readonly text: string
}
