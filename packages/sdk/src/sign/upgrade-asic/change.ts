/**
 * A container with some of its entries added or written anew.
 * @module
 */
import { closedByArchive, findRecorded } from '../../asic/archived.ts'
import { MAX_SIGNATURES_BYTES } from '../../asic/container.ts'
import { type Bytes, equalBytes } from '../../bytes.ts'
import type { RequestToken } from '../../trust/request-timestamp.ts'
import { type ZipArchive, type ZipEntry, readEntry } from '../../zip/archive.ts'
import { type NewEntry, extendZip } from '../../zip/write.ts'

/**
 * Builds on files of signatures.
 * @param build calls `open` before anybody is asked for what goes in: it throws where an evidence record is over the file
 * @returns as `changeEntries`
 * @throws {FormatError} FORMAT_NOT_ALLOWED {rule: archived}
 */
export async function changeSignatures(
  archive: ZipArchive,
  entries: readonly ZipEntry[],
  build: (signatures: Bytes, open: () => void) => Promise<Bytes>,
): Promise<Bytes | Blob> {
  const isRecorded = await findRecorded(archive)
  const changes: NewEntry[] = []
  for (const entry of entries) {
    const before = await readEntry(archive, entry, MAX_SIGNATURES_BYTES)
    const open = (): void => {
      if (isRecorded(entry.name)) throw closedByArchive()
    }
    const data = await build(before, open)
    if (equalBytes(before, data)) continue
    open()
    changes.push({ name: entry.name, data })
  }
  return changeEntries(archive, changes)
}

/** Refuses to change files that evidence records are over. @throws {FormatError} FORMAT_NOT_ALLOWED {rule: archived} */
export async function assertUnrecorded(
  archive: ZipArchive,
  entries: readonly ZipEntry[],
): Promise<void> {
  const isRecorded = await findRecorded(archive)
  if (entries.some(({ name }) => isRecorded(name))) throw closedByArchive()
}

/** Asks for a time stamp only once it is known to have a place. */
export function askWhere(open: () => void, ask: RequestToken): RequestToken {
  return async (imprint) => {
    open()
    return ask(imprint)
  }
}

/** Changes it. @returns of bytes fresh ones, of a Blob a Blob of its type; where nothing changes what was read */
export async function changeEntries(
  archive: ZipArchive,
  changes: readonly NewEntry[],
): Promise<Bytes | Blob> {
  const { file } = archive
  if (changes.length === 0) return file as Bytes | Blob
  const extended = await extendZip(archive, changes, new Date())
  return extended instanceof Blob ? new Blob([extended], { type: (file as Blob).type }) : extended
}
