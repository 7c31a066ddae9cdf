import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { verifyByJose } from '../../../../test/helpers/referees/jose.ts'
import { watched } from '../../../../test/helpers/watched-signer.ts'
import { ALGORITHM_NAMES } from '../algorithms.ts'
import { encodeBase64url, encodeHex, encodeUtf8, parseBase64url } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Bytes } from '../types.ts'
import {
  type SignJsonOptions,
  addJsonSignature,
  completeJson,
  counterSignJson,
  prepareJson,
  signJson,
} from './json.ts'

const payload = encodeUtf8('{"số":"12/QĐ-UBND"}')
const signer = softwareSigner(await makeCertificate('ES256'))
const signingTime = new Date('2026-11-22T01:02:03.9Z')
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

interface Signature {
  readonly protected: string
  readonly signature: string
  readonly header?: { readonly etsiU: readonly string[] }
}
type Flattened = Signature & {
  readonly payload?: string
  readonly signatures: readonly Signature[]
}
const json = (jws: Uint8Array): Flattened => JSON.parse(text(jws)) as Flattened
const headerOf = (encoded: string): Record<string, unknown> =>
  JSON.parse(text(parseBase64url(encoded)!)) as Record<string, unknown>

describe('signJson', () => {
  it.each(ALGORITHM_NAMES)('%s is verified by jose, in each form', async (algorithm) => {
    const own = softwareSigner(await makeCertificate(algorithm))
    for (const form of ['compact', 'flattened', 'general'] as const) {
      const jws = await signJson(payload, { signer: own, form })
      expect(await verifyByJose(text(jws), payload)).toBe('')
      const changed = text(jws).replace(encodeBase64url(payload), encodeBase64url(encodeUtf8('{}')))
      expect(await verifyByJose(changed, payload)).not.toBe('')
    }
  })

  it('says algorithm, certificate, time and content, and nothing else', async () => {
    const jws = text(await signJson(payload, { signer, signingTime }))
    const header = headerOf(jws.split('.')[0]!)
    expect(Object.keys(header)).toEqual(['alg', 'cty', 'x5t#S256', 'x5c', 'iat'])
    expect(header).toMatchObject({ alg: 'ES256', cty: 'json', iat: 1795309323 })
    expect(header['x5c']).toEqual([Buffer.from(signer.certificate).toString('base64')])
  })

  it('encloses a payload as it is where b64 is false', async () => {
    for (const form of ['flattened', 'general'] as const) {
      const jws = await signJson(payload, { signer, form, b64: false })
      expect(json(jws).payload).toBe(text(payload))
      expect(await verifyByJose(text(jws), payload)).toBe('')
    }
    const plain = encodeUtf8('{"a":1}')
    const compact = text(await signJson(plain, { signer, b64: false }))
    expect(compact.split('.')[1]).toBe('{"a":1}')
    expect(headerOf(compact.split('.')[0]!)).toMatchObject({ b64: false, crit: ['b64'] })
  })

  it('names documents that stay outside by path, digest and type', async () => {
    const keeper = watched(signer)
    const documents = [
      { name: 'Đơn xin/tờ 1.pdf', data: encodeUtf8('một'), mediaType: 'application/pdf' },
      { name: 'b.txt', data: new Blob(['hai'], { type: 'text/plain' }) },
    ]
    const jws = text(await signJson(documents, { signer: keeper, detached: true }))
    expect(jws.split('.')[1]).toBe('')
    const header = headerOf(jws.split('.')[0]!)
    expect(header).toMatchObject({ b64: false, crit: ['b64', 'sigD'] })
    expect(header['sigD']).toEqual({
      mId: 'http://uri.etsi.org/19182/ObjectIdByURIHash',
      pars: ['%C4%90%C6%A1n%20xin/t%E1%BB%9D%201.pdf', 'b.txt'],
      hashM: 'S256',
      hashV: [
        'xh85mtLJs5wl3eJ9kRCjLASlI2w2b0NObGGZ6M7OL0c',
        'hS6TV_t2vDVdt9MPqKexOXcn4ydLyFZ8c3vsc8iCOh4',
      ].map(() => expect.any(String) as string),
      ctys: ['pdf', 'text/plain'],
    })
    const [request] = keeper.asked
    expect(request?.document).toMatchObject({ name: 'Đơn xin/tờ 1.pdf', size: 5 })
    expect(request?.alsoSigned).toMatchObject([{ name: 'b.txt', mediaType: 'text/plain', size: 3 }])
    const digests = (header['sigD'] as { hashV: string[] }).hashV
    expect(digests[0]).toBe(encodeBase64url(request!.documentDigest))
  })

  it('takes from the chain what leads from the certificate to the root, in order', async () => {
    const make = async (subject: string, issuer: string) =>
      (await makeCertificate('ES256', { subject, issuer })).certificate
    const [root, middle, stranger] = [
      await make('Gốc', 'Gốc'),
      await make('CA thử nghiệm', 'Gốc'),
      await make('Người khác', 'Gốc'),
    ]
    const chain = [stranger, root, middle]
    const jws = text(await signJson(payload, { signer: { ...signer, chain } }))
    const expected = [signer.certificate, middle].map((der) => Buffer.from(der).toString('base64'))
    expect(headerOf(jws.split('.')[0]!)['x5c']).toEqual(expected)
  })

  it.each<[string, unknown, Partial<SignJsonOptions>, string]>([
    ['text', 'text', {}, 'payload'],
    ['nothing', new Uint8Array(0), {}, 'payload'],
    ['more than a signing input holds', new Uint8Array(49_000), {}, 'payload'],
    ['much more', new Blob([new Uint8Array(1 << 20)]), {}, 'payload'],
    ['a list that is not detached', [{ name: 'a', data: payload }], {}, 'detached'],
    ['no document', [], { detached: true }, 'payload'],
    ['a document without a name', [{ data: payload }], { detached: true }, 'name'],
    ['a path that leads up', [{ name: '../a', data: payload }], { detached: true }, 'name'],
    ['a path from the root', [{ name: '/a', data: payload }], { detached: true }, 'name'],
    ['half a character', [{ name: '\ud800', data: payload }], { detached: true }, 'document.name'],
    [
      'one name twice',
      ['a', 'a'].map((name) => ({ name, data: payload })),
      { detached: true },
      'payload',
    ],
    ['b64 for what is outside', payload, { detached: true, b64: false }, 'b64'],
    ['raw bytes that are no text', Uint8Array.of(0xff), { b64: false, form: 'flattened' }, 'b64'],
    ['raw text with a dot in the compact form', encodeUtf8('1.5'), { b64: false }, 'form'],
    ['an unknown form', payload, { form: 'x' as 'compact' }, 'form'],
    ['a word for detached', payload, { detached: 'yes' as unknown as boolean }, 'detached'],
    ['a content type with a line break', payload, { contentType: 'a\nb' }, 'contentType'],
    ['a time before 1970', payload, { signingTime: new Date(-1) }, 'signingTime'],
  ])('refuses %s', async (_, data, wrong, argument) => {
    const signing = signJson(data as Uint8Array, { signer, ...wrong })
    await expect(signing).rejects.toMatchObject({ code: 'USAGE_ARGUMENT', details: { argument } })
  })

  it('never returns a signature that does not verify', async () => {
    const swapped = softwareSigner(await makeCertificate('ES256'))
    await expect(
      signJson(payload, { signer: { ...signer, sign: swapped.sign } }),
    ).rejects.toMatchObject({ code: 'TOKEN_SIGNATURE_INVALID' })
  })
})

