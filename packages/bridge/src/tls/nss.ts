/**
 * Certificate databases of NSS: the one of the person, which Chromium and its kin read on Linux, and one in each
 * profile of Firefox. Changed by `certutil` (libnss3-tools).
 * @module
 */
import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { AUTHORITY_NAME, nameOf } from './identity.ts'
import { ToolError, runTool } from './tool.ts'
import type { TrustStore } from './trust-store.ts'

/** Folders that only an administrator writes to, never PATH. */
const CERTUTIL = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/run/current-system/sw/bin']
/** Trusted to name servers, not people or programs. */
const SERVERS_ONLY = 'C,,'

const PERSONAL = '.pki/nssdb'
/** Browsers that are packed with a home of their own; where it exists, they were started there once. */
const PACKED_CHROMIUM: readonly (readonly [home: string, browser: string])[] = [
  ['snap/chromium/current', 'Chromium (snap)'],
  ['.var/app/org.chromium.Chromium', 'Chromium (flatpak)'],
  ['.var/app/com.google.Chrome', 'Chrome (flatpak)'],
  ['.var/app/com.microsoft.Edge', 'Edge (flatpak)'],
  ['.var/app/com.brave.Browser', 'Brave (flatpak)'],
]
const FIREFOX_PROFILES = [
  '.mozilla/firefox',
  '.config/mozilla/firefox',
  'snap/firefox/common/.mozilla/firefox',
  '.var/app/org.mozilla.firefox/.mozilla/firefox',
  '.var/app/org.mozilla.firefox/config/mozilla/firefox',
  'Library/Application Support/Firefox/Profiles',
]
const MAX_PROFILES = 50

/** @returns the path of `certutil`, or undefined where it is not installed */
export function findCertutil(): string | undefined {
  return CERTUTIL.map((folder) => path.join(folder, 'certutil')).find(isExecutable)
}

/** Finds the databases of a person. The personal one counts though it may not be there yet. */
export function findNssStores(
  certutil: string,
  home: string,
  platform: NodeJS.Platform = process.platform,
): TrustStore[] {
  const chromium: [string, string][] = [
    [path.join(home, PERSONAL), 'Chromium, Chrome, Edge'],
    ...PACKED_CHROMIUM.filter(([folder]) => existsSync(path.join(home, folder))).map(
      ([folder, readers]): [string, string] => [path.join(home, folder, PERSONAL), readers],
    ),
  ]
  const firefox = FIREFOX_PROFILES.flatMap((folder) => findProfiles(path.join(home, folder)))
  return [
    ...(platform === 'linux' ? chromium : []),
    ...firefox.map((folder): [string, string] => [folder, 'Firefox']),
  ].map(([folder, readers]) => createNssStore(certutil, folder, readers))
}

function findProfiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .map((name) => path.join(folder, name))
      .filter((profile) => existsSync(path.join(profile, 'cert9.db')))
      .slice(0, MAX_PROFILES)
  } catch {
    return []
  }
}

function createNssStore(certutil: string, folder: string, readers: string): TrustStore {
  const database = ['-d', `sql:${folder}`]
  const change = async (...args: readonly string[]): Promise<void> => {
    try {
      await runTool(certutil, [...args, ...database])
    } catch (cause) {
      // It would have asked; and Firefox calls it the primary password.
      const asks = cause instanceof ToolError && /terminal|password/i.test(cause.message)
      throw asks ? new ToolError('has a password of its own', { cause }) : cause
    }
  }
  const exists = (): boolean => existsSync(path.join(folder, 'cert9.db'))
  return {
    place: folder,
    readers,
    isSilent: true,
    async list() {
      return exists() ? findOwnNames(await runTool(certutil, ['-L', ...database])) : []
    },
    async add(authority, file) {
      if (!exists()) {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        await change('-N', '--empty-password')
      }
      const name = nameOf(authority)
      try {
        await change('-A', '-t', SERVERS_ONLY, '-n', name, '-a', '-i', file)
      } catch (error) {
        // A database with a password takes the certificate and refuses the trust.
        await change('-D', '-n', name).catch(() => {})
        throw error
      }
    },
    async remove(name) {
      await change('-D', '-n', name)
    },
  }
}

/** Reads `certutil -L`: a nickname, spaces, three groups of flags. One whose trust was taken away is not ours any more. */
function findOwnNames(listing: string): string[] {
  const row = new RegExp(`^(${AUTHORITY_NAME} [0-9a-f]{8})\\s+C[^,]*,`)
  return listing.split('\n').flatMap((line) => row.exec(line)?.[1] ?? [])
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
