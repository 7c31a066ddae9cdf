/**
 * Which files of a container an archive manifest is over: they must stay as they are.
 * @module
 */
import { type ZipArchive, readEntry } from '../zip/archive.ts'
import { listArchiveManifests } from './container.ts'
import { encodePath } from './manifest.ts'

const MAX_MANIFEST_BYTES = 64 << 20

/**
 * Reads the archive manifests.
 * @returns tells whether one of them is over the file of a name
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED for a manifest beyond 64 MiB
 * @see EN 319 162-1 §A.7
 */
export async function findArchived(archive: ZipArchive): Promise<(name: string) => boolean> {
  const manifests: string[] = []
  for (const entry of listArchiveManifests(archive)) {
    const bytes = await readEntry(archive, entry, MAX_MANIFEST_BYTES)
    manifests.push(new TextDecoder().decode(bytes))
  }
  // Whatever else it may say, a manifest that names a file has its name between quotes.
  return (name) => {
    const path = encodePath(name)
    return manifests.some((text) => text.includes(`"${path}"`) || text.includes(`'${path}'`))
  }
}
