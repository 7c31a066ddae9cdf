import { describe, expect, it } from 'vitest'
import { parsePolicyArguments } from '../config/policy.ts'
import { writePolicy } from './write.ts'

const write = (...args: string[]): string => writePolicy(parsePolicyArguments(args))
const SITE = ['--origin', 'https://portal.gov.test/sign?x']

describe('a policy', () => {
  it('for Chrome names origins and opens nothing but this computer', () => {
    const more = ['--origin', 'https://b.test:8443', '--origin', 'https://portal.gov.test']
    expect(JSON.parse(write(...SITE, ...more, '--format', 'json'))).toEqual({
      LoopbackNetworkAllowedForUrls: ['https://portal.gov.test', 'https://b.test:8443'],
    })
  })

  it('for Firefox names hosts', () => {
    expect(JSON.parse(write(...SITE, '--browser', 'firefox', '--format', 'json'))).toEqual({
      policies: { LocalNetworkAccess: { SkipDomains: ['portal.gov.test'] } },
    })
  })

  it('for Windows is a file that reg.exe imports', () => {
    expect(write(...SITE, '--browser', 'edge', '--format', 'reg')).toBe(
      [
        'Windows Registry Editor Version 5.00',
        '',
        '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Edge\\LoopbackNetworkAllowedForUrls]',
        '"1"="https://portal.gov.test"',
        '',
        '',
      ].join('\r\n'),
    )
  })

  it('for macOS is a property list', () => {
    const plist = write(...SITE, '--browser', 'firefox', '--format', 'plist')
    expect(plist).toMatch(/<key>SkipDomains<\/key>\s*<array>\s*<string>portal\.gov\.test<\/string>/)
  })

  it.each([
    [[]],
    [['--origin', 'http://portal.gov.test']],
    [['--origin', '*']],
    [['--origin', 'portal.gov.test']],
    [[...SITE, '--browser', 'safari']],
    [[...SITE, '--format', 'ini']],
  ])('is not written for %j', (args) => {
    expect(() => parsePolicyArguments(args)).toThrow()
  })
})
