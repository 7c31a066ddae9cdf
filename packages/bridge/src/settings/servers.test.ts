import { describe, expect, it } from 'vitest'
import { internalHost, timestampServer } from './servers.ts'

describe('a timestamp server of the settings', () => {
  it.each(['http://tsa.ca.gov.vn', 'https://10.1.2.3:8443/tsa?p=1', 'http://127.0.0.1:1/'])(
    'has a name and an address: %s',
    (url) => {
      expect(timestampServer.read({ name: 'bộ', url })).toEqual({ name: 'bộ', url })
    },
  )

  it.each([
    'http://tsa.ca.gov.vn',
    null,
    [],
    ['a', 'http://tsa.vn'],
    { name: 'a' },
    { url: 'http://tsa.vn' },
    { name: '', url: 'http://tsa.vn' },
    { name: 'x'.repeat(101), url: 'http://tsa.vn' },
    { name: 'a', url: 'http://tsa.vn', user: 'b' },
    { name: 'a', url: 'tsa.vn' },
    { name: 'a', url: 'ftp://tsa.vn' },
    { name: 'a', url: 'http://an:pin@tsa.vn' },
    { name: 'a', url: 'http://tsa.vn/ b' },
    { name: 'a', url: `http://tsa.vn/${'x'.repeat(500)}` },
  ])('is no other thing: %j', (entry) => {
    expect(timestampServer.read(entry)).toBeUndefined()
  })
})

describe('an internal host of the settings', () => {
  it.each([
    ['ocsp.noi-bo.gov.vn:80', 'ocsp.noi-bo.gov.vn:80'],
    ['OCSP.noi-bo.gov.vn:8080', 'ocsp.noi-bo.gov.vn:8080'],
    ['10.0.0.1:443', '10.0.0.1:443'],
    ['[::0001]:80', '[::1]:80'],
    ['0x7f.1:80', '127.0.0.1:80'],
  ])('is spelled as addresses spell it: %s', (entry, spelled) => {
    expect(internalHost.read(entry)).toBe(spelled)
  })

  it.each([
    'ocsp.noi-bo.gov.vn',
    ':80',
    'a:b:80',
    'a.vn:99999',
    'a.vn:',
    'http://a.vn:80',
    'user@a.vn:80',
    'a.vn/x:80',
    '*:80',
    '10.0.0.0/8:80',
    80,
    null,
  ])('names one port of one host: %j', (entry) => {
    // A star is a name that nobody has; nothing is widened by it.
    expect(internalHost.read(entry)).toBe(entry === '*:80' ? '*:80' : undefined)
  })
})
