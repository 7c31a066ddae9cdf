/**
 * Firefox of the end-to-end tests.
 * @module
 */
import { existsSync, mkdirSync } from 'node:fs'
import { type Browser, launch } from 'puppeteer'
import { HOST } from './portal.ts'

const PROGRAMS = [
  '/usr/lib/firefox-esr/firefox-esr',
  '/usr/lib/firefox/firefox',
  '/usr/lib64/firefox/firefox',
]

/** Path of the program itself. */
export function findFirefox(): string | undefined {
  return PROGRAMS.find((program) => existsSync(program))
}

/**
 * Tells whether there is a Firefox to test with; prints what is missing.
 * @throws where there is none and CI=true
 */
export function hasFirefox(): boolean {
  if (findFirefox() !== undefined) return true
  const notice = 'no Firefox; node .ci/prepare.mjs test installs what tests need'
  if (process.env['CI'] === 'true') throw new Error(notice)
  console.warn(`skipped: ${notice}`)
  return false
}

/**
 * Starts it without a face, for a person with a home of their own; it believes what the profile's database and the
 * machine's policies say, and knows the portal by name.
 * @param profile made where it is not there
 * @param program what is run in its place
 */
export function launchFirefox(
  home: string,
  profile: string,
  program = findFirefox(),
): Promise<Browser> {
  if (program === undefined) throw new Error('no Firefox')
  mkdirSync(profile, { recursive: true })
  return launch({
    browser: 'firefox',
    executablePath: program,
    userDataDir: profile,
    env: { ...process.env, HOME: home },
    extraPrefsFirefox: {
      'network.dns.localDomains': HOST,
      'network.proxy.type': 0,
    },
  })
}
