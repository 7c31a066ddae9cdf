/**
 * The folder where a bridge keeps what must outlive it: one for each person, closed to all others.
 * @module
 */
import { lstatSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'

/** What decides where the folder lies; tests give their own. */
export interface StatePlace {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly home: string
}

/** The folder cannot be had, or others could reach into it: in lower case, and the one thing to do. */
export class StateFolderError extends Error {
  override readonly name = 'StateFolderError'
  readonly hint: string

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}

/**
 * Finds where the folder lies; makes nothing. `$XDG_STATE_HOME/trien` or `~/.local/state/trien` (XDG Base Directory
 * Specification 0.8, which has a relative path ignored), `~/Library/Application Support/Trien`, `%LOCALAPPDATA%\Trien`.
 */
export function findStateFolder(
  { env, platform, home }: StatePlace = {
    env: process.env,
    platform: process.platform,
    home: homedir(),
  },
): string {
  const { join, isAbsolute } = platform === 'win32' ? path.win32 : path.posix
  const own = (value: string | undefined, fallback: string): string =>
    value !== undefined && isAbsolute(value) ? value : fallback
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Trien')
  if (platform === 'win32') {
    return join(own(env['LOCALAPPDATA'], join(home, 'AppData', 'Local')), 'Trien')
  }
  return join(own(env['XDG_STATE_HOME'], join(home, '.local', 'state')), 'trien')
}

/**
 * Makes the folder where it is missing (mode 0700) and makes sure that nobody else has a way into it.
 * @returns the folder
 * @throws {StateFolderError}
 */
export function openStateFolder(folder: string = findStateFolder()): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    assertPrivate(folder, 'directory')
  } catch (cause) {
    if (cause instanceof StateFolderError) throw cause
    throw new StateFolderError(`cannot make the folder ${folder}`, `mkdir -p -m 700 ${folder}`, {
      cause,
    })
  }
  return folder
}

/**
 * Makes sure that a file or folder is what it should be, no link to one, and nobody else's to read or write. Windows
 * has no such modes: there the profile's own access list, which the folder inherits, says the same.
 * @throws {StateFolderError}; what `lstat` throws
 */
export function assertPrivate(place: string, kind: 'file' | 'directory'): void {
  const found = lstatSync(place)
  if (kind === 'file' ? !found.isFile() : !found.isDirectory()) {
    throw new StateFolderError(`${place} is no ${kind}`, `mv ${place} ${place}.old`)
  }
  const uid = process.getuid?.()
  if (uid === undefined) return
  if (found.uid !== uid) {
    throw new StateFolderError(`${place} belongs to somebody else`, `chown ${uid} ${place}`)
  }
  if ((found.mode & 0o077) === 0) return
  const mode = kind === 'file' ? '600' : '700'
  throw new StateFolderError(`others may reach ${place}`, `chmod ${mode} ${place}`)
}
