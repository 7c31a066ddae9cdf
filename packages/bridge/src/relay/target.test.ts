import { describe, expect, it } from 'vitest'
import { assertAllowed, hostAndPort, parseTarget } from './target.ts'

const NOBODY = new Set<string>()
const reasonOf = (act: () => unknown): unknown => {
  try {
    act()
    return undefined
  } catch (error) {
    return (error as { details: { reason: unknown } }).details.reason
  }
}

describe('an address in a certificate', () => {
  it.each([
    'http://ocsp.ca.gov.vn',
    'http://ocsp.vnpt-ca.vn/responder',
    'HTTPS://RootCA.gov.vn/crl/vnrca256.crl?x=1',
    'http://crl.example.vn:80/a.crl',
    'https://crl.example.vn:443/a.crl',
    'http://103.1.208.1/a.crl',
  ])('is read: %s', (address) => {
    const target = parseTarget(address, NOBODY)
    expect(target.allowed).toEqual(['public'])
    expect(target.url.hash).toBe('')
  })

  it.each([
    ['a file', 'file:///etc/passwd'],
    ['a directory', 'ldap://ca.example/cn=x'],
    ['another scheme', 'ftp://ca.example/a.crl'],
    ['another scheme', 'gopher://ca.example/_x'],
    ['data', 'data:text/plain,x'],
    ['no scheme', '//ca.example/a.crl'],
    ['a port of something else', 'http://ca.example:6379/'],
    ['a port of something else', 'https://ca.example:8443/'],
    ['a user', 'http://user@ca.example/'],
    ['a user that looks like a host', 'http://ca.gov.vn@127.0.0.1/'],
    ['a password', 'http://user:word@ca.example/'],
    ['no host', 'http:///a.crl'],
    ['a backslash', 'http://ca.example\\@127.0.0.1/'],
    ['a line break', 'http://ca.example/\r\nHost: x'],
    ['a tab', 'http://ca.exa\tmple/'],
    ['a space', 'http://ca.example/a b'],
    ['letters beyond ASCII', 'http://ｃａ.example/'],
    ['digits beyond ASCII', 'http://１２７.0.0.1/'],
    ['a dot beyond ASCII', 'http://127。0。0。1/'],
    ['no end', `http://ca.example/${'x'.repeat(500)}`],
    ['nothing', ''],
  ])('is refused with %s: %j', (_, address) => {
    expect(reasonOf(() => parseTarget(address, NOBODY))).toBe('address')
  })

  it.each([
    'http://localhost/',
    'http://LOCALHOST/',
    'http://localhost./',
    'http://a.localhost/',
    'http://ca.example./',
    'http://intranet/',
    'http://intranet./',
  ])('is refused as internal by its name: %s', (address) => {
    expect(reasonOf(() => parseTarget(address, NOBODY))).toBe('internal')
  })

  // A resolver never sees these: they are addresses in other clothes.
  it.each([
    ['plain', 'http://127.0.0.1/'],
    ['short', 'http://127.1/'],
    ['one number', 'http://2130706433/'],
    ['octal', 'http://0177.0.0.1/'],
    ['octal throughout', 'http://0177.0000.0000.0001/'],
    ['hexadecimal', 'http://0x7f.0.0.1/'],
    ['one hexadecimal number', 'http://0x7f000001/'],
    ['mixed', 'http://0x7f.1/'],
    ['percent-encoded', 'http://%31%32%37.0.0.1/'],
    ['zero', 'http://0/'],
    ['zeroes', 'http://0.0.0.0/'],
    ['a dot at the end', 'http://127.0.0.1./'],
    ['IPv6', 'http://[::1]/'],
    ['IPv6 in full', 'http://[0:0:0:0:0:0:0:1]/'],
    ['IPv6 unspecified', 'http://[::]/'],
    ['mapped', 'http://[::ffff:127.0.0.1]/'],
    ['mapped in hexadecimal', 'http://[::ffff:7f00:1]/'],
    ['compatible', 'http://[::127.0.0.1]/'],
    ['NAT64', 'http://[64:ff9b::127.0.0.1]/'],
    ['6to4', 'http://[2002:7f00:1::]/'],
    ['private', 'http://10.1.2.3/'],
    ['private, one number', 'http://167838211/'],
    ['link-local', 'http://169.254.169.254/'],
    ['link-local IPv6', 'http://[fe80::1]/'],
    ['unique local', 'http://[fd00::1]/'],
  ])('leads inside, %s: %s', (_, address) => {
    const reason = reasonOf(() => {
      const target = parseTarget(address, NOBODY)
      assertAllowed(target, [target.hostname])
    })
    expect(reason).toBe('internal')
  })
})

describe('what the owner named', () => {
  const named = (host: string, address = `http://${host}/`) => parseTarget(address, new Set([host]))

  it('may be of another port and on a private network', () => {
    const target = named('tsa.noi-bo.gov.vn:8080')
    assertAllowed(target, ['10.1.2.3'])
    assertAllowed(target, ['103.1.208.1'])
    expect(reasonOf(() => named('tsa.noi-bo.gov.vn:8080', 'http://tsa.noi-bo.gov.vn/'))).toBe(
      undefined,
    )
  })

  it('lends nothing to another port, host or scheme’s port', () => {
    expect(reasonOf(() => named('a.vn:8080', 'http://a.vn:8081/'))).toBe('address')
    expect(reasonOf(() => named('a.vn:8080', 'http://b.vn:8080/'))).toBe('address')
    expect(named('a.vn:80', 'https://a.vn/').allowed).toEqual(['public'])
    expect(named('a.vn:80', 'http://a.vn/').allowed).toEqual(['public', 'private'])
  })

  it('does not open this machine by a name that comes to lead there', () => {
    const target = named('tsa.noi-bo.gov.vn:8080')
    for (const address of ['127.0.0.1', '::1', '169.254.169.254', '::ffff:10.0.0.1']) {
      expect(reasonOf(() => assertAllowed(target, [address]))).toBe('internal')
    }
  })

  it('opens this machine where it says so', () => {
    assertAllowed(named('127.0.0.1:8080'), ['127.0.0.1'])
    assertAllowed(named('[::1]:8080'), ['::1'])
    assertAllowed(named('localhost:8080'), ['127.0.0.1', '::1'])
  })
})

it('all addresses of a name must be allowed: one of each side is a trick', () => {
  const target = parseTarget('http://ca.example/', NOBODY)
  assertAllowed(target, ['8.8.8.8', '2606:4700::1'])
  expect(reasonOf(() => assertAllowed(target, ['8.8.8.8', '127.0.0.1']))).toBe('internal')
  expect(reasonOf(() => assertAllowed(target, ['8.8.8.8', '::ffff:127.0.0.1']))).toBe('internal')
})

it('host and port are spelled in one way', () => {
  expect(hostAndPort(new URL('HTTP://A.vn'))).toBe('a.vn:80')
  expect(hostAndPort(new URL('https://[::0001]'))).toBe('[::1]:443')
})
