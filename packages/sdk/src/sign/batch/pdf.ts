/**
 * PDF in a batch: only the revision is kept between the halves.
 * @module
 */
import { load } from '../../load.ts'
import type { DocumentInput } from '../../types.ts'
import { type PreparePdfOptions, type PreparedPdf, completePdf, preparePdf } from '../pdf.ts'
import type { FormatOf } from './format.ts'

export const pdf: FormatOf<DocumentInput, PreparedPdf, PreparePdfOptions> = {
  prepare: preparePdf,
  readsAgain: () => true,
  complete: (prepared, value, { document }) => completePdf(document as Blob, prepared, value),
  rungs: async (_, { options }) =>
    (await load(import('../upgrade-pdf.ts'))).createRungs(options.password),
}
