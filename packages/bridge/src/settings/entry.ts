/**
 * What the lists of the settings files hold.
 * @module
 */
import path from 'node:path'

/** Reads one entry of a list. */
export interface EntryReader<T> {
  /** Ends the sentence “"key" holds …, which is no …”. */
  readonly expected: string
  /** @returns undefined where it is none */
  read(entry: unknown): T | undefined
}

/** An absolute path of this or another system. */
export const absolutePath: EntryReader<string> = {
  expected: 'absolute path',
  read: (entry) =>
    typeof entry === 'string' &&
    !entry.includes('\0') &&
    (path.posix.isAbsolute(entry) || /^[A-Za-z]:\\/.test(entry))
      ? entry
      : undefined,
}
