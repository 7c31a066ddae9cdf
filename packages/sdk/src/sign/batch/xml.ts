/**
 * XML in a batch.
 * @module
 */
import { load } from '../../load.ts'
import { wrongArgument } from '../../errors.ts'
import { isBuiltOn } from '../prepare-level.ts'
import { listDocuments, type XmlInput } from '../xml-plan.ts'
import { type PrepareXmlOptions, type PreparedXml, completeXml, prepareXml } from '../xml.ts'
import type { FormatOf } from './format.ts'

export const xml: FormatOf<XmlInput, PreparedXml, PrepareXmlOptions> = {
  async prepare(document, options) {
    if (options.form !== undefined && isBuiltOn(options)) {
      throw wrongArgument('level', 'B-B: the plain signatures of forms have no levels')
    }
    return prepareXml(document, options)
  },
  // A file of its own is kept; above it, only the archive's time stamp is over what lies outside.
  readsAgain: ({ state }, { level }) => state.source === undefined || level === 'B-LTA',
  complete: (prepared, value, { document }) => completeXml(document, prepared, value),
  async rungs({ state }, { document, options }) {
    const { createRungs } = await load(import('../upgrade-xml.ts'))
    return createRungs({
      // The signatures of others are not ours to build on.
      only: state.signatureId,
      documents: document === undefined ? [] : listDocuments(document, options),
    })
  },
}
