/**
 * Adds to a file and keeps every other byte of it.
 * @module
 */
import { type Bytes, concatBytes, encodeUtf8 } from '../bytes.ts'
import type { DecodedXml } from './decode.ts'
import type { ElementSpan } from './scan.ts'

/** What is put in the place of some bytes of a file; mostly of none. */
export interface XmlEdit {
  /** In bytes of the file. */
  readonly start: number
  readonly end: number
  /** Written before and after what is added: the rest of a start tag, and an end tag, where the file had one tag for both. */
  readonly before: string
  readonly after: string
}

/**
 * Plans to add at the end of an element.
 * @param xml the element's file
 */
export function planAppend(
  { text, startBytes }: Pick<DecodedXml, 'text' | 'startBytes'>,
  span: ElementSpan,
): XmlEdit {
  const { name, contentStart, contentEnd, isEmptyTag } = span
  const offset = startBytes + encodeUtf8(text.slice(0, contentEnd)).length
  if (!isEmptyTag) return { start: offset, end: offset, before: '', after: '' }
  const slash = text.lastIndexOf('/', contentStart)
  return {
    start: offset - (contentStart - slash),
    end: offset,
    before: '>',
    after: `</${name}>`,
  }
}

/** Adds. */
export function applyEdit(source: Uint8Array, edit: XmlEdit, added: string): Bytes {
  return concatBytes(
    source.subarray(0, edit.start),
    encodeUtf8(`${edit.before}${added}${edit.after}`),
    source.subarray(edit.end),
  )
}
