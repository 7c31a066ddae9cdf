/**
 * Word, Excel and PowerPoint files in a batch: what is kept between the halves are the digests of the parts.
 * @module
 */
import { load } from '../../load.ts'
import type { DocumentInput } from '../../types.ts'
import { isReadable } from '../office/algorithm.ts'
import {
  type PrepareOfficeOptions,
  type PreparedOffice,
  completeOffice,
  prepareOffice,
} from '../office.ts'
import type { FormatOf } from './format.ts'

export const office: FormatOf<DocumentInput, PreparedOffice, PrepareOfficeOptions> = {
  prepare: (file, { algorithms, ...options }) =>
    prepareOffice(file, {
      ...options,
      algorithm: algorithms.find(isReadable) ?? options.algorithm,
    }),
  readsAgain: () => true,
  complete: (prepared, value, { document }) => completeOffice(document, prepared, value),
  async rungs({ state }, { options }) {
    const { createRungs } = await load(import('../upgrade-office.ts'))
    return createRungs({ only: state.signatureName, pool: options.chain })
  },
}
