import { describe, expect, it } from 'vitest'
import { findSiteName, wordSite } from './site.ts'

describe('the name of a site', () => {
  it.each([
    ['https://example.vn', 'example.vn'],
    ['https://portal.example.vn', 'example.vn'],
    ['https://nopho.so.dichvucong.gov.vn', 'dichvucong.gov.vn'],
    ['https://www.vietcombank.com.vn', 'vietcombank.com.vn'],
    ['https://dichvucong.hanoi.gov.vn', 'hanoi.gov.vn'],
    ['https://nhom.hanoi.vn', 'nhom.hanoi.vn'],
    ['https://nhom.id.vn', 'nhom.id.vn'],
    ['https://www.example.co.uk:8443', 'example.co.uk:8443'],
    ['https://a.b.kobe.jp', 'a.b.kobe.jp'],
    ['https://www.city.kobe.jp', 'city.kobe.jp'],
    ['https://vietcombank.com.vn.evil.example', 'evil.example'],
    ['https://gov.vn.evil.com', 'evil.com'],
    ['https://a.dichvucong.github.io', 'dichvucong.github.io'],
    ['https://x.dichvucong.pages.dev', 'dichvucong.pages.dev'],
    ['https://com.evil', 'com.evil'],
  ])('%s is what was registered: %s', (origin, site) => {
    expect(findSiteName(origin)).toBe(site)
  })

  it.each([
    ['https://gov.vn', 'gov.vn'],
    ['https://com.vn:8443', 'com.vn:8443'],
    ['https://github.io', 'github.io'],
    ['https://portal', 'portal'],
    ['http://localhost:3000', 'localhost:3000'],
    ['https://10.0.0.1', '10.0.0.1'],
    ['https://10.0.0.1:8443', '10.0.0.1:8443'],
    ['http://127.0.0.1:3000', '127.0.0.1:3000'],
    ['http://[::1]:8080', '[::1]:8080'],
    ['https://[2001:db8::1]', '[2001:db8::1]'],
  ])('%s is the whole host: %s', (origin, site) => {
    expect(findSiteName(origin)).toBe(site)
  })

  it.each([
    ['https://portal.example.vn.', 'example.vn'],
    ['https://portal.example.gov.vn.:8443', 'example.gov.vn:8443'],
  ])('has no dot at its end: %s', (origin, site) => {
    expect(findSiteName(origin)).toBe(site)
  })
})

describe('a site in words', () => {
  it.each([
    ['https://portal.gov.test', 'gov.test'],
    ['https://www.xn--trin-nw5a.vn', 'xn--trin-nw5a.vn (triện.vn)'],
    ['https://xn--trin-nw5a.com.vn:8443', 'xn--trin-nw5a.com.vn:8443 (triện.com.vn)'],
    ['https://xn--80ak6aa92e.com', 'xn--80ak6aa92e.com (аррӏе.com)'],
    ['https://xn--trin-nw5a.evil.example', 'evil.example'],
    ['https://10.0.0.1', '10.0.0.1'],
    ['http://[::1]:8080', '[::1]:8080'],
    ['http://localhost:3000', 'localhost:3000'],
  ])('%s is %s', (origin, words) => {
    expect(wordSite(origin)).toBe(words)
  })

  it('does not grow without end', () => {
    const { origin } = new URL(`https://${'ệ'.repeat(30)}.vn`)
    expect(wordSite(origin)).toMatch(/^xn--[\da-z-]+\.vn \(ệ+\.vn\)$/)
  })
})
