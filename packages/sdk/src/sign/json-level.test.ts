import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { type Bytes, encodeUtf8, parseBase64url } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { type JwsSignature, parseJws } from '../jades/jws.ts'
import { parseEtsiU } from '../jades/etsi-u.ts'
import { findTokens, findValues } from '../jades/validation-values.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { isStampOf, readTimestamp } from '../trust/timestamp-token.ts'
import type { Signer, TimestampSource } from '../types.ts'
import { addJsonSignature, counterSignJson, signJson } from './json.ts'
import { createRungs } from './upgrade-json.ts'
import { requestTimestamp } from '../trust/request-timestamp.ts'
import { upgrade } from './upgrade.ts'

const payload = encodeUtf8('{"số":12}')
let signer: Signer
let timestamp: TimestampSource
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
  timestamp = await createTimestampAuthority()
})

const ask = (imprint: Parameters<typeof requestTimestamp>[0]) =>
  requestTimestamp(imprint, { sources: [timestamp] })
const names = (jws: Uint8Array) =>
  parseJws(jws).signatures.map((one) => parseEtsiU(one).map(({ name }) => name))
const isStamp = async (tokenDer: Bytes, over: Uint8Array) =>
  isStampOf(await readTimestamp(tokenDer), {
    digest: 'SHA-256',
    value: await digestBytes('SHA-256', over),
  })

describe('a time stamp on a JWS', () => {
  it('is over the signature value in base64url, and makes a compact text a flattened one', async () => {
    const signed = await signJson(payload, { signer, level: 'B-T', timestamp })
    const later = await upgrade(await signJson(payload, { signer }), { to: 'B-T', timestamp })
    for (const jws of [signed, later]) {
      const { form, signatures } = parseJws(jws)
      expect(form).toBe('flattened')
      const [token] = findTokens(signatures[0]!)
      expect(await isStamp(token!, encodeUtf8(signatures[0]!.signature))).toBe(true)
    }
  })

  it('is given to who has none, and to nobody twice', async () => {
    const once = await signJson(payload, { signer, level: 'B-T', timestamp, form: 'general' })
    const both = await addJsonSignature(once, { signer })
    expect(names(both)).toEqual([['sigTst'], []])
    expect(names(await upgrade(both, { to: 'B-T', timestamp }))).toEqual([['sigTst'], ['sigTst']])
    const blob = await upgrade(new Blob([both], { type: 'x/y' }), { to: 'B-T', timestamp })
    expect(blob.type).toBe('x/y')
  })

  it('is given to a text with white space around, too', async () => {
    const signed = await signJson(payload, { signer, form: 'flattened' })
    const spaced = encodeUtf8(`\r\n ${new TextDecoder().decode(signed)}\n`)
    expect(names(await upgrade(spaced, { to: 'B-T', timestamp }))).toEqual([['sigTst']])
  })

  it('is given to who can have one, whoever else cannot any more', async () => {
    const notAfter = new Date('2020-01-01')
    const ended = softwareSigner(await makeCertificate('ES256', { notAfter }))
    const old = await signJson(payload, { signer: ended, form: 'general' })
    await expect(upgrade(old, { to: 'B-T', timestamp })).rejects.toMatchObject({
      code: 'TRUST_TIMESTAMP',
      details: { reason: 'expired' },
    })
    const both = await addJsonSignature(old, { signer })
    expect(names(await upgrade(both, { to: 'B-T', timestamp }))).toEqual([[], ['sigTst']])
  })

  it('is not put on signatures of others by who adds one', async () => {
    const first = await signJson(payload, { signer })
    const both = await addJsonSignature(first, { signer, level: 'B-T', timestamp })
    expect(names(both)).toEqual([[], ['sigTst']])
    const countered = await counterSignJson(first, { signer, level: 'B-T', timestamp })
    const [component] = parseEtsiU(parseJws(countered).signatures[0]!)
    expect(parseEtsiU(component!.value as JwsSignature).map(({ name }) => name)).toEqual(['sigTst'])
  })

  it('finds no place in a compact text', async () => {
    const options = { signer, level: 'B-T', timestamp, form: 'compact' } as const
    await expect(signJson(payload, options)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument: 'form' },
    })
  })

  it('that cannot be had leaves the signature', async () => {
    const broken: TimestampSource = () => Promise.reject(new Error('no'))
    const first = await signJson(payload, { signer })
    const adding = addJsonSignature(first, { signer, level: 'B-T', timestamp: broken })
    const { code, signed } = (await adding.catch((error: unknown) => error)) as {
      code: string
      signed: Bytes
    }
    expect(code).toBe('TRUST_TIMESTAMP')
    expect(names(signed)).toEqual([[], []])
  })
})

