/** What a signer claims is in every format what the bridge reads in it: by that, the person is shown it. */
import { describe, expect, it } from 'vitest'
import { addAsicSignature, counterSignAsic, signAsic } from '@trien/sdk/asic'
import { signMany } from '@trien/sdk/batch'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { signCms } from '@trien/sdk/cms'
import { addSignature, counterSign } from '@trien/sdk/cosign'
import { addJsonSignature, counterSignJson, signJson } from '@trien/sdk/jades'
import { signPdf } from '@trien/sdk/pades'
import type { Signer, SignerClaims, SigningRequest } from '@trien/sdk/types'
import { softwareSigner } from '@trien/sdk/webcrypto'
import type { SignItem } from '@trien/sdk/wire'
import { signXml } from '@trien/sdk/xades'
import { assertClaims } from '../../packages/bridge/src/claims.ts'
import { makeCertificate } from '../helpers/certificate.ts'
import { tableFile } from '../helpers/pdf-file.ts'
import { watched } from '../helpers/watched-signer.ts'

const signer = softwareSigner(await makeCertificate('ES256'))
const data = encodeUtf8('Quyết định')
const xml = encodeUtf8('<đơn><mục>một</mục></đơn>')
const files = [{ name: 'một.txt', data, mediaType: 'text/plain' }]
const container = 'ASiC-S'
const claims = {
  commitment: 'approval',
  place: { city: 'Đà Nẵng', province: 'Quảng Nam & Đà Nẵng', postalCode: '550000', country: 'VN' },
  roles: ['TM. ỦY BAN <NHÂN DÂN>', 'KT. CHỦ TỊCH'],
} as const satisfies SignerClaims
const PLACE = ['Đà Nẵng', 'Quảng Nam & Đà Nẵng', '550000', 'VN']
const { commitment, roles } = claims

type Options = { readonly signer: Signer; readonly claims: SignerClaims }

/** What the bridge reads in the request that a call makes. */
async function read(sign: (options: Options) => Promise<unknown>, said: SignerClaims = claims) {
  const keeper = watched(signer)
  await sign({ signer: keeper, claims: said })
  return saidIn(keeper.asked.slice(-1))
}
function saidIn(requests: readonly SigningRequest[]) {
  const items = requests.map(({ documentDigest, document, ...request }, index) => {
    const digest = { algorithm: 'SHA-256', value: documentDigest }
    return { ...request, id: String(index), document: { ...document, digest } } as SignItem
  })
  return assertClaims(items, signer.certificate).said
}

type Call = (options: Options) => Promise<unknown>
const WAYS: readonly (readonly [string, Call])[] = [
  ['CAdES', (options) => signCms(data, options)],
  ['CAdES, enclosed', (options) => signCms(data, { ...options, detached: false })],
  [
    'CAdES beside another',
    async (options) => addSignature(await signCms(data, { signer }), { ...options, data }),
  ],
  [
    'CAdES on another',
    async (options) => counterSign(await signCms(data, { signer }), { ...options }),
  ],
  ['XAdES', (options) => signXml(xml, options)],
  ['XAdES, inclusive', (options) => signXml(xml, { ...options, c14n: 'c14n-1.1' })],
  ['XAdES, detached', (options) => signXml(files, { ...options, packaging: 'detached' })],
  [
    'XAdES on another',
    async (options) =>
      signXml(await signXml(xml, { signer }), { ...options, packaging: 'counter-signature' }),
  ],
  ['JAdES', (options) => signJson(data, options)],
  ['JAdES, detached', (options) => signJson(files, { ...options, detached: true })],
  [
    'JAdES beside another',
    async (options) => addJsonSignature(await signJson(data, { signer }), options),
  ],
  [
    'JAdES on another',
    async (options) => counterSignJson(await signJson(data, { signer }), options),
  ],
  ...(['CAdES', 'XAdES'] as const).flatMap(
    (signatures) =>
      [
        [
          `ASiC-E with ${signatures}`,
          (options: Options) => signAsic(files, { ...options, signatures }),
        ],
        [
          `ASiC-S with ${signatures}, beside another`,
          async (options: Options) =>
            addAsicSignature(await signAsic(files, { signer, signatures, container }), options),
        ],
        [
          `ASiC-E with ${signatures}, on another`,
          async (options: Options) =>
            counterSignAsic(await signAsic(files, { signer, signatures }), options),
        ],
      ] as const,
  ),
]

