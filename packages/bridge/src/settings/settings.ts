/**
 * What the machine's owner configures: JSON of known keys, each a list; both files count, that of all users first.
 *
 * ```json
 * {
 *   "modules": [
 *     "/opt/vendor/libtoken.so",
 *     { "path": "/usr/lib/libsoftokn3.so", "parameters": "configdir='sql:/home/an/.pki/nssdb'" }
 *   ],
 *   "ignoreModules": ["/usr/lib/libold.so"],
 *   "timestampServers": [{ "name": "bộ", "url": "http://tsa.noi-bo.gov.vn:8080/" }],
 *   "internalHosts": ["ocsp.noi-bo.gov.vn:80"]
 * }
 * ```
 * @module
 */
import { CommandFailure } from '../failure.ts'
import { type EntryReader, absolutePath, namedModule, origin } from './entry.ts'
import type { Place } from './place.ts'
import { internalHost, timestampServer } from './servers.ts'
import { readSettingsFiles } from './settings-file.ts'

/** Every key and what its list holds. A new setting is one line here. */
const KEYS = {
  /** PKCS#11 modules to try beside those that are found. */
  modules: namedModule,
  /** PKCS#11 modules never to load. */
  ignoreModules: absolutePath,
  /** Sites that may have bare digests signed. In the file for all users alone. */
  digestOrigins: origin,
  /** Where time stamps are made, the preferred first; internal servers are meant as they stand. */
  timestampServers: timestampServer,
  /** Where certificates may send the relay besides the open Internet. */
  internalHosts: internalHost,
} as const satisfies Readonly<Record<string, EntryReader<unknown>>>

type Key = keyof typeof KEYS
type EntryOf<K extends Key> = (typeof KEYS)[K] extends EntryReader<infer T> ? T : never

/** All settings; a list that no file has is empty. */
export type Settings = { readonly [K in Key]: readonly EntryOf<K>[] }

/** What the person's own file may not say: any program of theirs could write it there. */
const FOR_ALL: readonly Key[] = ['digestOrigins']

const NAMES = Object.keys(KEYS) as readonly Key[]
const MAX_ENTRIES = 64
const EXAMPLE =
  'write it like this: { "modules": ["/opt/vendor/libtoken.so"], "ignoreModules": [] }'

/**
 * Reads both files as one.
 * @throws {CommandFailure} naming the file and what is wrong with it
 */
export function readSettings(place: Place): Settings {
  const all = readSettingsFiles(place).map(({ file, text, isForAll }) => {
    const settings = parseSettings(text, file)
    if (!isForAll) assertOwn(settings, file)
    return settings
  })
  return gather((key) => all.flatMap((settings): readonly unknown[] => settings[key]))
}

function assertOwn(settings: Settings, file: string): void {
  const key = FOR_ALL.find((name) => settings[name].length > 0)
  if (key === undefined) return
  throw new CommandFailure(
    `${file}: "${key}" is for the administrator to say`,
    `move it to the file for all users: /etc/trien/bridge.json, on Windows %ProgramData%\\trien\\bridge.json`,
  )
}

/**
 * @param file its name, for the error
 * @throws {CommandFailure}
 */
export function parseSettings(text: string, file: string): Settings {
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
  const unknown = Object.keys(value).find((key) => !NAMES.some((known) => known === key))
  if (unknown !== undefined) fail(`does not know "${unknown}"; it knows ${NAMES.join(', ')}`)
  return gather((key) => {
    const list: unknown = Object.hasOwn(value, key) ? value[key as keyof typeof value] : []
    if (!Array.isArray(list)) return fail(`"${key}" is no list`)
    if (list.length > MAX_ENTRIES) return fail(`"${key}" has more than ${MAX_ENTRIES} entries`)
    const { read, expected }: EntryReader<unknown> = KEYS[key]
    return list.map(
      (entry: unknown) =>
        read(entry) ?? fail(`"${key}" holds ${JSON.stringify(entry)}, which is no ${expected}`),
    )
  })
}

function gather(listOf: (key: Key) => readonly unknown[]): Settings {
  return Object.fromEntries(NAMES.map((key) => [key, listOf(key)])) as unknown as Settings
}