describe('what is added for the long term', () => {
  const data = {
    certificates: [Uint8Array.of(0x30, 1, 1), Uint8Array.of(0x30, 1, 2)],
    ocspResponses: [Uint8Array.of(0x30, 1, 3)],
    crls: [Uint8Array.of(0x30, 1, 4)],
  }

  it('stands there once, what is new later', async () => {
    const { embed } = createRungs()
    const once = await embed(await signJson(payload, { signer }), data)
    expect(names(once)).toEqual([['xVals', 'rVals']])
    expect(findValues(parseJws(once).signatures[0]!)).toEqual(data)
    expect(await embed(once, data)).toEqual(once)
    const more = { ...data, crls: [Uint8Array.of(0x30, 1, 5)] }
    const later = await embed(once, more)
    expect(names(later)).toEqual([['xVals', 'rVals', 'anyValData']])
    expect(findValues(parseJws(later).signatures[0]!).crls).toEqual([...data.crls, ...more.crls])
  })

  it('names who signed, their issuers and all stamps as evidence', async () => {
    const signed = await signJson(payload, { signer, level: 'B-T', timestamp })
    const evidence = await createRungs().evidence(signed)
    expect(evidence.signers).toEqual([{ certificate: signer.certificate, pool: [] }])
    expect(evidence.tokens).toHaveLength(1)
  })

  it('is stamped over with what was signed, and again', async () => {
    const { archive } = createRungs()
    const signed = await signJson(payload, { signer, level: 'B-T', timestamp, form: 'general' })
    const once = await archive(signed, ask)
    const twice = await archive(once, ask)
    expect(names(twice)).toEqual([['sigTst', 'arcTst', 'arcTst']])
    const { payload: text } = parseJws(twice)
    const [one] = parseJws(twice).signatures
    const components = parseEtsiU(one!).map((component) => component.text)
    const [, first, second] = findTokens(one!)
    const over = (count: number) =>
      encodeUtf8(
        `${text}.${one!.protected}.${one!.signature}.${components.slice(0, count).join('')}`,
      )
    expect(await isStamp(first!, over(1))).toBe(true)
    expect(await isStamp(second!, over(2))).toBe(true)
  })

  it('is stamped over with documents that lie outside, which must be those', async () => {
    const documents = [
      { name: 'a/b c.txt', data: payload },
      { name: 'd', data: new Blob(['hai']) },
    ]
    const signed = await signJson(documents, { signer, detached: true })
    const stamped = await createRungs({ documents: documents.toReversed() }).archive(signed, ask)
    const [one] = parseJws(stamped).signatures
    const tail = encodeUtf8(`.${one!.protected}.${one!.signature}.`)
    const over = new Uint8Array([...payload, ...encodeUtf8('hai'), ...tail])
    expect(await isStamp(findTokens(one!)[0]!, over)).toBe(true)
    await expect(createRungs().archive(signed, ask)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
    })
    const changed = [documents[0]!, { name: 'd', data: encodeUtf8('ba') }]
    await expect(createRungs({ documents: changed }).archive(signed, ask)).rejects.toMatchObject({
      code: 'FORMAT_CHANGED',
    })
  })

  it('is not stamped over where it stands in the clear', async () => {
    const whole = JSON.parse(
      new TextDecoder().decode(await signJson(payload, { signer, form: 'flattened' })),
    ) as object
    const clear = (etsiU: unknown) => encodeUtf8(JSON.stringify({ ...whole, header: { etsiU } }))
    const inClear = clear([{ sigTst: { tstTokens: [] } }])
    await expect(createRungs().archive(inClear, ask)).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
    expect(names(await createRungs().embed(inClear, data))).toEqual([['sigTst', 'xVals', 'rVals']])
    for (const wrong of [{}, [1], ['AA'], [{}], [{ a: 1, b: 2 }], [{ a: 1 }, 'e30'], ['e30']]) {
      await expect(createRungs().embed(clear(wrong), data)).rejects.toMatchObject({
        code: 'FORMAT_MALFORMED',
      })
    }
  })
})

it('reads base64url that came along as it stands', async () => {
  const signed = await signJson(payload, { signer, level: 'B-T', timestamp })
  const [one] = parseJws(signed).signatures
  const [element] = one!.header!['etsiU'] as string[]
  expect(new TextDecoder().decode(parseBase64url(element!))).toMatch(
    /^{"sigTst":{"tstTokens":\[{"val":"MII/,
  )
})
