import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { SignItem } from '@trien/sdk/wire'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { isSigningError } from '@trien/sdk/errors'
import { assertClaims } from '../claims.ts'
import { createAuthority } from '../soft/authority.ts'

const NOW = new Date('2026-11-21T10:00:00Z')
const { certificate } = await createAuthority([['2.5.4.3', 'Người ký']])
const other = (await createAuthority([['2.5.4.3', 'Người khác']])).certificate
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()
const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url')

const CONTENT = '{"số":"12/QĐ-UBND"}'
const IAT = NOW.getTime() / 1000 - 1
const thumbprint = { 'x5t#S256': base64url(sha256(certificate)) }
const chain = { x5c: [certificate, other].map((der) => Buffer.from(der).toString('base64')) }
const good = { alg: 'RS256', ...thumbprint, iat: IAT }
const detached = {
  mId: 'http://uri.etsi.org/19182/ObjectIdByURIHash',
  pars: ['mot.pdf', 'kho/hai.pdf'],
  hashM: 'S256',
  hashV: [base64url(sha256('một')), base64url(sha256('hai'))],
}
const withSigD = (change: object = {}, header: object = {}) =>
  JSON.stringify({
    ...{ ...good, b64: false, sigD: { ...detached, ...change }, crit: ['b64', 'sigD'] },
    ...header,
  })

const describeDocument = (content: string, name = 'đơn.json') => ({
  name,
  mediaType: 'application/json',
  size: encodeUtf8(content).length,
  digest: { algorithm: 'SHA-256' as const, value: new Uint8Array(sha256(content)) },
})
const files: Partial<SignItem> = {
  document: describeDocument('một', 'mot.pdf'),
  alsoSigned: [describeDocument('hai', 'hai.pdf')],
}

/** The claim that failed, or undefined where all hold. */
function failedClaim(
  header: string | object,
  payload = base64url(CONTENT),
  change: Partial<SignItem> = {},
): string | undefined {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  return failedInput(`${base64url(text)}.${payload}`, change)
}
function failedInput(input: string, change: Partial<SignItem> = {}): string | undefined {
  const item: SignItem = {
    id: '1',
    kind: 'jws-signing-input',
    algorithm: 'RS256',
    toBeSigned: encodeUtf8(input),
    document: describeDocument(CONTENT),
    ...change,
  }
  try {
    assertClaims([item], certificate, NOW)
    return undefined
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'BRIDGE_CLAIM_MISMATCH') throw error
    return String(error.details['claim'])
  }
}

describe('a signing input that says what the person is shown', () => {
  test.each<[string, object]>([
    ['with the certificate’s hash and a time', good],
    ['without a time, as plain JWS has it', { alg: 'RS256', ...thumbprint }],
    ['with the certificates themselves', { alg: 'RS256', ...chain }],
    ['with both', { alg: 'RS256', typ: 'jose', cty: 'json', ...chain, ...thumbprint }],
    [
      'with the older time',
      { alg: 'RS256', ...thumbprint, sigT: '2026-11-21T09:59:59Z', crit: ['sigT'] },
    ],
  ])('%s', (_, header) => {
    expect(failedClaim(header)).toBeUndefined()
  })

  test('whose payload is the document itself (RFC 7797), dots and all', () => {
    const content = 'một. hai.'
    const header = { ...good, b64: false, crit: ['b64'] }
    expect(failedClaim(header, content, { document: describeDocument(content) })).toBeUndefined()
    expect(failedClaim(header, content)).toBe('document-size')
  })

  test('of documents outside, by their digests', () => {
    expect(failedClaim(withSigD(), '', files)).toBeUndefined()
    expect(failedClaim(withSigD({ ctys: ['pdf', 'pdf'] }), '', files)).toBeUndefined()
  })
})

