/**
 * The real browser of the end-to-end tests.
 * @module
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, launch } from 'puppeteer'

/** The wrapper scripts named `chromium` add arguments of their own; these are the programs themselves. */
const PROGRAMS = [
  '/usr/lib/chromium/chromium',
  '/usr/lib/chromium-browser/chromium-browser',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Path of a Chromium or Chrome of this machine; `TRIEN_CHROMIUM` names another. */
export function findChromium(): string | undefined {
  return [process.env['TRIEN_CHROMIUM'] ?? '', ...PROGRAMS].find((program) => existsSync(program))
}

/** Where it looks for policies of the machine. */
export function findPolicyFolder(): string {
  const root = findChromium()?.startsWith('/opt/google') ? '/etc/opt/chrome' : '/etc/chromium'
  return `${root}/policies/managed`
}

/**
 * Tells whether there is a browser to test with; prints what is missing.
 * @throws where there is none and CI=true
 */
export function hasChromium(): boolean {
  if (findChromium() !== undefined) return true
  const notice = 'no Chromium; node .ci/prepare.mjs test installs what tests need'
  if (process.env['CI'] === 'true') throw new Error(notice)
  console.warn(`skipped: ${notice}`)
  return false
}

/** For whom it is started. */
interface Person {
  /** Where it keeps its face, for what Chromium shows only there; default none. */
  readonly display?: string
  /** What is run in its place. */
  readonly program?: string
  /** A home of their own: then only certificates are believed that somebody told it to believe. */
  readonly home?: string
}

/** Starts it without a face. */
export function launchChromium(...args: readonly string[]): Promise<Browser> {
  return launchChromiumAs({}, ...args)
}

/** Starts it on a display. */
export function launchChromiumOn(display: string, ...args: readonly string[]): Promise<Browser> {
  return launchChromiumAs({ display }, ...args)
}

/**
 * Starts it for a person who has allowed an origin to reach programs of this machine. What is granted to a browser from
 * outside (`setPermission`) goes past iframes and policies; this does not.
 */
export async function launchChromiumAllowing(
  origin: string,
  ...args: readonly string[]
): Promise<Browser> {
  const profile = mkdtempSync(path.join(tmpdir(), 'trien-chromium-'))
  const grant = { [`${origin},*`]: { setting: 1 } }
  const exceptions = { loopback_network: grant }
  const preferences = { profile: { content_settings: { exceptions } } }
  mkdirSync(path.join(profile, 'Default'))
  writeFileSync(path.join(profile, 'Default/Preferences'), JSON.stringify(preferences))
  const browser = await launchChromium(...args, `--user-data-dir=${profile}`)
  browser.process()?.once('exit', () => {
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 })
  })
  return browser
}

/** Starts it for a person, without a word to the network. */
export function launchChromiumAs(
  { display, program = findChromium(), home }: Person,
  ...args: readonly string[]
): Promise<Browser> {
  if (program === undefined) throw new Error('no Chromium')
  return launch({
    executablePath: program,
    acceptInsecureCerts: home === undefined,
    headless: display === undefined,
    // Without a locale Chromium cannot open a file whose name has Vietnamese letters.
    env: { ...process.env, DISPLAY: display, LC_ALL: 'C.UTF-8', ...(home && { HOME: home }) },
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-sync',
      '--no-first-run',
      '--no-proxy-server',
      ...args,
    ],
  })
}
