/**
 * CMS in a batch. What is enclosed is not kept between the halves: it is fetched once more.
 * @module
 */
import { load } from '../../load.ts'
import type { Bytes, DocumentInput, DocumentStream } from '../../types.ts'
import { type PrepareCmsOptions, type PreparedCms, completeCms, prepareCms } from '../cms.ts'
import { assertDocumentInput, ownInput } from '../document.ts'
import type { FormatOf } from './format.ts'

type Inside = Bytes | Blob | undefined

export const cms: FormatOf<
  DocumentInput | DocumentStream,
  PreparedCms<Inside>,
  PrepareCmsOptions
> = {
  async prepare(document, options) {
    const prepared = await prepareCms(document, options)
    return { ...prepared, state: { ...prepared.state, content: undefined } }
  },
  readsAgain: (_, { detached = true }) => !detached,
  async complete(prepared, value, { document, options: { detached = true } }) {
    const content = detached ? undefined : ownContent(document)
    return completeCms({ ...prepared, state: { ...prepared.state, content } }, value)
  },
  rungs: async () => (await load(import('../upgrade-cms.ts'))).createRungs<Bytes | Blob>(),
}

function ownContent(document: unknown): Bytes | Blob {
  assertDocumentInput('document', document)
  return ownInput(document)
}
