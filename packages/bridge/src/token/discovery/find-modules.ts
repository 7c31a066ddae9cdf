/**
 * Which PKCS#11 modules this machine has, without anybody telling the bridge: what its owner wrote down, what p11-kit
 * knows, what vendors are known to install. Each real file once. Nothing is loaded or judged here.
 * @module
 */
import { lstatSync, realpathSync } from 'node:fs'
import { findVendor, listKnownPlaces } from './known-places.ts'
import { listP11KitModules } from './p11-kit.ts'
import { type Place, describePlace, locate } from '../../settings/place.ts'
import { readSettings } from '../../settings/settings.ts'

/** Who named a module. */
export type ModuleOrigin = 'command line' | 'settings' | 'p11-kit' | 'known'

/** A module that is to be tried. */
export interface FoundModule {
  /** As it was named: some modules look for their own parts beside the name that they were loaded by. */
  readonly modulePath: string
  /** The file behind it, or the same path where it leads to none. */
  readonly realPath: string
  /** What its owner has it started with. */
  readonly parameters: string | undefined
  readonly origin: ModuleOrigin
  /** Where the table of known modules has its file name. */
  readonly vendor: string | undefined
  /** Drives cards of many makes. */
  readonly isGeneric: boolean
}

/**
 * Finds the modules of a place, the owner's own first.
 * @throws {CommandFailure} where a settings file is wrong
 */
export function findModules(other: Partial<Place> = {}): readonly FoundModule[] {
  const place = describePlace(other)
  const settings = readSettings(place)
  const found = [
    ...settings.modules.map(({ path, parameters }) =>
      describeModule(locate(place, path), 'settings', parameters),
    ),
    ...listP11KitModules(place).flatMap(({ candidates, parameters }) => {
      const present = findPresent(place, candidates) ?? candidates[0]
      if (present === undefined) return []
      return [describeModule(locate(place, present), 'p11-kit', parameters)]
    }),
    ...listKnownPlaces(place).flatMap(({ candidates }) => {
      const present = findPresent(place, candidates)
      return present === undefined ? [] : [describeModule(locate(place, present), 'known')]
    }),
  ]
  const ignored = new Set(settings.ignoreModules.map((file) => findRealPath(locate(place, file))))
  return dropRepeated(found).filter(({ realPath }) => !ignored.has(realPath))
}

/**
 * Describes the modules that the command line names, by absolute paths, with the parameters that the settings have for
 * them.
 * @throws {CommandFailure} where a settings file is wrong
 */
export function describeNamedModules(
  files: readonly string[],
  other: Partial<Place> = {},
): readonly FoundModule[] {
  const place = describePlace(other)
  const settings = readSettings(place).modules.map((named) => ({
    realPath: findRealPath(locate(place, named.path)),
    parameters: named.parameters,
  }))
  const named = files.flatMap((file) => {
    const plain = describeModule(file, 'command line')
    const known = settings.filter(({ realPath }) => realPath === plain.realPath)
    return known.length === 0 ? [plain] : known.map(({ parameters }) => ({ ...plain, parameters }))
  })
  return dropRepeated(named)
}

function describeModule(
  modulePath: string,
  origin: ModuleOrigin,
  parameters?: string,
): FoundModule {
  const realPath = findRealPath(modulePath)
  // Packages often install under a version and link the plain name to it.
  const known = findVendor(modulePath) ?? findVendor(realPath)
  const isGeneric = known?.isGeneric === true
  return { modulePath, realPath, parameters, origin, vendor: known?.vendor, isGeneric }
}

/** The first to name a file has named it; with other parameters it is another module (NSS: one for each database). */
function dropRepeated(modules: readonly FoundModule[]): FoundModule[] {
  const known = new Set<string>()
  return modules.filter(({ realPath, parameters = '' }) => {
    const names = [realPath, `${realPath}\0${parameters}`] as const
    const isNew = !known.has(names[parameters === '' ? 0 : 1])
    names.forEach((name) => known.add(name))
    return isNew
  })
}

/** The first that is there, if only as a link that leads nowhere: that is worth a word to the person. */
function findPresent(place: Place, candidates: readonly string[]): string | undefined {
  return candidates.find((file) => {
    try {
      lstatSync(locate(place, file))
      return true
    } catch {
      return false
    }
  })
}

function findRealPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}
