import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { createAuthority, createTlsIdentity } from './authority.ts'

const DAY_MS = 86_400_000

test('an identity is an authority and one leaf of it, of a key each', () => {
  const { authority, leaf, key } = createTlsIdentity()
  expect(authority.ca).toBe(true)
  expect(leaf.ca).toBe(false)
  expect(leaf.checkIssued(authority)).toBe(true)
  expect(leaf.verify(authority.publicKey)).toBe(true)
  expect(authority.verify(authority.publicKey)).toBe(true)
  expect(leaf.checkPrivateKey(key)).toBe(true)
  expect(authority.checkPrivateKey(key)).toBe(false)
  expect(leaf.subjectAltName).toBe(
    'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  )
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
  expect(leaf.serialNumber).not.toBe(authority.serialNumber)
})

test('nothing that is returned leads to the authority’s key', () => {
  const identity = createTlsIdentity()
  expect(Object.keys(identity).sort()).toEqual(['authority', 'key', 'leaf'])
  expect(identity.authority).toBeInstanceOf(X509Certificate)
})

test('lives 397 days and not longer, and was valid yesterday', () => {
  const now = new Date('2026-11-21T10:00:00Z')
  const { authority, leaf } = createTlsIdentity(now)
  for (const certificate of [authority, leaf]) {
    const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
    expect((to - from) / DAY_MS).toBe(397)
    expect(now.getTime() - from).toBe(DAY_MS)
  }
})

test('each authority has a name of its own', () => {
  const names = [createAuthority(), createAuthority()].map(({ certificate }) => certificate.subject)
  expect(names[0]).toMatch(/^CN=Trien for this computer only [0-9a-f]{8}$/)
  expect(names[0]).not.toBe(names[1])
})
