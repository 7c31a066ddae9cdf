/**
 * Modules that packages and administrators have registered with p11-kit (pkcs11.conf(5)).
 *
 * ```
 * ~/.config/pkcs11/modules/NAME.module     wins line by line over the next, unless pkcs11.conf says otherwise
 * /etc/pkcs11/modules/NAME.module
 * /usr/share/p11-kit/modules/NAME.module
 *     module: opensc-pkcs11.so              relative to p11-kit's own folder of modules
 *     enable-in: a, b    disable-in: c      names of programs; ours is trien-bridge
 *     x-init-reserved: configdir='…'        parameters, for modules that want some
 * ```
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { type Place, findSettingsFolder, locate } from '../../settings/place.ts'
import { listLibraryFolders } from './library-folders.ts'

/** Settings of one file, by name. */
export type P11KitSettings = ReadonlyMap<string, string>

/** A module as p11-kit's files name it. */
export interface P11KitModule {
  /** The file's name, without its ending. */
  readonly name: string
  /** Absolute paths in the place where it may be, the best first. */
  readonly candidates: readonly string[]
  readonly parameters: string | undefined
}

const OWN_NAME = 'trien-bridge'
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*\.module$/
const MAX_FILE_BYTES = 64 * 1024
/** Trust stores and p11-kit's own switchboard hold no keys. */
const WITHOUT_KEYS = /^(?:p11-kit-(?:trust|proxy|client)|libp11-kit|libnssckbi)\b/

/** Lists the modules that p11-kit would offer to this program. */
export function listP11KitModules(place: Place): readonly P11KitModule[] {
  if (place.system === 'windows') return []
  const files = new Map<string, P11KitSettings>()
  for (const folder of listModuleFolders(place)) {
    for (const file of listModuleFiles(folder)) {
      const settings = parseP11KitFile(readText(path.join(folder, file)))
      // Folders come from the weakest to the strongest.
      files.set(file, new Map([...(files.get(file) ?? []), ...settings]))
    }
  }
  return [...files]
    .filter(([, settings]) => isForUs(settings))
    .flatMap(([file, settings]) => describeModule(place, file, settings))
}

/** Reads `name: value` lines; comments and lines of another form are left out. */
export function parseP11KitFile(text: string): P11KitSettings {
  const settings = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon < 1 || line.trimStart().startsWith('#')) continue
    settings.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
  }
  return settings
}

function isForUs(settings: P11KitSettings): boolean {
  const enabled = settings.get('enable-in')
  if (enabled !== undefined) return listNames(enabled).includes(OWN_NAME)
  const isDisabled = listNames(settings.get('disable-in') ?? '').includes(OWN_NAME)
  return !isDisabled && settings.get('trust-policy') !== 'yes'
}

function describeModule(place: Place, file: string, settings: P11KitSettings): P11KitModule[] {
  const module = settings.get('module') ?? ''
  if (module === '' || settings.has('remote') || WITHOUT_KEYS.test(path.basename(module))) return []
  const candidates = path.isAbsolute(module)
    ? [module]
    : listLibraryFolders(place).flatMap((folder) =>
        folder.endsWith('/pkcs11') ? [`${folder}/${module}`] : [],
      )
  const parameters = settings.get('x-init-reserved')
  return [{ name: path.basename(file, '.module'), candidates, parameters }]
}

/** Weakest first; which of them count is said by `user-config` in pkcs11.conf. */
function listModuleFolders(place: Place): string[] {
  const system = ['/usr/share/p11-kit/modules', '/etc/pkcs11/modules']
  if (place.system === 'darwin') {
    system.unshift('/usr/local/share/p11-kit/modules', '/opt/homebrew/share/p11-kit/modules')
  }
  const ofSystem = system.map((folder) => locate(place, folder))
  const ofPerson = path.join(findSettingsFolder(place), 'pkcs11', 'modules')
  const rules = parseP11KitFile(readText(locate(place, '/etc/pkcs11/pkcs11.conf')))
  const userConfig = rules.get('user-config') ?? 'merge'
  if (userConfig === 'none') return ofSystem
  return userConfig === 'only' ? [ofPerson] : [...ofSystem, ofPerson]
}

function listModuleFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => FILE_NAME.test(name))
      .sort()
  } catch {
    return []
  }
}

/** What cannot be read says nothing; p11-kit, too, goes on without it. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, MAX_FILE_BYTES)
  } catch {
    return ''
  }
}

function listNames(list: string): string[] {
  return list.split(/[\s,]+/).filter((name) => name !== '')
}
