/**
 * Documents of other formats than PDF, and how each is signed, by a fixed sequence of numbers.
 * @module
 */
import { type AsicFile, addAsicSignature, signAsic } from '@trien/sdk/asic'
import { signCms } from '@trien/sdk/cms'
import { addSignature, counterSign } from '@trien/sdk/cosign'
import { addJsonSignature, counterSignJson, signJson } from '@trien/sdk/jades'
import type { Bytes, Signer } from '@trien/sdk/types'
import { signXml } from '@trien/sdk/xades'
import type { SignedFile } from './referees/index.ts'
import type { Sequence } from './sequence.ts'

/** What was signed, by one or two. */
export interface RandomlySigned {
  readonly kind: SignedFile['kind']
  readonly bytes: Bytes
  /** What lies outside, or what must lie inside of a CMS. */
  readonly data?: Bytes
  /** XML in which nothing but signatures is new. */
  readonly unsigned?: string
  /** Whether it can be built on: a compact JWS that is to stay one cannot. */
  readonly isFinal?: boolean
}

export interface Signers {
  readonly one: Signer
  readonly other: Signer
}

type Make = (next: Sequence, signers: Signers) => Promise<RandomlySigned>

const encode = (text: string): Bytes => new TextEncoder().encode(text)
const WORDS = [
  '',
  'a',
  'Cấp lại',
  ' \t ',
  '\r\n',
  '😀',
  'đ',
  'x'.repeat(200),
  '&<>"\'',
  ']]>',
  '%20+.',
]
const makeText = (next: Sequence): string => next.some(6, () => next.one(WORDS)).join('')

function makeBytes(next: Sequence, fewest = 0): Bytes {
  const size = next.one([fewest, 1, 63, 64, 65, 1000, 5000])
  return Uint8Array.from({ length: size }, () => next.below(256))
}

export const RANDOM_FORMATS: Readonly<Record<string, Make>> = {
  async CMS(next, { one, other }) {
    // GnuTLS takes content of no octets for none at all.
    const data = makeBytes(next, 1)
    const detached = next.one([true, false])
    const input = next.one([data, new Blob([data])])
    const signed = await signCms(input as Blob, { signer: one, detached })
    const first = new Uint8Array(await new Blob([signed]).arrayBuffer())
    const kind = detached ? 'detached' : 'attached'
    const outside = detached ? { data } : {}
    const more = [
      async () => first,
      () => addSignature(first, { ...outside, signer: other }),
      () => counterSign(first, { signer: other }),
    ]
    return { kind, data, bytes: await next.one(more)() }
  },

  async XML(next, { one, other }) {
    const text = makeXml(next)
    const packaging = next.one(['enveloped', 'enveloped', 'enveloping', 'detached'] as const)
    const c14n = next.one(['exclusive', 'c14n-1.0', 'c14n-1.1'] as const)
    if (packaging === 'detached') {
      const data = makeBytes(next)
      const document = { name: 'data.txt', mediaType: 'text/plain' }
      return {
        ...{ kind: 'xades', data },
        bytes: await signXml(data, { signer: one, packaging, c14n, document }),
      }
    }
    const moreSignatures = packaging === 'enveloped' && next.one([true, false])
    const how = { packaging, c14n, moreSignatures }
    const first = await signXml(encode(text), { signer: one, ...how })
    const bytes = moreSignatures ? await signXml(first, { signer: other, ...how }) : first
    return { kind: 'xades', bytes, ...(packaging === 'enveloped' ? { unsigned: text } : {}) }
  },

  async JSON(next, { one, other }) {
    const form = next.one(['compact', 'flattened', 'general'] as const)
    const contentType = next.one([undefined, 'json', 'text/plain'])
    if (next.one([true, false])) {
      const data = makeBytes(next)
      const document = {
        name: next.one(['data.txt', 'phụ lục/đơn 1.txt']),
        mediaType: 'text/plain',
      }
      const detached = { signer: one, form, document, detached: true } as const
      return {
        kind: 'jades',
        data,
        bytes: await signJson(data, detached),
        isFinal: form === 'compact',
      }
    }
    const b64 = form === 'compact' || next.one([true, false])
    const payload = encode(`{"nội dung":${JSON.stringify(makeText(next))}}`)
    const first = await signJson(payload, { signer: one, form, b64, contentType })
    const more = [
      async () => first,
      () => counterSignJson(first, { signer: other, signature: 0 }),
      () => addJsonSignature(first, { signer: other }),
    ]
    if (form === 'compact') return { kind: 'jades', bytes: first, isFinal: true }
    return { kind: 'jades', bytes: await next.one(form === 'general' ? more : more.slice(0, 2))() }
  },

  async ASiC(next, { one, other }) {
    const signatures = next.one(['XAdES', 'CAdES'] as const)
    const container = next.one(['ASiC-E', 'ASiC-E', 'ASiC-S'] as const)
    const make = (index: number): AsicFile => ({
      name: `${next.one(['', 'phụ lục/', 'a+b/%41/'])}${index} ${next.one(['đơn', "o'x", '&', '#1'])}.txt`,
      data: makeBytes(next),
      ...(next.one([true, false]) ? { mediaType: 'text/plain' } : {}),
    })
    const files = container === 'ASiC-S' ? [make(0)] : next.some(4, make)
    const first = (await signAsic(files, { signer: one, signatures, container })) as Bytes
    const isTwice = next.one([true, false])
    const bytes = isTwice ? await addAsicSignature(first, { signer: other }) : first
    return { kind: signatures === 'XAdES' ? 'asic-xades' : 'asic-cades', bytes: bytes as Bytes }
  },
}

/** A tree of elements in several namespaces, with all else that a document may have. */
function makeXml(next: Sequence): string {
  const escape = (text: string): string =>
    text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
  const attribute = (index: number): string =>
    ` ${next.one(['', '', 'b:'])}t${index}="${escape(makeText(next)).replace(/[\r\n\t]/g, '&#10;')}"`
  const content = (depth: number): string =>
    next
      .some(4, () => {
        const text = escape(makeText(next))
        const kinds = [
          () => text,
          () => `<![CDATA[${makeText(next).replaceAll(']]>', '')}]]>`,
          () => '<!-- ghi chú -->',
          () => '<?máy in?>',
          () => '<b:rỗng/>',
          () => (depth === 0 ? '' : element(depth - 1)),
        ]
        return next.one(kinds)()
      })
      .join('')
  const element = (depth: number): string => {
    const name = next.one(['mục', 'b:mục', 'c'])
    const own = next.one(['', ' xmlns="urn:hai"', ' xmlns:c="urn:ba"', ' xml:lang="vi"'])
    return `<${name}${own}${next.some(2, attribute).join('')}>${content(depth)}</${name}>`
  }
  const head = next.one(['', '<?xml version="1.0" encoding="UTF-8"?>\n', '<!-- đầu -->'])
  const body = next.some(3, () => element(3)).join('\n')
  return `${head}<đơn xmlns="urn:mot" xmlns:b="urn:be">${body}</đơn>${next.one(['', '\n', '<!-- cuối -->'])}`
}