describe('prepareJson and completeJson', () => {
  it('make what signJson makes, across a structured clone', async () => {
    const rsa = softwareSigner(await makeCertificate('RS256'))
    const options = { signingTime, form: 'flattened' } as const
    const { certificate } = rsa
    const prepared = await prepareJson(payload, { ...options, certificate, algorithm: 'RS256' })
    expect(Object.isFrozen(prepared) && Object.isFrozen(prepared.state)).toBe(true)
    const [value] = await rsa.sign([structuredClone(prepared)])
    expect(await completeJson(structuredClone(prepared), value!)).toEqual(
      await signJson(payload, { ...options, signer: rsa }),
    )
  })
})

describe('addJsonSignature', () => {
  it.each(['compact', 'flattened', 'general'] as const)('joins a %s one', async (form) => {
    const first = await signJson(payload, { signer, form })
    const second = softwareSigner(await makeCertificate('PS256'))
    const both = await addJsonSignature(first, { signer: second })
    expect(json(both).signatures).toHaveLength(2)
    const one = form === 'compact' ? text(first).split('.')[2] : undefined
    const kept = one ?? (form === 'general' ? json(first).signatures[0]! : json(first)).signature
    expect(json(both).signatures[0]?.signature).toBe(kept)
    expect(await verifyByJose(text(both), payload)).toBe('')
  })

  it('keeps unprotected headers and members of others', async () => {
    const first = { ...json(await signJson(payload, { signer, form: 'flattened' })), x: { y: [1] } }
    const withHeader = encodeUtf8(JSON.stringify({ ...first, header: { kid: 'a' } }))
    const both = json(await addJsonSignature(withHeader, { signer }))
    expect(both).toMatchObject({ x: { y: [1] }, signatures: [{ header: { kid: 'a' } }, {}] })
  })

  it('signs documents outside as the others did', async () => {
    const documents = [{ name: 'a', data: payload }]
    const first = await signJson(documents, { signer, detached: true })
    const both = json(await addJsonSignature(first, { signer, documents }))
    const [left, right] = both.signatures.map((one) => headerOf(one.protected))
    expect(right?.['sigD']).toEqual(left?.['sigD'])
    expect(both.payload).toBeUndefined()
    await expect(addJsonSignature(first, { signer })).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
    })
  })

  const encoded = (header: object) => encodeBase64url(encodeUtf8(JSON.stringify(header)))
  const damaged = (change: object) =>
    JSON.stringify({ payload: '', protected: 'e30', signature: 'AA', ...change })
  it.each<[string, string, string]>([
    ['FORMAT_MALFORMED', 'nothing', ''],
    ['FORMAT_MALFORMED', 'two parts', 'e30.e30'],
    ['FORMAT_MALFORMED', 'four parts', 'e30.e30.AA.AA'],
    ['FORMAT_MALFORMED', 'what is no JSON', '{'],
    ['FORMAT_MALFORMED', 'what is nested without end', '{"a":'.repeat(200_000)],
    ['FORMAT_MALFORMED', 'a payload that is no text', damaged({ payload: 1 })],
    [
      'FORMAT_MALFORMED',
      'a payload with half a character',
      damaged({ protected: encoded({ b64: false, crit: ['b64'] }), payload: 'a\ud800' }),
    ],
    ['FORMAT_MALFORMED', 'a header that is no text', damaged({ protected: {} })],
    ['FORMAT_MALFORMED', 'a header that is no JSON', damaged({ protected: 'AA' })],
    ['FORMAT_MALFORMED', 'a value that is no base64url', damaged({ signature: '=' })],
    ['FORMAT_MALFORMED', 'an unprotected header that is a list', damaged({ header: [] })],
    ['FORMAT_MALFORMED', 'no signature', damaged({ signatures: [] })],
    ['FORMAT_MALFORMED', 'two forms at once', damaged({ signatures: [{}] })],
    ['FORMAT_MALFORMED', 'a payload that is no base64url', damaged({ payload: '=' })],
    ['FORMAT_UNSUPPORTED', 'a payload that is elsewhere', damaged({ payload: undefined })],
    [
      'FORMAT_UNSUPPORTED',
      'digests of the documents’ base64url',
      damaged({
        protected: encoded({ sigD: { mId: 'http://uri.etsi.org/19182/ObjectIdByURIHash' } }),
      }),
    ],
  ])('%s: %s', async (code, _, jws) => {
    await expect(addJsonSignature(encodeUtf8(jws), { signer })).rejects.toMatchObject({ code })
  })
})

