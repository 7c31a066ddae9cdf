import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { codeOf } from '../../../../test/helpers/code-of.ts'
import { WORD, zipOffice } from '../../../../test/helpers/office-file.ts'
import { tableFile } from '../../../../test/helpers/pdf-file.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { INVOICE } from '../../../../test/helpers/xml/forms.ts'
import { encodeUtf8 } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { AlgorithmName, Signer, TimestampSource } from '../types.ts'
import { signAsic } from './asic.ts'
import { type BatchItem, signMany } from './batch.ts'
import { signCms } from './cms.ts'
import { signJson } from './json.ts'
import { signPdf } from './pdf.ts'
import type { ProfileName } from './profile.ts'
import { signXml } from './xml.ts'

const RSA: readonly AlgorithmName[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
const DATA = encodeUtf8('<a>1</a>')
let rsa: Signer
let timestamp: TimestampSource
/** What the key was asked for. */
const asked: AlgorithmName[] = []

beforeAll(async () => {
  timestamp = await createTimestampAuthority()
  // One key for both paddings, as a token has it: WebCrypto wants it imported twice.
  const { privateKey, certificate } = await makeCertificate('RS256')
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', privateKey)
  const pss = await crypto.subtle.importKey(
    'pkcs8',
    pkcs8,
    { name: 'RSA-PSS', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const [one, other] = [privateKey, pss].map((key) =>
    softwareSigner({ privateKey: key, certificate }),
  )
  rsa = {
    ...one!,
    algorithms: RSA,
    async sign(requests, options) {
      const values = []
      for (const request of requests) {
        asked.push(request.algorithm)
        const by = request.algorithm.startsWith('PS') ? other! : one!
        values.push(...(await by.sign([request], options?.signal && { signal: options.signal })))
      }
      return values
    },
  }
})

const CALLS: Readonly<
  Record<string, (options: { signer: Signer; profile: ProfileName }) => Promise<unknown>>
> = {
  cms: (options) => signCms(DATA, { ...options, revocation: 'off', timestamp }),
  pdf: (options) => signPdf(tableFile(), { ...options, revocation: 'off', timestamp }),
  xml: (options) => signXml(DATA, { ...options, revocation: 'off', timestamp }),
  json: (options) => signJson(DATA, { ...options, revocation: 'off', timestamp }),
  asic: (options) =>
    signAsic([{ name: 'a', data: DATA }], { ...options, revocation: 'off', timestamp }),
  invoice: (options) =>
    signXml(encodeUtf8(INVOICE), { ...options, form: 'vn-einvoice', revocation: 'off', timestamp }),
}

describe('a profile', () => {
  it.each<[ProfileName, string, AlgorithmName]>([
    ...['cms', 'pdf', 'xml', 'json', 'asic'].map((format) => ['vn-2025', format, 'PS256'] as never),
    ['vn-2025', 'invoice', 'RS256'],
    ...['cms', 'pdf', 'xml', 'asic', 'invoice'].map((format) => ['vgca', format, 'RS256'] as never),
    ['vgca', 'json', 'PS256'],
    ...['cms', 'pdf', 'xml', 'json', 'asic'].map(
      (format) => ['eu-baseline', format, 'PS256'] as never,
    ),
    ['eu-baseline', 'invoice', 'RS256'],
  ])('%s has %s signed by %s where the key can do all', async (profile, format, algorithm) => {
    asked.length = 0
    await CALLS[format]!({ signer: rsa, profile })
    expect(asked).toEqual([algorithm])
  })

  it('takes what the token can do', async () => {
    asked.length = 0
    await CALLS['cms']!({ signer: { ...rsa, algorithms: ['RS512', 'RS256'] }, profile: 'vn-2025' })
    expect(asked).toEqual(['RS256'])
    const edwards = { ...rsa, algorithms: ['EdDSA' as never] }
    expect(await codeOf(CALLS['cms']!({ signer: edwards, profile: 'vgca' }))).toBe(
      'USAGE_UNSUPPORTED_ALGORITHM',
    )
  })

  it('yields to what the call says, but not to what it leaves undefined', async () => {
    asked.length = 0
    const options = { signer: rsa, profile: 'eu-baseline' } as const
    await signCms(DATA, { ...options, algorithm: 'RS256', level: 'B-B' })
    expect(asked).toEqual(['RS256'])
    const plain = { algorithm: undefined, level: undefined }
    await expect(signCms(DATA, { ...options, ...plain })).rejects.toMatchObject({
      details: { argument: 'timestamp' },
    })
  })

  it('of Vietnam’s law has the certificate’s status asked', async () => {
    await expect(signPdf(tableFile(), { signer: rsa, profile: 'vn-2025' })).rejects.toMatchObject({
      details: { argument: 'authorities' },
    })
  })

  it.each(['vn-2024', 'constructor', null])('has a name that is known: %s', async (profile) => {
    await expect(signCms(DATA, { signer: rsa, profile: profile as never })).rejects.toMatchObject({
      details: { argument: 'profile' },
    })
  })

  it('says what is missing where there is no signer', async () => {
    const signing = signCms(DATA, { profile: 'vgca' } as never)
    await expect(signing).rejects.toMatchObject({ details: { argument: 'signer' } })
  })

  it('in a batch fills in each item for its receiver', async () => {
    asked.length = 0
    const items: BatchItem[] = [
      { id: 'a', format: 'pdf', document: tableFile() },
      { id: 'b', format: 'xml', document: encodeUtf8(INVOICE), options: { form: 'vn-einvoice' } },
      { id: 'c', format: 'cms', document: DATA, options: { algorithm: 'RS256', level: 'B-B' } },
      { id: 'd', format: 'office', document: zipOffice(WORD) },
    ]
    const report = await signMany(items, { signer: rsa, profile: 'eu-baseline', timestamp })
    expect(report).toMatchObject({ done: 4, failed: 0 })
    expect(asked).toEqual(['PS256', 'RS256', 'RS256', 'RS256'])
    await expect(signMany(items, { signer: rsa, profile: 'vn-2025' })).rejects.toMatchObject({
      details: { argument: 'authorities' },
    })
  })
})