describe('what a signer claims', () => {
  it.each(WAYS)('is read in %s', async (_, sign) => {
    expect(await read(sign)).toEqual([{ commitment, place: PLACE, roles }])
    expect(await read(sign, { place: { postalCode: '1' } })).toEqual([{ place: ['1'] }])
    expect(await read(sign, { place: { country: 'VN' } })).toEqual([{ place: ['VN'] }])
    expect(await read(sign, { roles: ['a'] })).toEqual([{ roles: ['a'] }])
    expect(await read(sign, {})).toEqual([])
  })

  it.each(['origin', 'receipt', 'delivery', 'sender', 'approval', 'creation'] as const)(
    'is the same commitment in all: %s',
    async (commitment) => {
      for (const [, sign] of [WAYS[0]!, WAYS[4]!, WAYS[8]!]) {
        expect(await read(sign, { commitment })).toEqual([{ commitment }])
      }
    },
  )

  it('is read in PAdES, but for the place, which stands in the file', async () => {
    const pdf = tableFile()
    expect(await read((options) => signPdf(pdf, options))).toEqual([{ commitment, roles }])
    const signed = await signPdf(pdf, { signer, claims: { place: { city: 'Hue', country: 'VN' } } })
    expect(Buffer.from(signed).toString('latin1')).toContain('/Location (Hue, VN)')
  })

  it('is said by each item of a batch for itself', async () => {
    const items = [
      { id: 'a', format: 'cms', document: data, options: { claims } },
      { id: 'b', format: 'xml', document: xml, options: { claims: { roles: ['x'] } } },
      { id: 'c', format: 'json', document: data },
      { id: 'd', format: 'pdf', document: tableFile(), options: { claims: { commitment } } },
    ] as const
    const keeper = watched(signer)
    expect(await signMany(items, { signer: keeper })).toMatchObject({ done: 4 })
    expect(saidIn(keeper.asked)).toEqual([
      { commitment, place: PLACE, roles },
      { roles: ['x'] },
      { commitment },
    ])
  })

  it.each([
    ['reason', { commitment: 'approval' }],
    ['location', { place: { country: 'VN' } }],
  ] as const)('is not said in a PDF beside another %s', async (argument, said) => {
    const given = { signer, claims: said, [argument]: 'x' }
    await expect(signPdf(tableFile(), given)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument },
    })
  })

  it('is counted in the room that a PDF keeps', async () => {
    const longest = { roles: Array<string>(4).fill('Ệ'.repeat(128)) }
    const tight = signPdf(tableFile(), { signer, claims: longest, reserveBytes: 2000 })
    await expect(tight).rejects.toMatchObject({ code: 'FORMAT_PLACEHOLDER_TOO_SMALL' })
    await signPdf(tableFile(), { signer, claims: longest, reserveBytes: 3500 })
  })

  it.each<readonly [string, Call]>([
    ...WAYS,
    ['PAdES', (options) => signPdf(tableFile(), options)],
  ])('is refused before the key is asked where it cannot be: %s', async (_, sign) => {
    const keeper = watched(signer)
    const wrong = { roles: ['hai\ndòng'] }
    await expect(sign({ signer: keeper, claims: wrong })).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument: 'claims.roles[0]' },
    })
    expect(keeper.asked).toEqual([])
  })

  it('has no place in the plain signatures of forms', async () => {
    const file = encodeUtf8('<GIAMDINHHS><CHUKYDONVI></CHUKYDONVI></GIAMDINHHS>')
    const signing = signXml(file, { signer, claims, form: 'vn-social-insurance' })
    await expect(signing).rejects.toMatchObject({ details: { argument: 'claims' } })
  })
})
