import { describe, expect, it } from 'vitest'
import { checkClaims, commitmentOid, commitmentUri } from './signer-claims.ts'

const argumentOf = (value: unknown): unknown => {
  try {
    checkClaims(value)
    return undefined
  } catch (error) {
    return (error as { details: { argument: string } }).details.argument
  }
}

describe('what a signer claims', () => {
  it('is taken as it is, and what is undefined is left out', () => {
    const claims = {
      commitment: 'approval',
      place: { city: 'Đà Nẵng', country: 'VN' },
      roles: ['TM. ỦY BAN NHÂN DÂN', 'KT. CHỦ TỊCH'],
    }
    expect(checkClaims(claims)).toEqual(claims)
    expect(checkClaims({ commitment: undefined })).toBeUndefined()
    expect(checkClaims({})).toBeUndefined()
  })

  it.each<[string, unknown]>([
    ['claims', null],
    ['claims', 'approval'],
    ['claims', ['approval']],
    ['claims', { role: 'x' }],
    ['claims.commitment', { commitment: 'Approval' }],
    ['claims.commitment', { commitment: 'toString' }],
    ['claims.commitment', { commitment: ['approval'] }],
    ['claims.place', { place: {} }],
    ['claims.place', { place: 'Huế' }],
    ['claims.place', { place: { street: 'x' } }],
    ['claims.place.city', { place: { city: '' } }],
    ['claims.place.province', { place: { province: 'x'.repeat(129) } }],
    ['claims.place.postalCode', { place: { postalCode: 550000 } }],
    ['claims.place.country', { place: { country: 'vn' } }],
    ['claims.place.country', { place: { country: 'Việt Nam' } }],
    ['claims.roles', { roles: [] }],
    ['claims.roles', { roles: 'KT. CHỦ TỊCH' }],
    ['claims.roles', { roles: Array(5).fill('x') }],
    ['claims.roles[1]', { roles: ['x', undefined] }],
    ['claims.roles[0]', { roles: [Array(1)] }],
    ['claims.roles[0]', { roles: ['hai\ndòng'] }],
    ['claims.roles[0]', { roles: ['a\u2028b'] }],
    ['claims.roles[0]', { roles: [' a'] }],
    ['claims.roles[0]', { roles: ['\u0000'] }],
    ['claims.roles[0]', { roles: ['a\u202eb'] }],
    ['claims.roles[0]', { roles: ['a\ud800'] }],
    ['claims.roles[0]', { roles: ['a\uffff'] }],
  ])('is refused as %s: %j', (argument, value) => {
    expect(argumentOf(value)).toBe(argument)
  })

  it('has the identifiers of ETSI', () => {
    expect(commitmentOid('origin')).toBe('1.2.840.113549.1.9.16.6.1')
    expect(commitmentOid('creation')).toBe('1.2.840.113549.1.9.16.6.6')
    expect(commitmentUri('approval')).toBe('http://uri.etsi.org/01903/v1.2.2#ProofOfApproval')
  })
})
