/**
 * Nothing that a reader is shown may have been lost: a contract without its second page must not be signed as if it had
 * none.
 * @module
 */
import type { PdfDocument } from '../pdf/document.ts'
import { malformed } from '../pdf/malformed.ts'
import { asKind, nameOf, type PdfDict, type PdfValue } from '../pdf/objects.ts'

const MAX_DEPTH = 64

/**
 * Looks at every page and its content.
 * @throws {FormatError} FORMAT_MALFORMED
 */
export async function assertWhole(document: PdfDocument): Promise<void> {
  const catalog = asKind(await document.resolve(document.trailer.entries.get('Root')), 'dict')
  const pages = await new PageWalk(document).visit(catalog?.entries.get('Pages') ?? null, 0)
  if (pages === 0) throw malformed('page tree', 0, 'a page')
}

class PageWalk {
  readonly #document: PdfDocument
  readonly #seen = new Set<number>()

  constructor(document: PdfDocument) {
    this.#document = document
  }

  /** @returns how many pages there are */
  async visit(value: PdfValue, depth: number): Promise<number> {
    const ref = asKind(value, 'ref')
    if (depth > MAX_DEPTH || (ref !== undefined && this.#seen.has(ref.number))) {
      throw malformed('page tree', 0, 'a tree that ends')
    }
    if (ref !== undefined) this.#seen.add(ref.number)
    const { resolve } = this.#document
    const node = asKind(await resolve(value), 'dict')
    if (node === undefined) throw malformed('page tree', 0, 'every page that it names')
    const kids = asKind(await resolve(node.entries.get('Kids')), 'array')
    if (kids === undefined) {
      if (nameOf(await resolve(node.entries.get('Type'))) === 'Pages') return 0
      await this.#assertContent(node)
      return 1
    }
    let pages = 0
    for (const kid of kids.items) pages += await this.visit(kid, depth + 1)
    return pages
  }

  async #assertContent({ entries }: PdfDict): Promise<void> {
    const { resolve } = this.#document
    const content = await resolve(entries.get('Contents'))
    const given = entries.get('Contents') ?? null
    const parts = asKind(content, 'array')?.items ?? (given === null ? [] : [given])
    for (const part of parts) {
      if (asKind(await resolve(part), 'stream') === undefined) {
        throw malformed('page', 0, 'the content that it names')
      }
    }
  }
}
