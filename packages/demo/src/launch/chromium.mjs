// Starts a Chromium of this machine, without ever downloading one.
import { existsSync } from 'node:fs'
import path from 'node:path'
import puppeteer from 'puppeteer'

// Debian's /usr/bin/chromium is a shell script around the first one.
const PLACES = [
  '/usr/lib/chromium/chromium',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Finds a browser: the one `TRIEN_CHROMIUM` names, a usual place, or a usual name on the PATH. */
export function findChromium() {
  const named = process.env.TRIEN_CHROMIUM
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const onPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  return [...(named ? [named] : []), ...PLACES, ...onPath].find((file) => existsSync(file))
}

/** Starts it without a window; `args` are added to its command line. */
export async function launchChromium(args = []) {
  const executablePath = findChromium()
  if (!executablePath) {
    throw new Error(
      'no Chromium found: install it (apt-get install chromium) or set TRIEN_CHROMIUM',
    )
  }
  // Chromium's own sandbox does not start for root, which is whom containers run as.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  // Without a locale Chromium cannot open a file whose name has Vietnamese letters.
  const env = { ...process.env, LC_ALL: 'C.UTF-8' }
  return puppeteer.launch({ executablePath, headless: true, env, args: [...root, ...args] })
}
