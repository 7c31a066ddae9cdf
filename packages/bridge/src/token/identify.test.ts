import { expect, test } from 'vitest'
import { dropRepeated, getOnlyHolder, preferVendors } from './identify.ts'
import type { TokenCertificate } from './types.ts'

function certificate(id: number, serial: string, manufacturer = 'Hãng'): TokenCertificate {
  const token = { label: '', manufacturer, serial, pinState: 'ok' as const }
  return {
    id: new Uint8Array(32).fill(id),
    certificate: new Uint8Array(),
    chain: [],
    algorithms: ['ES256'],
    token: { ...token, protectedAuthentication: false },
  }
}
const same = (item: TokenCertificate) => item
const wanted = new Uint8Array(32).fill(1)
const pick = (...seen: TokenCertificate[]) => getOnlyHolder(seen, wanted, same)

test('one token that two modules or slots show counts once', () => {
  const seen = [certificate(1, 'A'), certificate(2, 'A'), certificate(1, 'A')]
  expect(dropRepeated(seen, same)).toEqual(seen.slice(0, 2))
  expect(pick(...seen)).toBe(seen[0])
})

test('two tokens with one certificate both stay, and neither is picked', () => {
  for (const other of [certificate(1, 'B'), certificate(1, 'A', 'Hãng khác')]) {
    expect(dropRepeated([certificate(1, 'A'), other], same)).toHaveLength(2)
    expect(() => pick(certificate(1, 'A'), other)).toThrow(
      expect.objectContaining({ details: { ckr: 'SAME_CERTIFICATE_ON_TWO_TOKENS' } }),
    )
  }
})

test('no token, and no token with this certificate, are different things', () => {
  expect(() => pick()).toThrow(expect.objectContaining({ code: 'TOKEN_ABSENT' }))
  expect(() => pick(certificate(2, 'A'))).toThrow(
    expect.objectContaining({ code: 'TOKEN_KEY_NOT_FOUND' }),
  )
})

test('a vendor’s module stands before a driver for all cards, unless that one sees two tokens', () => {
  const ofVendor = certificate(1, '0042', 'Hãng')
  const generic = [certificate(1, '42', 'OpenSC'), certificate(2, '42', 'OpenSC')]
  const isGeneric = (item: TokenCertificate): boolean => generic.includes(item)
  expect(preferVendors([...generic, ofVendor], same, isGeneric)).toEqual([generic[1], ofVendor])
  expect(preferVendors(generic, same, isGeneric)).toEqual(generic)
  generic.push(certificate(1, '43', 'OpenSC'))
  expect(preferVendors([...generic, ofVendor], same, isGeneric)).toEqual([...generic, ofVendor])
})
