/**
 * CMS in a batch. What is enclosed is not kept between the halves: it is fetched once more.
 * @module
 */
import { readChunk } from '../../digest.ts'
import { load } from '../../load.ts'
import type { Bytes, DocumentInput, DocumentStream } from '../../types.ts'
import { type PrepareCmsOptions, type PreparedCms, completeCms, prepareCms } from '../cms.ts'
import { assertDocumentInput } from '../document.ts'
import type { FormatOf } from './format.ts'

export const cms: FormatOf<DocumentInput | DocumentStream, PreparedCms, PrepareCmsOptions> = {
  async prepare(document, options) {
    const prepared = await prepareCms(document, options)
    return { ...prepared, state: { ...prepared.state, content: undefined } }
  },
  readsAgain: (_, { detached = true }) => !detached,
  async complete(prepared, value, { document, options: { detached = true } }) {
    const content = detached ? undefined : await readContent(document)
    return completeCms({ ...prepared, state: { ...prepared.state, content } }, value)
  },
  rungs: async () => (await load(import('../upgrade-cms.ts'))).createRungs(),
}

async function readContent(document: unknown): Promise<Bytes> {
  assertDocumentInput('document', document)
  const size = document instanceof Uint8Array ? document.length : document.size
  return new Uint8Array(await readChunk(document, 0, size))
}
