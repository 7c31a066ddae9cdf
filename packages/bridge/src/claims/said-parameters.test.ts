import { describe, expect, test } from 'vitest'
import { encodeUtf8 } from '@trien/sdk/bytes'
import type { SignItem } from '@trien/sdk/wire'
import { CONTENT, document, judgeClaims } from '../../../../test/helpers/judge-claims.ts'
import { NOW, certificate, sha256 } from '../../../../test/helpers/xml-signature.ts'
import { assertClaims } from '../claims.ts'

describe('what JAdES says beside the time', () => {
  const base64url = (text: Uint8Array | string) => Buffer.from(text).toString('base64url')
  const header = { alg: 'RS256', 'x5t#S256': base64url(sha256(certificate)) }
  const id = 'http://uri.etsi.org/01903/v1.2.2#ProofOfApproval'
  const saidBy = (said: object) => {
    const text = base64url(JSON.stringify({ ...header, ...said }))
    return judgeClaims('jws-signing-input', encodeUtf8(`${text}.${base64url(CONTENT)}`))
  }
  const claimed = {
    mediaType: 'text/plain',
    encoding: 'binary',
    qVals: ['TM. UBND', 'KT. CHỦ TỊCH'],
  }

  test('says what it means, where and as whom', () => {
    const sigPl = { addressCountry: 'VN', addressLocality: 'Huế', postalCode: '530000' }
    expect(saidBy({ srCms: [{ commId: { id } }], sigPl, srAts: { claimed: [claimed] } })).toEqual([
      {
        commitment: 'approval',
        place: ['Huế', '530000', 'VN'],
        roles: ['TM. UBND', 'KT. CHỦ TỊCH'],
      },
    ])
  })

  test.each<[string, object]>([
    ['no commitment', { srCms: [] }],
    ['null', { srCms: null }],
    ['two commitments', { srCms: [{ commId: { id } }, { commId: { id } }] }],
    ['a commitment that is no list', { srCms: { commId: { id } } }],
    ['an unknown commitment', { srCms: [{ commId: { id: 'urn:oid:1.2.3' } }] }],
    ['a commitment in words', { srCms: [{ commId: { id, desc: 'x' } }] }],
    ['a qualifier', { srCms: [{ commId: { id }, commQuals: [{}] }] }],
    ['no part of a place', { sigPl: {} }],
    ['a place in a list', { sigPl: ['Huế'] }],
    ['a street', { sigPl: { addressLocality: 'Huế', streetAddress: 'Lê Lợi' } }],
    ['a country in words', { sigPl: { addressCountry: 'Việt Nam' } }],
    ['a number', { sigPl: { postalCode: 530000 } }],
    ['a line break', { sigPl: { addressLocality: 'a\nb' } }],
    ['half a character', { sigPl: { addressLocality: 'a\ud800' } }],
    ['no roles', { srAts: {} }],
    ['an assertion', { srAts: { claimed: [claimed], signedAssertions: [claimed] } }],
    ['two lists of roles', { srAts: { claimed: [claimed, claimed] } }],
    ['roles in another form', { srAts: { claimed: [{ ...claimed, mediaType: 'text/html' }] } }],
    ['roles in base64', { srAts: { claimed: [{ ...claimed, encoding: 'base64' }] } }],
    ['no role', { srAts: { claimed: [{ ...claimed, qVals: [] }] } }],
    ['five roles', { srAts: { claimed: [{ ...claimed, qVals: Array(5).fill('x') }] } }],
    ['a role of fields', { srAts: { claimed: [{ ...claimed, qVals: [{ toString: 'x' }] }] } }],
    ['a long role', { srAts: { claimed: [{ ...claimed, qVals: ['x'.repeat(129)] }] } }],
    ['a policy', { sigPId: { id: { id } } }],
  ])('is refused with %s', (_, said) => {
    expect(saidBy(said)).toBe('header')
  })
})

test('what several signatures say is told of once each', () => {
  const item = (roles: readonly string[]): SignItem => {
    const header = {
      ...{ alg: 'RS256', 'x5t#S256': Buffer.from(sha256(certificate)).toString('base64url') },
      srAts: { claimed: [{ mediaType: 'text/plain', encoding: 'binary', qVals: roles }] },
    }
    const [first, second] = [JSON.stringify(header), CONTENT].map((text) =>
      Buffer.from(text).toString('base64url'),
    )
    return {
      ...{ id: '1', kind: 'jws-signing-input', algorithm: 'RS256', document },
      toBeSigned: encodeUtf8(`${first}.${second}`),
    }
  }
  const { said } = assertClaims([item(['a']), item(['b']), item(['a'])], certificate, NOW)
  expect(said).toEqual([{ roles: ['a'] }, { roles: ['b'] }])
})
