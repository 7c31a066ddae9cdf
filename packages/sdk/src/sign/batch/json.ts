/**
 * JSON in a batch.
 * @module
 */
import { load } from '../../load.ts'
import type { DocumentInput } from '../../types.ts'
import {
  type JsonDocument,
  type PrepareJsonOptions,
  type PreparedJson,
  completeJson,
  prepareJson,
} from '../json.ts'
import { decideForm } from '../json/options.ts'
import { listDocuments } from '../json/request.ts'
import type { FormatOf } from './format.ts'

export const json: FormatOf<
  DocumentInput | readonly JsonDocument[],
  PreparedJson,
  PrepareJsonOptions
> = {
  prepare: (payload, options) =>
    prepareJson(payload, { ...options, form: decideForm(options.form, options) }),
  readsAgain: (_, { detached, level }) => detached === true && level === 'B-LTA',
  complete: completeJson,
  async rungs(_, { document, options }) {
    const { createRungs } = await load(import('../upgrade-json.ts'))
    const isOutside = options.detached === true && document !== undefined
    return createRungs({
      documents: isOutside ? listDocuments(document, options.document) : undefined,
    })
  },
}
