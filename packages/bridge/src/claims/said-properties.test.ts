import { describe, expect, test } from 'vitest'
import {
  bytes,
  claimsOf,
  failedClaim,
  format,
  properties,
  signingCertificate,
  signingTime,
  withProperties,
  xades,
} from '../../../../test/helpers/xml-signature.ts'

describe('what XAdES says beside the time', () => {
  const tag = (name: string, ...inside: string[]) =>
    `<xades:${name}>${inside.join('')}</xades:${name}>`
  const place = (...inside: string[]) => tag('SignatureProductionPlaceV2', ...inside)
  const roles = (...inside: string[]) => tag('SignerRoleV2', tag('ClaimedRoles', ...inside))
  const role = (text: string) => tag('ClaimedRole', text)
  const URI = 'http://uri.etsi.org/01903/v1.2.2#ProofOf'
  const ALL = tag('AllSignedDataObjects')
  const commitment = (name: string, after = ALL, id = tag('Identifier', `${URI}${name}`)) =>
    tag('CommitmentTypeIndication', tag('CommitmentTypeId', id), after)
  const base = signingTime() + signingCertificate()
  const city = tag('City', 'Huế')
  const good = properties(
    base +
      place(city, tag('StateOrProvince', 'A &amp; B'), tag('CountryName', 'VN')) +
      roles(role('TM. UBND'), role('KT. CHỦ TỊCH')),
    format() + commitment('Approval'),
  )

  test('says what it means, where and as whom', () => {
    expect(claimsOf(xades(good), withProperties(good)).said).toEqual([
      {
        commitment: 'approval',
        place: ['Huế', 'A & B', 'VN'],
        roles: ['TM. UBND', 'KT. CHỦ TỊCH'],
      },
    ])
    const alone = properties(signingCertificate() + roles(role('x')), commitment('Origin'))
    expect(claimsOf(xades(alone), withProperties(alone)).said).toEqual([
      { commitment: 'origin', roles: ['x'] },
    ])
  })

  test.each<[string, string]>([
    ['the role first', properties(base + roles(role('x')) + place(city))],
    ['two places', properties(base + place(city) + place(city))],
    ['two roles', properties(base + roles(role('x')) + roles(role('x')))],
    ['an older place', properties(base + tag('SignatureProductionPlace', city))],
    ['an older role', properties(base + tag('SignerRole', tag('ClaimedRoles', role('x'))))],
    ['no part of a place', properties(base + place())],
    ['a street', properties(base + place(city, tag('StreetAddress', 'Lê Lợi')))],
    ['parts out of order', properties(base + place(tag('CountryName', 'VN'), city))],
    ['a part twice', properties(base + place(city, city))],
    ['a country in words', properties(base + place(tag('CountryName', 'Việt Nam')))],
    ['a city of nothing', properties(base + place(tag('City', '')))],
    ['a city of elements', properties(base + place(tag('City', city)))],
    ['a line break', properties(base + place(tag('City', 'a\nb')))],
    ['a return', properties(base + place(tag('City', 'a&#xD;b')))],
    ['letters that hide others', properties(base + place(tag('City', 'a\u2067b')))],
    ['space around', properties(base + place(tag('City', ' Huế')))],
    ['a long role', properties(base + roles(role('x'.repeat(129))))],
    ['no role', properties(base + roles())],
    ['five roles', properties(base + roles(...Array<string>(5).fill(role('x'))))],
    ['a role with markup', properties(base + roles(role(tag('City', 'x'))))],
    [
      'a role with an attribute',
      properties(base + roles('<xades:ClaimedRole Id="a">x</xades:ClaimedRole>')),
    ],
    ['a certified role', properties(base + tag('SignerRoleV2', tag('CertifiedRolesV2', 'x')))],
    [
      'an assertion beside it',
      properties(
        base + tag('SignerRoleV2', tag('ClaimedRoles', role('x')), tag('SignedAssertions')),
      ),
    ],
    ['two commitments', properties(base, format() + commitment('Origin') + commitment('Approval'))],
    ['the commitment first', properties(base, commitment('Origin') + format())],
    ['an unknown commitment', properties(base, format() + commitment('Debt'))],
    [
      'a commitment by another list',
      properties(base, format() + commitment('', ALL, tag('Identifier', 'urn:oid:1.2.3'))),
    ],
    [
      'a commitment in words',
      properties(
        base,
        format() + commitment('', ALL, tag('Identifier', `${URI}Origin`) + tag('Description', 'x')),
      ),
    ],
    [
      'a commitment to a part',
      properties(base, format() + commitment('Origin', tag('ObjectReference', '#r-1'))),
    ],
    ['a commitment to nothing', properties(base, format() + commitment('Origin', ''))],
    [
      'a qualifier',
      properties(base, format() + commitment('Origin', ALL + tag('CommitmentTypeQualifiers'))),
    ],
    [
      'a policy',
      properties(base + tag('SignaturePolicyIdentifier', tag('SignaturePolicyImplied'))),
    ],
    ['nothing about the documents', properties(base, ' ').replace('> <', '><')],
  ])('is refused with %s', (_, text) => {
    expect(failedClaim(xades(text), withProperties(text))).toBe('signed-properties')
  })

  test('is refused before the certificate', () => {
    const text = properties(signingTime() + place(city) + signingCertificate())
    expect(failedClaim(xades(text), withProperties(text))).toBe('signing-certificate')
  })

  test('with any byte changed, is not what is signed', () => {
    for (let offset = 0; offset < bytes(good).length; offset++) {
      const damaged = bytes(good)
      damaged[offset]! ^= 1
      const item = { signedProperties: damaged }
      expect(failedClaim(xades(good), item)).toBeDefined()
    }
  })
})
