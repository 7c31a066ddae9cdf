/**
 * PDFs from file to file:
 *
 * ```
 * input ─ read once ─► signPdf ─► what is appended
 *            └───────► output.….part ◄──┘ ─ rename ─► output
 * ```
 * @module
 */
import { type SignPdfOptions, signPdf } from '../sign/pdf.ts'
import { openCopiedFile } from './copied-file.ts'
import { assertPath, type FileHandle, type FileSystem, findFileSystem } from './file-system.ts'

/**
 * Signs a PDF on disk, of any size and never in memory as a whole: it is read once, hashed and copied in one go, and what is
 * new is written behind it. The output appears at once and whole, or not at all.
 * @param input path of the document
 * @param output path of what is signed; may be that of the document, and of a file that is to be replaced
 * @param options as of `signPdf`, levels included; where one is not reached, the error's `signed` is a Blob of the input with
 *   what was reached
 * @throws as `signPdf`; {UsageError} USAGE_ARGUMENT in a page, and of what is no path of a file
 * @throws the file system's own errors, such as ENOENT
 * @see `signPdf`   @since 0.1
 */
export async function signPdfFile(
  input: string,
  output: string,
  options: SignPdfOptions,
): Promise<void> {
  const fs = findFileSystem('input')
  assertPath('input', input)
  assertPath('output', output)
  await replace(fs, output, async (to) => {
    const from = await fs.promises.open(input, 'r')
    try {
      await sign(fs, input, { from, to }, options)
    } finally {
      // Windows replaces no file that is open, and the two may be one.
      await from.close()
    }
  })
}

async function sign(
  fs: FileSystem,
  input: string,
  files: { readonly from: FileHandle; readonly to: FileHandle },
  options: SignPdfOptions,
): Promise<void> {
  const copied = await openCopiedFile(fs, input, { ...files, type: 'application/pdf' })
  try {
    const signed = await signPdf(copied.blob, options)
    const appended = await signed.slice(copied.blob.size).arrayBuffer()
    await copied.finish(new Uint8Array(appended))
  } catch (error) {
    // To whoever reads the document, a copy that fails looks like a document that does.
    throw copied.failure() ?? error
  }
}

/** Puts a file in the place of another once it is written: beside it, for from another disk it could not appear at once. */
async function replace(
  { promises: fs }: FileSystem,
  path: string,
  write: (to: FileHandle) => Promise<void>,
): Promise<void> {
  const part = `${path}.${crypto.randomUUID()}.part`
  const to = await fs.open(part, 'wx')
  try {
    try {
      await write(to)
    } finally {
      await to.close()
    }
    await fs.rename(part, path)
  } catch (error) {
    await fs.rm(part, { force: true })
    throw error
  }
}
