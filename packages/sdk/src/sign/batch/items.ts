/**
 * What a batch is made of: items of several formats, each with that format's own options.
 * @module
 */
import { wrongArgument } from '../../errors.ts'
import type { DocumentInput, DocumentStream } from '../../types.ts'
import type { AsicFile, SignAsicOptions } from '../asic.ts'
import type { SignCmsOptions } from '../cms.ts'
import type { JsonDocument, SignJsonOptions } from '../json.ts'
import type { LevelChoice } from '../level.ts'
import type { SignOfficeOptions } from '../office.ts'
import type { SignPdfOptions } from '../pdf.ts'
import type { SignXmlOptions, XmlInput } from '../xml.ts'

/** The options of a format's own sign call, but for what the batch decides for all items. */
type OwnOptions<O> = Omit<O, 'signer' | 'profile' | Exclude<keyof LevelChoice, 'level'>>

/** One document, or several that are signed as one. */
interface Item<Format extends string, Input, Options> {
  /** Names the item for good, across runs: the number of a case, a key of the database. Up to 200 characters. */
  readonly id: string
  readonly format: Format
  /**
   * What is signed, or what fetches it. A function is called when its turn comes, and for most formats once more when the
   * signature is put in, so that no more than a few documents are in memory at once; it must give the same both times.
   */
  readonly document: Input | (() => Input | Promise<Input>)
  /** As the format's own sign call has them; `level` and `algorithm` win over the batch's. */
  readonly options?: OwnOptions<Options> | undefined
}

/** What each format takes. */
export type BatchItem =
  | Item<'cms', DocumentInput | DocumentStream, SignCmsOptions>
  | Item<'pdf', DocumentInput, SignPdfOptions>
  | Item<'xml', XmlInput, SignXmlOptions>
  | Item<'json', DocumentInput | readonly JsonDocument[], SignJsonOptions>
  /** Files are packed; bytes or a Blob are a container that gets one more signature. */
  | Item<'asic', DocumentInput | readonly AsicFile[], SignAsicOptions>
  | Item<'office', DocumentInput, SignOfficeOptions>

export type BatchFormatName = BatchItem['format']

/** An item as the batch goes on with it. */
export interface OpenItem {
  readonly id: string
  readonly format: BatchFormatName
  /** Its place among the items. */
  readonly index: number
  readonly options: OwnOptions<SignCmsOptions>
  /** Fetches what is signed; called anew each time. */
  readonly open: () => unknown
}

/** As many as one PIN can be asked for: what the bridge takes at once. */
export const MAX_ITEMS = 10_000
const MAX_ID_LENGTH = 200

/**
 * Looks at all items before any is begun.
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function openItems(items: unknown, formats: readonly string[]): readonly OpenItem[] {
  if (!Array.isArray(items) || items.length > MAX_ITEMS) {
    throw wrongArgument('items', `an array of at most ${MAX_ITEMS} items`)
  }
  const ids = new Set<string>()
  return (items as readonly unknown[]).map((item, index) => {
    const { id, format, document, options = {} } = (item ?? {}) as Partial<BatchItem>
    const where = `items[${index}]`
    const isId = typeof id === 'string' && id.length > 0 && id.length <= MAX_ID_LENGTH
    if (!isId || ids.has(id)) {
      throw wrongArgument(`${where}.id`, `text of its own, up to ${MAX_ID_LENGTH} characters`)
    }
    ids.add(id)
    if (format === undefined || !formats.includes(format)) {
      throw wrongArgument(`${where}.format`, formats.join(' or '))
    }
    if (document === undefined) {
      throw wrongArgument(`${where}.document`, 'a document, or a function that fetches it')
    }
    if (typeof options !== 'object' || options === null) {
      throw wrongArgument(`${where}.options`, `options of ${format}`)
    }
    const open = typeof document === 'function' ? document : () => document
    return { id, format, index, options, open }
  })
}
