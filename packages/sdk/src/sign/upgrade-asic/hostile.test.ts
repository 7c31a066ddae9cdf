import { describe, expect, it } from 'vitest'
import { zipOffice } from '../../../../../test/helpers/office-file.ts'
import type { RequestToken } from '../../trust/request-timestamp.ts'
import { createCadesRungs } from './cades.ts'
import { createXadesRungs } from './xades.ts'

/** Nobody is to be asked for these. */
const ask: RequestToken = () => Promise.reject(new Error('asked'))
const CONTAINER = { mimetype: 'application/vnd.etsi.asic-e+zip', a: 'x' }

/** As many signatures as a ZIP may have entries, nearly, and what else there is. */
function crowd(
  nameOf: (number: number) => string,
  more: Readonly<Record<string, Uint8Array>> = {},
) {
  const entries = Array.from({ length: 9900 }, (_, number) => [nameOf(number), 'x'])
  return zipOffice({ ...CONTAINER, ...Object.fromEntries(entries), ...more })
}

describe('a container of thousands of signatures', () => {
  it('and a vast archive manifest takes no long time by CAdES', async () => {
    const manifest = new Uint8Array(60 << 20).fill(0x20)
    const container = crowd((number) => `META-INF/signature${number}.p7s`, {
      'META-INF/ASiCArchiveManifest.xml': manifest,
    })
    await expect(createCadesRungs().stamp(container, ask)).rejects.toMatchObject({
      code: 'FORMAT_MALFORMED',
    })
  })

  it('takes no long time by XAdES', async () => {
    const container = crowd((number) => `META-INF/signatures${number}.xml`)
    await expect(createXadesRungs().archive(container, ask)).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
  })

  it('has archive manifests of 64 MiB at most, all together', async () => {
    const manifest = new Uint8Array(40 << 20).fill(0x20)
    const container = zipOffice({
      ...CONTAINER,
      'META-INF/signature001.p7s': 'x',
      'META-INF/ASiCArchiveManifest.xml': manifest,
      'META-INF/ASiCArchiveManifest001.xml': manifest,
    })
    await expect(createCadesRungs().stamp(container, ask)).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
  })

  it.each(['signature%.p7s', 'timestamp%.tst', 'signatures%.xml'])(
    'has 256 MiB of META-INF/%s at most, all together',
    async (kind) => {
      const zeros = new Uint8Array(60 << 20)
      const vast = [1, 2, 3, 4, 5].map((number) => [
        `META-INF/${kind.replace('%', String(number))}`,
        zeros,
      ])
      const stamp = { 'META-INF/ASiCArchiveManifest.xml': 'x' }
      const container = zipOffice({ ...CONTAINER, ...stamp, ...Object.fromEntries(vast) })
      expect(container.length).toBeLessThan(1 << 20)
      const create = kind.endsWith('xml') ? createXadesRungs : createCadesRungs
      await expect((async () => create().evidence(container))()).rejects.toMatchObject({
        code: 'FORMAT_UNSUPPORTED',
      })
    },
  )
})