describe('what is refused of a signing input', () => {
  const text = JSON.stringify(good)
  test.each<[string, string, string | object]>([
    ['header', 'no JSON', 'x'],
    ['header', 'a list', '[]'],
    ['header', 'null', 'null'],
    ['header', 'a byte order mark', `\ufeff${text}`],
    ['header', 'space in between', JSON.stringify(good, undefined, 1)],
    ['header', 'space behind', `${text} `],
    ['header', 'a key twice, the good one last', text.replace('{', '{"alg":"none",')],
    ['header', 'a key twice, the good one first', text.replace('}', ',"alg":"RS256"}')],
    ['header', 'a key that is escaped', text.replace('"alg"', '"\\u0061lg"')],
    ['header', 'a number in another spelling', text.replace(/(\d+)}/, '$1.0}')],
    ['header', 'a prototype', text.replace('{', '{"__proto__":{"alg":"RS256"},')],
    ['header', 'endless depth', `{"alg":"RS256","typ":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['header', 'a login token', { ...good, typ: 'JWT' }],
    ['header', 'another key', { ...good, jwk: {} }],
    ['header', 'an address of a key', { ...good, jku: 'https://evil.test' }],
    ['header', 'an address of a certificate', { ...good, x5u: 'https://evil.test' }],
    ['header', 'a name of a key', { ...good, kid: 'a' }],
    ['header', 'a policy', { ...good, sigPId: {} }],
    ['header', 'a role', { ...good, srCms: [] }],
    ['header', 'b64: true', { ...good, b64: true, crit: ['b64'] }],
    ['header', 'a media type that is no text', { ...good, cty: ['json'] }],
    ['algorithm', 'none', { ...good, alg: 'none' }],
    ['algorithm', 'a MAC', { ...good, alg: 'HS256' }],
    ['algorithm', 'another algorithm', { ...good, alg: 'PS256' }],
    ['algorithm', 'no algorithm', thumbprint],
    ['signing-certificate', 'no certificate', { alg: 'RS256', iat: IAT }],
    [
      'signing-certificate',
      'another certificate',
      { ...good, 'x5t#S256': base64url(sha256(other)) },
    ],
    [
      'signing-certificate',
      'a hash with padding',
      { ...good, 'x5t#S256': `${thumbprint['x5t#S256']}=` },
    ],
    ['signing-certificate', 'the chain in another order', { ...good, x5c: chain.x5c.toReversed() }],
    ['signing-certificate', 'an empty chain', { ...good, x5c: [] }],
    ['signing-certificate', 'a chain of no base64', { ...good, x5c: [chain.x5c[0], '-'] }],
    ['signing-certificate', 'an endless chain', { ...good, x5c: Array(9).fill(chain.x5c[0]) }],
    [
      'signing-certificate',
      'certificate and hash that differ',
      {
        ...good,
        x5c: [chain.x5c[1]],
      },
    ],
    ['signing-time', 'a time two days ago', { ...good, iat: IAT - 2 * 86_400 }],
    ['signing-time', 'a time ahead', { ...good, iat: IAT + 2 * 86_400 }],
    ['signing-time', 'a time in text', { ...good, iat: String(IAT) }],
    ['signing-time', 'half a second', { ...good, iat: IAT + 0.5 }],
    ['signing-time', 'two times', { ...good, sigT: '2026-11-21T09:59:59Z' }],
    [
      'signing-time',
      'the older time with an offset',
      { alg: 'RS256', ...thumbprint, sigT: '2026-11-21T16:59:59+07:00' },
    ],
    ['critical', 'an unknown extension', { ...good, crit: ['exp'] }],
    ['critical', 'a name of RFC 7515', { ...good, crit: ['alg'] }],
    ['critical', 'what is not there', { ...good, crit: ['sigT'] }],
    ['critical', 'a name twice', { ...good, crit: ['iat', 'iat'] }],
    ['critical', 'nothing', { ...good, crit: [] }],
    ['critical', 'no list', { ...good, crit: 'iat' }],
    ['critical', 'b64 that is not listed', { ...good, b64: false }],
  ])('%s: %s', (claim, _, header) => {
    expect(failedClaim(header)).toBe(claim)
  })

  test.each<[string, string, string]>([
    ['critical', 'that is not listed', withSigD({}, { crit: undefined })],
    ['payload', 'whose digests are of base64url', withSigD({}, { b64: undefined, crit: ['sigD'] })],
    ['documents', 'whose documents are fetched', withSigD({ mId: `${detached.mId}`.slice(0, -4) })],
    ['documents', 'without names', withSigD({ pars: [] })],
    ['documents', 'with fewer names', withSigD({ pars: ['mot.pdf'] })],
    ['documents', 'with one name twice', withSigD({ pars: ['mot.pdf', 'mot.pdf'] })],
    ['documents', 'with fewer digests', withSigD({ hashV: detached.hashV.slice(1) })],
    ['documents', 'with a digest of no base64url', withSigD({ hashV: ['=', '='] })],
    ['documents', 'with fewer types', withSigD({ ctys: ['pdf'] })],
    ['documents', 'with more', withSigD({ spURI: 'https://evil.test' })],
    ['documents', 'that is a list', withSigD({}, { sigD: [] })],
    ['digest-algorithm', 'by another hash', withSigD({ hashM: 'S512' })],
    ['digest-algorithm', 'by an unknown hash', withSigD({ hashM: 'constructor' })],
    ['document-digest', 'in another order', withSigD({ hashV: detached.hashV.toReversed() })],
    ['document-name', 'of another name', withSigD({ pars: ['mot.pdf', 'ba.pdf'] })],
    ['document-name', 'with a query', withSigD({ pars: ['mot.pdf', 'x?hai.pdf'] })],
  ])('%s: sigD %s', (claim, _, header) => {
    expect(failedClaim(header, '', files)).toBe(claim)
  })

  test('a payload beside sigD, and documents that are not named', () => {
    expect(failedClaim(withSigD(), base64url('một'), files)).toBe('payload')
    expect(failedClaim(withSigD(), '', { document: files.document! })).toBe('documents')
    expect(failedClaim(good, undefined, { alsoSigned: files.alsoSigned! })).toBe('documents')
  })

  test('another document, of this size or of another', () => {
    expect(failedClaim(good, base64url(CONTENT.replace('12', '13')))).toBe('document-digest')
    expect(failedClaim(good, base64url(`${CONTENT} `))).toBe('document-size')
    const empty = { document: describeDocument('') }
    expect(failedClaim(good, '', empty)).toBe('document-size')
  })

  test('what has no header, or one that is not base64url', () => {
    const input = `${base64url(JSON.stringify(good))}.${base64url(CONTENT)}`
    expect(failedInput(input)).toBeUndefined()
    expect(failedInput(input.slice(input.indexOf('.')))).toBe('structure')
    expect(failedInput(input.replace('.', ''))).toBe('structure')
    expect(failedInput(input.replace('.', '=.'))).toBe('structure')
    expect(failedInput(input.replace('.', '\n.'))).toBe('structure')
    expect(failedInput(`${input}=`)).toBe('payload')
    expect(failedInput(`${input}.`)).toBe('payload')
  })

  test('any byte changed to any other, unless it says another time near by', () => {
    const header = JSON.stringify(good)
    const passed = new Set<number>()
    for (let offset = 0; offset < header.length; offset++) {
      for (let value = 1; value < 128; value++) {
        const damaged =
          header.slice(0, offset) + String.fromCharCode(value) + header.slice(offset + 1)
        if (damaged !== header && failedClaim(damaged) === undefined) passed.add(offset)
      }
    }
    const timeStart = header.indexOf(String(IAT))
    const places = [...passed].map((offset) => offset - timeStart).toSorted((a, b) => a - b)
    expect(Math.min(...places)).toBeGreaterThanOrEqual(5)
    expect(Math.max(...places)).toBeLessThan(10)
  })
})
