/**
 * Containers in a batch: files are packed once to be hashed and once more, in the same way, to be signed into.
 * @module
 */
import { load } from '../../load.ts'
import type { DocumentInput } from '../../types.ts'
import {
  type AsicFile,
  type AsicType,
  type PrepareAsicOptions,
  type PreparedAsic,
  completeAsic,
  packAsic,
  prepareAsic,
} from '../asic.ts'
import { listMediaTypes } from '../asic/options.ts'
import type { FormatOf } from './format.ts'

type Input = DocumentInput | readonly AsicFile[]
interface Options extends PrepareAsicOptions {
  readonly container?: AsicType | undefined
}

export const asic: FormatOf<Input, PreparedAsic, Options> = {
  async prepare(document, options) {
    const { signingTime = new Date() } = options
    const mediaTypes = isFiles(document) ? listMediaTypes(document) : options.mediaTypes
    const container = await pack(document, options, signingTime)
    return prepareAsic(container, { ...options, mediaTypes, signingTime })
  },
  readsAgain: () => true,
  complete: async (prepared, value, { document, options }) =>
    completeAsic(await pack(document, options, prepared.state.signingTime), prepared, value),
  rungs: async ({ state }) =>
    (await load(import('../upgrade-asic.ts'))).createRungs(state.signatureName),
}

const isFiles = (document: Input): document is readonly AsicFile[] => Array.isArray(document)

async function pack(document: Input, { container }: Options, time: Date): Promise<DocumentInput> {
  return isFiles(document) ? packAsic(document, { container, time }) : document
}
