/**
 * A container with some of its entries added or written anew.
 * @module
 */
import { MAX_SIGNATURES_BYTES } from '../../asic/container.ts'
import { type Bytes, equalBytes } from '../../bytes.ts'
import { type ZipArchive, type ZipEntry, readEntry } from '../../zip/archive.ts'
import { type NewEntry, extendZip } from '../../zip/write.ts'

/** Builds on files of signatures. @returns as `changeEntries` */
export async function changeSignatures(
  archive: ZipArchive,
  entries: readonly ZipEntry[],
  build: (signatures: Bytes) => Promise<Bytes>,
): Promise<Bytes | Blob> {
  const changes: NewEntry[] = []
  for (const entry of entries) {
    const before = await readEntry(archive, entry, MAX_SIGNATURES_BYTES)
    const data = await build(before)
    if (!equalBytes(before, data)) changes.push({ name: entry.name, data })
  }
  return changeEntries(archive, changes)
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
