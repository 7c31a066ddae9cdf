/**
 * What the machine's owner says about modules: one small JSON file for all users and one of the person.
 *
 * ```json
 * { "modules": ["/opt/vendor/libtoken.so"], "ignoreModules": ["/usr/lib/libold.so"] }
 * ```
 * @module
 */
import { type Stats, closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { CommandFailure } from '../../failure.ts'
import { type Place, findSettingsFolder, locate } from './place.ts'

/** Absolute paths. */
export interface ModuleSettings {
  readonly modules: readonly string[]
  readonly ignoreModules: readonly string[]
}

const KEYS: readonly (keyof ModuleSettings)[] = ['modules', 'ignoreModules']
const MAX_FILE_BYTES = 64 * 1024
const MAX_PATHS = 64
const EXAMPLE =
  'write it like this: { "modules": ["/opt/vendor/libtoken.so"], "ignoreModules": [] }'

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
 * Reads both files as one.
 * @throws {CommandFailure} naming the file and what is wrong with it: to go on without it could load what was ignored
 */
export function readModuleSettings(place: Place): ModuleSettings {
  const all = listSettingsFiles(place).flatMap((file) => {
    const text = readOwnText(place, file)
    return text === undefined ? [] : [parseModuleSettings(text, file)]
  })
  return {
    modules: all.flatMap(({ modules }) => modules),
    ignoreModules: all.flatMap(({ ignoreModules }) => ignoreModules),
  }
}

/**
 * @param file its name, for the error
 * @throws {CommandFailure}
 */
export function parseModuleSettings(text: string, file: string): ModuleSettings {
  const fail = (what: string, cause?: unknown): never => {
    throw new CommandFailure(`${file}: ${what}`, EXAMPLE, { cause })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    fail('is no JSON', cause)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail('is no JSON object')
  }
  const unknown = Object.keys(value).find((key) => !KEYS.some((known) => known === key))
  if (unknown !== undefined) fail(`does not know "${unknown}"; it knows ${KEYS.join(' and ')}`)
  const read = (key: keyof ModuleSettings): string[] => {
    const paths: unknown = Object.hasOwn(value, key) ? value[key as keyof typeof value] : []
    if (!Array.isArray(paths)) return fail(`"${key}" is no list`)
    if (paths.length > MAX_PATHS) return fail(`"${key}" has more than ${MAX_PATHS} entries`)
    return paths.map((entry: unknown) =>
      typeof entry === 'string' && isAbsolute(entry)
        ? entry
        : fail(`"${key}" holds ${JSON.stringify(entry)}, which is no absolute path`),
    )
  }
  return { modules: read('modules'), ignoreModules: read('ignoreModules') }
}

const isAbsolute = (file: string): boolean =>
  !file.includes('\0') && (path.posix.isAbsolute(file) || /^[A-Za-z]:\\/.test(file))

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
      throw new CommandFailure(`${file}: is no small file`, EXAMPLE)
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
