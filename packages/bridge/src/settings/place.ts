/**
 * The machine that is looked at: its system, its environment, and where its tree of files begins.
 * @module
 */
import { homedir } from 'node:os'
import path from 'node:path'

/** Systems whose habits are known; any other is taken as Linux. */
export type System = 'linux' | 'darwin' | 'windows'

/** Where to look. */
export interface Place {
  readonly system: System
  /** As `process.arch`. */
  readonly arch: string
  /** The folder that stands for `/`; every absolute path below is looked for in it. */
  readonly root: string
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** This machine, or what differs from it. */
export function describePlace(other: Partial<Place> = {}): Place {
  const system = { win32: 'windows', darwin: 'darwin' }[process.platform as string] ?? 'linux'
  return {
    system: system as System,
    arch: process.arch,
    root: '/',
    home: homedir(),
    env: process.env,
    ...other,
  }
}

/** A path of the place as this process must name it. */
export function locate({ root, system }: Place, absolute: string): string {
  return root === '/' || system === 'windows' ? absolute : path.join(root, absolute)
}

/** Where the person's settings of all programs are (XDG Base Directory; `%APPDATA%`). */
export function findSettingsFolder({ system, env, home }: Place): string {
  if (system === 'windows') return env['APPDATA'] ?? path.win32.join(home, 'AppData', 'Roaming')
  const named = env['XDG_CONFIG_HOME']
  // "All paths set in these environment variables must be absolute"; others are to be ignored.
  return named !== undefined && path.isAbsolute(named) ? named : path.join(home, '.config')
}
