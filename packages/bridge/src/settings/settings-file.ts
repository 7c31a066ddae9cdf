/**
 * The two files in which the machine's owner configures the bridge: one for all users and one of the person.
 * @module
 */
import { type Stats, closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { CommandFailure } from '../failure.ts'
import { type Place, findSettingsFolder, locate } from './place.ts'

/** One file that is there. */
export interface SettingsFile {
  readonly file: string
  readonly text: string
  /** The administrator's, not the person's own. */
  readonly isForAll: boolean
}

const MAX_FILE_BYTES = 64 * 1024

/** The files that are read, that of all users first. They need not exist. */
export function listSettingsFiles(place: Place): readonly string[] {
  if (place.system === 'windows') {
    const common = place.env['ProgramData'] ?? 'C:\\ProgramData'
    return [common, findSettingsFolder(place)].map((folder) =>
      path.win32.join(folder, 'trien', 'bridge.json'),
    )
  }
  return [
    locate(place, '/etc/trien/bridge.json'),
    path.join(findSettingsFolder(place), 'trien', 'bridge.json'),
  ]
}

/**
 * Reads those that are there.
 * @throws {CommandFailure} naming the file and what is wrong with it: to go on without it could do what it forbids
 */
export function readSettingsFiles(place: Place): readonly SettingsFile[] {
  return listSettingsFiles(place).flatMap((file, index) => {
    const text = readOwnText(place, file)
    return text === undefined ? [] : [{ file, text, isForAll: index === 0 }]
  })
}

/** @returns undefined where there is no such file */
function readOwnText(place: Place, file: string): string | undefined {
  let handle: number
  try {
    handle = openSync(file, 'r')
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? ''))
      return undefined
    throw new CommandFailure(`${file}: cannot be read`, `chmod u+r ${file}`, { cause })
  }
  try {
    const stats = fstatSync(handle)
    if (!stats.isFile() || stats.size > MAX_FILE_BYTES) {
      throw new CommandFailure(`${file}: is no small file`, `ls -l ${file}`)
    }
    if (place.system !== 'windows') {
      assertOwn(stats, file)
      assertOwn(statSync(path.dirname(file)), path.dirname(file))
    }
    return readFileSync(handle, 'utf8')
  } finally {
    closeSync(handle)
  }
}

/** Who may write here chooses what code runs beside the PIN. */
function assertOwn({ uid, mode }: Stats, file: string): void {
  const self = process.getuid?.() ?? 0
  if (uid !== self && uid !== 0) {
    throw new CommandFailure(`${file}: belongs to another user`, `chown "$USER" ${file}`)
  }
  if ((mode & 0o022) !== 0) {
    throw new CommandFailure(`${file}: others may write to it`, `chmod go-w ${file}`)
  }
}
