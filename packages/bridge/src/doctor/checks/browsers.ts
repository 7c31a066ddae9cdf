/**
 * Browsers of this computer, their versions, and what each asks of the person.
 * @module
 */
import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { type Place, locate } from '../../settings/place.ts'
import { type KnownBrowser, KNOWN_BROWSERS } from '../browser-list.ts'
import { type Finding, type InBoth, say } from '../finding.ts'
import type { Machine } from '../machine.ts'

/** The release that puts WebSocket behind the permission for apps on this device (Local Network Access). */
const FIRST_ASKING = 147
const LINUX_FOLDERS = ['/usr/bin', '/usr/local/bin', '/opt/google/chrome', '/usr/lib/chromium']

interface FoundBrowser {
  readonly browser: KnownBrowser
  readonly program: string
  readonly packaging: 'snap' | 'flatpak' | undefined
}

export async function checkBrowsers(machine: Machine): Promise<Finding[]> {
  const found = KNOWN_BROWSERS.flatMap((browser) => findBrowser(machine, browser))
  if (found.length === 0) return [noBrowser()]
  return Promise.all(found.map(async (one) => describe(one, await readVersion(machine, one))))
}

function findBrowser({ place, platform }: Machine, browser: KnownBrowser): FoundBrowser[] {
  if (platform === 'win32') return first(browser, listWindows(place, browser))
  if (platform === 'darwin') {
    const folders = ['/Applications', path.join(place.home, 'Applications')]
    return first(
      browser,
      browser.darwin.flatMap((name) => folders.map((folder) => `${folder}/${name}.app`)),
    )
  }
  const native = browser.linux.flatMap((name) =>
    LINUX_FOLDERS.map((folder) => locate(place, `${folder}/${name}`)),
  )
  const snaps = browser.packaged.map((name) => locate(place, `/snap/bin/${name}`))
  const flatpaks = browser.packaged.flatMap((name) => [
    locate(place, `/var/lib/flatpak/exports/bin/${name}`),
    path.join(place.home, '.local/share/flatpak/exports/bin', name),
  ])
  return [
    ...first(browser, native),
    ...first(browser, snaps, 'snap'),
    ...first(browser, flatpaks, 'flatpak'),
  ]
}

function listWindows({ env }: Place, { windows }: KnownBrowser): string[] {
  const folders = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) =>
    env[name] === undefined ? [] : [env[name]],
  )
  return windows.flatMap((file) => folders.map((folder) => path.win32.join(folder, file)))
}

function first(
  browser: KnownBrowser,
  candidates: readonly string[],
  packaging?: FoundBrowser['packaging'],
): FoundBrowser[] {
  const program = candidates.find((file) => existsSync(file))
  if (program === undefined) return []
  // Ubuntu's /usr/bin/firefox is a door to the snap.
  const isSnap = realOf(program).includes('/snap')
  return [{ browser, program, packaging: isSnap ? 'snap' : packaging }]
}

function realOf(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}

/** @returns `156.0.1`, or undefined where the browser does not tell without being started */
async function readVersion(
  { platform, run }: Machine,
  { program }: FoundBrowser,
): Promise<string | undefined> {
  if (platform === 'win32') return undefined
  const told =
    platform === 'darwin'
      ? await run('defaults', 'read', `${program}/Contents/Info`, 'CFBundleShortVersionString')
      : await run(program, '--version')
  return /\d+(?:\.\d+)+/.exec(told ?? '')?.[0]
}

function noBrowser(): Finding {
  return {
    id: 'browsers.list',
    state: 'unknown',
    text: say(
      'Không thấy trình duyệt nào mà Trien biết.',
      'No browser that Trien knows was found.',
    ),
  }
}

function describe({ browser, packaging }: FoundBrowser, version: string | undefined): Finding {
  const name = [browser.name, version, packaging && `(${packaging})`].filter(Boolean).join(' ')
  const note = findNote(browser, version)
  return {
    id: `browsers.${[browser.name.toLowerCase().replaceAll('ố', 'o').replace(' ', ''), packaging].filter(Boolean).join('.')}`,
    state: 'good',
    text: say(`${name}${note.vi}.`, `${name}${note.en}.`),
  }
}

function findNote({ kind, name }: KnownBrowser, version: string | undefined): InBoth {
  if (kind === 'firefox' || Number.parseInt(version ?? '', 10) < FIRST_ASKING) return say('', '')
  const shields = name === 'Brave'
  return say(
    `: mỗi cổng phải được cho phép “truy cập ứng dụng trên thiết bị này” một lần${shields ? ', kể cả trong Shields' : ''}`,
    `: each site needs the permission “access other apps on this device” once${shields ? ', in Shields too' : ''}`,
  )
}
