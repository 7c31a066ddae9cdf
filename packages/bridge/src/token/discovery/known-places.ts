/**
 * Where the modules of the data table would be in a place.
 * @module
 */
import path from 'node:path'
import { KNOWN_MODULES, type KnownModule } from './known-modules.ts'
import type { Place } from '../../settings/place.ts'
import { listLibraryFolders } from './library-folders.ts'

/** One file that a vendor installs. */
export interface KnownPlace {
  readonly vendor: string
  readonly isGeneric: boolean
  /** Absolute paths where it may be, the best first. */
  readonly candidates: readonly string[]
}

/** Lists the files of the table for the place's system. */
export function listKnownPlaces(
  place: Place,
  table: readonly KnownModule[] = KNOWN_MODULES,
): readonly KnownPlace[] {
  return table.flatMap(({ vendor, isGeneric = false, ...names }) =>
    (names[place.system] ?? []).flatMap((name) => {
      const candidates = expand(place, name)
      return candidates.length === 0 ? [] : [{ vendor, isGeneric, candidates }]
    }),
  )
}

/** The vendor who installs a file of this name. */
export function findVendor(file: string): Pick<KnownPlace, 'vendor' | 'isGeneric'> | undefined {
  const name = baseName(file).toLowerCase()
  const found = KNOWN_MODULES.find(({ windows = [], darwin = [], linux = [] }) =>
    [...windows, ...darwin, ...linux].some((known) => baseName(known).toLowerCase() === name),
  )
  return found && { vendor: found.vendor, isGeneric: found.isGeneric === true }
}

/** Of either system's paths: `path.win32` knows both strokes. */
const baseName = (file: string): string => path.win32.basename(file)

function expand(place: Place, name: string): string[] {
  const join = place.system === 'windows' ? path.win32.join : path.posix.join
  if (name.startsWith('/')) return [name]
  if (!name.startsWith('%')) return listLibraryFolders(place).map((folder) => join(folder, name))
  const [, variable = '', rest = ''] = name.split('%')
  const folder = place.env[variable]
  return folder === undefined ? [] : [join(folder, rest)]
}
