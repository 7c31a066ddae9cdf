import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { WORD, zipOffice } from '../../../../test/helpers/office-file.ts'
import { tableFile } from '../../../../test/helpers/pdf-file.ts'
import { encodeUtf8 } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { addAsicSignature, packAsic, signAsic } from './asic.ts'
import { signMany } from './batch.ts'
import { signCms } from './cms.ts'
import { addSignature, counterSign } from './cosign.ts'
import { addJsonSignature, signJson } from './json.ts'
import { signOffice } from './office.ts'
import { signPdf } from './pdf.ts'
import { timestampPdf, upgrade } from './upgrade.ts'
import { signXml } from './xml.ts'

const signer = softwareSigner(await makeCertificate('ES256'))
const data = encodeUtf8('xin chào')
const pdf = tableFile()
const files = [{ name: 'a.txt', data }]
const cms = await signCms(data, { signer, detached: false })
const packed = await packAsic(files)
const jws = await signJson(data, { signer, form: 'general' })
const timestamp = () => Promise.reject(new Error('asked'))

const CALLS: Readonly<Record<string, (wrong: object) => Promise<unknown>>> = {
  signCms: (wrong) => signCms(data, { signer, ...wrong }),
  signPdf: (wrong) => signPdf(pdf, { signer, ...wrong }),
  signXml: (wrong) => signXml(encodeUtf8('<a/>'), { signer, ...wrong }),
  signJson: (wrong) => signJson(data, { signer, ...wrong }),
  signAsic: (wrong) => signAsic(files, { signer, ...wrong }),
  signOffice: (wrong) => signOffice(zipOffice(WORD), { signer, ...wrong }),
  addSignature: (wrong) => addSignature(cms, { signer, ...wrong }),
  counterSign: (wrong) => counterSign(cms, { signer, ...wrong }),
  addJsonSignature: (wrong) => addJsonSignature(jws, { signer, ...wrong }),
  addAsicSignature: (wrong) => addAsicSignature(packed, { signer, ...wrong }),
  upgrade: (wrong) => upgrade(cms, { to: 'B-T', timestamp, ...wrong }),
  timestampPdf: (wrong) => timestampPdf(pdf, { timestamp, ...wrong }),
  signMany: (wrong) => signMany([{ id: '1', format: 'cms', document: data }], { signer, ...wrong }),
}

describe.each(Object.entries(CALLS))('%s', (_, call) => {
  it.each<[string, unknown]>([
    ['signal', new AbortController()],
    ['signal', 'stop'],
    ['onProgress', {}],
  ])('refuses what is no %s', async (argument, wrong) => {
    const refusal = { code: 'USAGE_ARGUMENT', details: { argument } }
    await expect(call({ [argument]: wrong })).rejects.toMatchObject(refusal)
  })
})

it.each<[string, object]>([
  ['document', { document: 'don.txt' }],
  ['document', { document: null }],
  ['detached', { detached: 'false' }],
  ['timestamp', { level: 'B-T', timestamp: {} }],
  ['timestamp', { level: 'B-T', timestamp: null }],
  ['timestampTimeoutMs', { level: 'B-T', timestamp, timestampTimeoutMs: '5' }],
  ['onTimestamp', { level: 'B-T', timestamp, onTimestamp: {} }],
])('signCms refuses what is no %s: %o', async (argument, wrong) => {
  const refusal = { code: 'USAGE_ARGUMENT', details: { argument } }
  await expect(signCms(data, { signer, ...wrong })).rejects.toMatchObject(refusal)
})
