import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { type Bytes, encodeBase64url, encodeUtf8 } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { addJsonSignature, counterSignJson, signJson } from '../sign/json.ts'
import { upgrade } from '../sign/upgrade.ts'
import { parseJson, parseKeptJson } from './exact-json.ts'

const MALFORMED = { code: 'FORMAT_MALFORMED' }
const UNSUPPORTED = { code: 'FORMAT_UNSUPPORTED' }
const codeOf = (parse: () => unknown): string => {
  try {
    parse()
    return ''
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('JSON that is written again', () => {
  it.each([
    ...['9007199254740993', '12345678901234567890', '0.1234567890123456789', '1e400', '-1e400'],
    ...['-0', '-0.0', '1e-400', `0.${'0'.repeat(2_000_000)}1`, '1'.repeat(2_000_000)],
  ])('has no number that would change: %.30s', (number) => {
    for (const text of [number, `[1,${number}]`, `{"a":{"b":[${number}]}}`]) {
      expect(codeOf(() => parseKeptJson(text))).toBe('FORMAT_UNSUPPORTED')
      expect(codeOf(() => parseJson(text))).toBe('')
    }
  })

  it.each(['0', '9007199254740992', '1.0', '1.50e3', '1E-7', '-12.5', '1e21', '5e-324', '0.1'])(
    'keeps the number %s',
    (number) => {
      expect(parseKeptJson(`{"a":${number}}`)).toEqual({ a: Number(number) })
    },
  )

  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '{"a":{},"b":[{"c":"}","c" : 0}]}',
    '{"\\\\":1,"x":"\\"","\\\\"\n:2}',
  ])('has each name once: %s', (text) => {
    expect(codeOf(() => parseJson(text))).toBe('FORMAT_MALFORMED')
    expect(codeOf(() => parseKeptJson(text))).toBe('FORMAT_MALFORMED')
  })

  it.each([
    '{"a":{"a":["a","a",{"a":1}]},"b":"a"}',
    '["a","a"]',
    '{"a":"\\\\","b":"\\",\\"a\\":"}',
  ])('is %s, where names differ', (text) => {
    expect(parseKeptJson(text)).toEqual(JSON.parse(text))
  })
})

describe('a JWS of others', async () => {
  const signer = softwareSigner(await makeCertificate('ES256'))
  const timestamp = await createTimestampAuthority()
  const signed = await signJson(encodeUtf8('một'), { signer, form: 'flattened' })
  const text = new TextDecoder().decode(signed)
  const having = (members: string): Bytes => encodeUtf8(text.replace(/\}$/, `,${members}}`))
  const changes: readonly ((jws: Bytes) => Promise<Bytes>)[] = [
    (jws) => addJsonSignature(jws, { signer }),
    (jws) => counterSignJson(jws, { signer }),
    (jws) => upgrade(jws, { to: 'B-T', timestamp }),
  ]

  it.each([
    ['"header":{"serial":12345678901234567890}', UNSUPPORTED],
    ['"x":[-0]', UNSUPPORTED],
    ['"header":{"kid":"a","kid":"b"}', MALFORMED],
    ['"signature":"AA"', MALFORMED],
  ])(
    'is not written again where something of theirs would get lost: %s',
    async (members, error) => {
      for (const change of changes) {
        await expect(change(having(members))).rejects.toMatchObject(error)
      }
    },
  )

  it('keeps all else that they wrote, under whatever names', async () => {
    const members = '"header":{"__proto__":{"a":1},"n":1.5e3},"__proto__":["b"],"constructor":null'
    for (const change of changes) {
      const changed = new TextDecoder().decode(await change(having(members)))
      for (const kept of [
        '"__proto__":{"a":1}',
        '"n":1500',
        '"__proto__":["b"]',
        '"constructor":null',
      ]) {
        expect(changed).toContain(kept)
      }
    }
  })

  it('is not read in two ways: a protected header says each thing once', async () => {
    const header = encodeBase64url(encodeUtf8('{"alg":"ES256","b64":true,"b64":false}'))
    const jws = encodeUtf8(JSON.stringify({ ...JSON.parse(text), protected: header }))
    await expect(addJsonSignature(jws, { signer })).rejects.toMatchObject(MALFORMED)
  })
})
