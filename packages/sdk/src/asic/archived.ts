/**
 * Which files of a container a time stamp of an archive is over: they must stay as they are.
 *
 * ```
 * META-INF/ASiCArchiveManifest*.xml           CAdES: what comes later proves its stamp, and stamps it    EN 319 162-1 §A.7
 * META-INF/ASiCEvidenceRecordManifest*.xml    CAdES and XAdES: an archive renews its record itself       §A.8
 * ```
 * @module
 */
import { FormatError } from '../errors.ts'
import { type ZipArchive, type ZipEntry, readEntry } from '../zip/archive.ts'
import { listArchiveManifests, listRecordManifests } from './container.ts'
import { encodePath } from './manifest.ts'

/** Of all of them together. */
const MAX_MANIFESTS_BYTES = 64 << 20

/**
 * Reads the archive manifests, each once: a container may hold thousands of files, and who wrote it chose how large they are.
 * @returns tells whether one of them is over the file of a name
 * @throws {FormatError} FORMAT_MALFORMED; FORMAT_UNSUPPORTED for manifests beyond 64 MiB
 * @see EN 319 162-1 §A.7
 */
export async function findArchived(archive: ZipArchive): Promise<(name: string) => boolean> {
  return findNamed(archive, listArchiveManifests(archive))
}

/** As `findArchived`, of what evidence records are over. */
export async function findRecorded(archive: ZipArchive): Promise<(name: string) => boolean> {
  return findNamed(archive, listRecordManifests(archive))
}

async function findNamed(
  archive: ZipArchive,
  manifests: readonly ZipEntry[],
): Promise<(name: string) => boolean> {
  const paths = new Set(archive.entries.map(({ name }) => encodePath(name)))
  const archived = new Set<string>()
  let room = MAX_MANIFESTS_BYTES
  for (const entry of manifests) {
    const bytes = await readEntry(archive, entry, room)
    room -= bytes.length
    const text = new TextDecoder().decode(bytes)
    // Whatever else it may say, a manifest that names a file has its name between quotes.
    for (const quote of [`"`, `'`]) {
      for (const path of listBetween(text, quote)) if (paths.has(path)) archived.add(path)
    }
  }
  return (name) => archived.has(encodePath(name))
}

/**
 * Refuses to change a file that a manifest of either kind names by its digest.
 * @throws as `findArchived`; {FormatError} FORMAT_NOT_ALLOWED {rule: archived}
 */
export async function assertNotArchived(archive: ZipArchive, name: string): Promise<void> {
  const manifests = [...listArchiveManifests(archive), ...listRecordManifests(archive)]
  const isArchived = await findNamed(archive, manifests)
  if (isArchived(name)) throw closedByArchive()
}

/** What an archive keeps cannot be added to. */
export function closedByArchive(): FormatError {
  return new FormatError('FORMAT_NOT_ALLOWED', { details: { rule: 'archived' } })
}

function* listBetween(text: string, quote: string): Generator<string> {
  for (let at = text.indexOf(quote); at !== -1;) {
    const next = text.indexOf(quote, at + 1)
    if (next === -1) return
    yield text.slice(at + 1, next)
    at = next
  }
}
