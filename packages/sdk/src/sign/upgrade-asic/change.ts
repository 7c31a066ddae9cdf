/**
 * A container with some of its entries added or written anew.
 * @module
 */
import type { Bytes } from '../../bytes.ts'
import type { ZipArchive } from '../../zip/archive.ts'
import { type NewEntry, extendZip } from '../../zip/write.ts'

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