describe('counterSignJson', () => {
  const countersOf = async (jws: Bytes) => {
    const components = json(jws).header?.etsiU ?? []
    return components.map((one) => headerOf(one)['cSig'] as Signature)
  }

  it('signs another’s signature value, without a content type', async () => {
    const first = await signJson(payload, { signer })
    const keeper = watched(softwareSigner(await makeCertificate('ES384')))
    const countered = await counterSignJson(first, { signer: keeper })
    const [counter] = await countersOf(countered)
    const value = parseBase64url(json(countered).signature)!
    expect(headerOf(counter!.protected)).not.toHaveProperty('cty')
    const whole = JSON.stringify({ ...counter, payload: encodeBase64url(value) })
    expect(await verifyByJose(whole, value)).toBe('')
    expect(keeper.asked[0]?.document).toMatchObject({ name: 'signature', size: value.length })
    expect(await verifyByJose(text(countered), payload)).toBe('')
    expect(await countersOf(await counterSignJson(countered, { signer }))).toHaveLength(2)
  })

  it('asks which of several', async () => {
    const two = await addJsonSignature(await signJson(payload, { signer }), { signer })
    await expect(counterSignJson(two, { signer })).rejects.toMatchObject({ code: 'USAGE_ARGUMENT' })
    const countered = json(await counterSignJson(two, { signer, signature: 1 }))
    expect(countered.signatures.map(({ header }) => header?.etsiU.length)).toEqual([undefined, 1])
  })
})

it('is small to the signer: no more than the request', async () => {
  const keeper = watched(signer)
  await signJson(payload, { signer: keeper })
  const members = ['algorithm', 'document', 'documentDigest', 'kind', 'toBeSigned']
  expect(Object.keys(keeper.asked[0]!).sort()).toEqual(members)
  expect(encodeHex(keeper.asked[0]!.documentDigest)).toHaveLength(64)
})
