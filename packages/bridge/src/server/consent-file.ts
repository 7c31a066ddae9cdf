/**
 * The file of consents: private to the person, read anew whenever it matters, replaced whole, never believed when
 * others could have written it.
 * @module
 */
import * as fs from 'node:fs'
import path from 'node:path'
import { withLock } from '../lock.ts'
import { openStateFolder } from '../state-folder.ts'
import { type ConsentRecord, RecordsError, encodeRecords, parseRecords } from './consent-records.ts'

const NAME = 'origins.json'
/** 500 origins of 300 characters fit. */
const MAX_BYTES = 512 << 10
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants
const WRITABLE_BY_OTHERS = 0o022

/** The file cannot be relied on. */
class UntrustedError extends Error {
  override readonly name = 'UntrustedError'
}

/** The consents on disk. */
export interface ConsentFile {
  readonly path: string
  /**
   * Reads what counts now. A file that is damaged, is no plain file, is somebody else's or could be written by others is
   * set aside, and nothing in it counts.
   * @throws {Error} where the system refuses
   */
  read(): readonly ConsentRecord[]
  /**
   * Replaces the records by what `edit` makes of them. Programs of this person do so one after another.
   * @throws {Error} where the folder is not safe or the system refuses
   */
  change(edit: (records: readonly ConsentRecord[]) => readonly ConsentRecord[]): Promise<void>
}

/** @param onSetAside is told once for each file that was set aside */
export function openConsentFile(
  folder: string,
  onSetAside: (reason: string, keptAs: string) => void,
): ConsentFile {
  const file = path.join(folder, NAME)
  const read = (): readonly ConsentRecord[] => {
    try {
      return parseRecords(readOwnFile(file))
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return []
      const isUntrusted = error instanceof UntrustedError || error instanceof RecordsError
      if (!isUntrusted && !isSystemError(error, 'ELOOP')) throw error
      const keptAs = `${file}.set-aside`
      fs.renameSync(file, keptAs)
      onSetAside(isUntrusted ? error.message : 'a link', keptAs)
      return []
    }
  }
  return {
    path: file,
    read,
    async change(edit) {
      openStateFolder(folder)
      // Else a bridge that notes a use could write back what `origins remove` has just taken away.
      await withLock(`${file}.lock`, () => {
        const before = read()
        const after = edit(before)
        if (encodeRecords(after) !== encodeRecords(before)) replaceFile(file, encodeRecords(after))
      })
    },
  }
}

/** What was opened is what is judged: between a look by name and a read, the name could change hands. */
function readOwnFile(file: string): string {
  const handle = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const stat = fs.fstatSync(handle)
    if (!stat.isFile()) throw new UntrustedError('not a plain file')
    assertOwn(stat)
    if (stat.size > MAX_BYTES) throw new UntrustedError('too large')
    return fs.readFileSync(handle, 'utf8')
  } finally {
    fs.closeSync(handle)
  }
}

/** Windows keeps a person's profile by access lists, of which these numbers say nothing. */
function assertOwn(stat: fs.Stats): void {
  const uid = process.getuid?.()
  if (uid === undefined) return
  if (stat.uid !== uid) throw new UntrustedError('of another user')
  if ((stat.mode & WRITABLE_BY_OTHERS) !== 0) throw new UntrustedError('writable by others')
}

/** A reader sees the old file or the new one, and after a power cut one of them is there. */
function replaceFile(file: string, text: string): void {
  const next = `${file}.${process.pid}`
  fs.rmSync(next, { force: true })
  const handle = fs.openSync(next, 'wx', 0o600)
  try {
    fs.writeFileSync(handle, text)
    fs.fsyncSync(handle)
  } finally {
    fs.closeSync(handle)
  }
  fs.renameSync(next, file)
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
