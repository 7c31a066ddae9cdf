/**
 * XAdES signatures as containers of the matrix.
 * @module
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type XmlFormName, signXml } from '@trien/sdk/xades'
import type { Bytes } from '@trien/sdk/types'
import type { SignedFile } from '../referees/index.ts'
import { APPLICATION, DECLARATION, INSURANCE, INVOICE } from '../xml/forms.ts'
import { CONTENT } from './cms.ts'
import { type Cell, type Container, LEVELS, RENEWED, fileName, seldom } from './container.ts'
import { reach } from './reach.ts'

const application = new TextEncoder().encode(APPLICATION)
export const XADES_CONTAINERS: readonly Container[] = [
  {
    ...{ name: 'XAdES enveloped', kind: 'xades', levels: LEVELS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const signed = await signXml(application, { ...means, algorithm })
      return writeXml(cell, await reach(level, signed, means), folder)
    },
  },
  {
    // What an inclusive form takes from above is signed along: the whole file's, and the signature's own.
    ...{ name: 'XAdES by inclusive C14N 1.0', kind: 'xades', levels: LEVELS },
    algorithms: seldom(['P-384', 'ES384']),
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const options = { ...means, algorithm, level, c14n: 'c14n-1.0' } as const
      return writeXml(cell, await signXml(application, options), folder)
    },
  },
  {
    ...{ name: 'XAdES of a part by inclusive C14N 1.1', kind: 'xades', levels: LEVELS },
    algorithms: seldom(['P-384', 'ES384']),
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const part = { target: 'muc-1', place: { path: 'chữký' }, c14n: 'c14n-1.1' } as const
      const signed = await signXml(application, { ...means, algorithm, ...part })
      return writeXml(cell, await reach(level, signed, means), folder)
    },
  },
  {
    ...{ name: 'XAdES enveloping', kind: 'xades', levels: LEVELS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const options = { ...means, algorithm, level, packaging: 'enveloping' } as const
      return writeXml(cell, await signXml(application, options), folder, ['77u/', '88u/'])
    },
  },
  {
    ...{ name: 'XAdES detached', kind: 'xades', levels: LEVELS },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const data = path.join(folder, 'data.txt')
      await writeFile(data, CONTENT)
      const document = { name: 'data.txt', mediaType: 'text/plain' }
      const options = { ...means, algorithm, level, document, packaging: 'detached' } as const
      const signature = path.join(folder, `${fileName(cell)}.xml`)
      await writeFile(signature, await signXml(CONTENT, options))
      return { kind: 'xades', level, signature, data }
    },
  },
  {
    ...{ name: 'XAdES two signers', kind: 'xades', levels: LEVELS, isShared: true },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const moreSignatures = true
      const once = await signXml(application, { signer: means.colleague, moreSignatures })
      const both = await signXml(once, { ...means, algorithm, moreSignatures })
      return writeXml(cell, await reach(level, both, means), folder)
    },
  },
  {
    ...{ name: 'XAdES renewed', kind: 'xades', levels: ['B-LTA'], gap: RENEWED },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const once = await signXml(application, { ...means, algorithm, level })
      return writeXml(cell, await reach(level, once, means), folder)
    },
  },
  {
    ...{ name: 'XAdES counter-signed', kind: 'xades', levels: LEVELS },
    ...{ isShared: true, isCounterSigned: true },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const packaging = 'counter-signature'
      const once = await signXml(application, { ...means, signer: means.colleague, level })
      const both = await signXml(once, { ...means, algorithm, level, packaging })
      return writeXml(cell, both, folder)
    },
  },
  {
    // Both are built on later, the inner one first; renewed, the outer stamp is over the inner.
    ...{ name: 'XAdES counter-signed renewed', kind: 'xades', levels: ['B-LTA'], gap: RENEWED },
    ...{ isShared: true, isCounterSigned: true },
    async sign(cell, means, folder) {
      const { algorithm, level } = cell
      const once = await signXml(application, { signer: means.colleague })
      const packaging = 'counter-signature'
      const both = await signXml(once, { ...means, algorithm, packaging })
      const archived = await reach(level, both, means)
      return writeXml(cell, await reach(level, archived, means), folder)
    },
  },
]

/** The forms of Vietnam's authorities, by what is signed: a word of it, and another in its place. */
const FORMS: readonly (readonly [
  name: string,
  form: XmlFormName,
  file: string,
  change: readonly [string, string],
])[] = [
  ['E-invoice by its seller', 'vn-einvoice', INVOICE, ['1100000', '2200000']],
  ['E-invoice by its buyer', 'vn-einvoice-buyer', INVOICE, ['1100000', '2200000']],
  ['E-invoice by the tax office', 'vn-einvoice-authority', INVOICE, ['00A1B2C3', '00A1B2C4']],
  ['Tax declaration', 'vn-tax-declaration', DECLARATION, ['5.3.1', '5.3.2']],
  ['Social insurance file', 'vn-social-insurance', INSURANCE, ['01001', '01002']],
]

export const XML_FORM_CONTAINERS: readonly Container[] = FORMS.map(
  ([name, form, file, change]) => ({
    ...{ name, kind: 'xades', levels: ['B-B'], isPlain: true, unopenedBy: ['dss'] },
    gap: 'a plain XML signature has no level, and DSS passes none that does not say the time as XAdES does',
    async sign(cell, { signer }, folder) {
      const source = new TextEncoder().encode(file)
      const signed = await signXml(source, { signer, algorithm: cell.algorithm, form })
      return writeXml(cell, signed, folder, change)
    },
  }),
)

/** Writes a signed file, and a copy in which a word is another. */
async function writeXml(
  cell: Cell,
  signed: Bytes,
  folder: string,
  [word, other]: readonly [string, string] = ['Cấp lại', 'Cấp mới'],
): Promise<SignedFile> {
  const [signature, tampered] = ['', 'tampered-'].map((prefix) =>
    path.join(folder, `${prefix}${fileName(cell)}.xml`),
  ) as [string, string]
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(signed)
  if (!text.includes(word)) throw new Error(`${signature}: nothing to tamper with`)
  await writeFile(signature, signed)
  await writeFile(tampered, text.replace(word, other))
  return { kind: 'xades', level: cell.level, signature, tampered }
}
