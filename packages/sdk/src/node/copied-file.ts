/**
 * A file that is copied by being read: whoever hashes it from its start to its end has by then a copy of just what was hashed,
 * though somebody writes to the file meanwhile, and has it read once.
 *
 * ```
 * input ─ read ahead ─► chunk ─► hash
 *                         └────► copy, while the next one is hashed
 * ```
 * @module
 */
import { takeMemory } from '../builtin.ts'
import { FormatError, wrongArgument } from '../errors.ts'
import { type FileHandle, type FileSystem, readFully, writeFully } from './file-system.ts'

/** The file as a document, and its copy. */
export interface CopiedFile {
  /** What is put together of it with more, reads the file by its path, and not this copy. */
  readonly blob: Blob
  /**
   * Waits for the copy and writes more behind it.
   * @throws {FormatError} FORMAT_CHANGED where the file is not what it was, or not all of it was read
   */
  finish(more: Uint8Array): Promise<void>
  /** Why the copy could not be written, where it could not. */
  failure(): unknown
}

/**
 * Opens it.
 * @param from of the file, open for reading
 * @param to of the copy, empty and open for writing
 */
export async function openCopiedFile(
  fs: FileSystem,
  path: string,
  { from, to, type }: { readonly from: FileHandle; readonly to: FileHandle; readonly type: string },
): Promise<CopiedFile> {
  const before = await from.stat({ bigint: true })
  if (!before.isFile()) throw wrongArgument('input', 'the path of a file')
  const blob = await fs.openAsBlob(path, { type })
  const slice = blob.slice.bind(blob)
  /** As far as the copy goes without a hole. */
  let end = 0
  let writing = Promise.resolve()
  let failure: unknown

  async function read(start: number, length: number): Promise<ArrayBuffer> {
    const bytes = takeMemory(length)
    if (!(await readFully(from, bytes, start))) throw new FormatError('FORMAT_CHANGED')
    // What is read later is what counts: reading all of it in order, as hashing does, makes the whole copy.
    if (start <= end) {
      const written = writing
      end = Math.max(end, start + length)
      writing = written.then(() => writeFully(to, bytes, start))
      writing.catch((error: unknown) => (failure = error))
      // One chunk waits to be written at the most, however fast they are read.
      await written
    }
    return bytes.buffer
  }

  async function finish(more: Uint8Array): Promise<void> {
    await writing
    const after = await from.stat({ bigint: true })
    const isSame = after.size === before.size && after.mtimeNs === before.mtimeNs
    if (!isSame || end !== blob.size) throw new FormatError('FORMAT_CHANGED')
    await writeFully(to, more, end)
  }

  const copied = Object.assign(blob, {
    arrayBuffer: () => read(0, blob.size),
    slice(start = 0, stop = blob.size, partType = '') {
      const part = slice(start, stop, partType)
      const at = start < 0 ? Math.max(blob.size + start, 0) : Math.min(start, blob.size)
      return Object.assign(part, { arrayBuffer: () => read(at, part.size) })
    },
  })
  return { blob: copied, finish, failure: () => failure }
}
