/**
 * The journal of one installation, written. A line is on the disk before `append` resolves.
 *
 * ```
 * $STATE/journal/000001.jsonl  000002.jsonl …   lines, chained across files
 * $STATE/journal/head.json                      how many there are, signed
 * ```
 * @module
 */
import {
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { type Identity, openIdentity } from '../identity.ts'
import { withLock } from '../lock.ts'
import { assertPrivate, openStateFolder } from '../state-folder.ts'
import { type Link, START, encodeHead, encodeLine, hashLine } from './chain.ts'
import { type JournalEnd, findEnd } from './end.ts'
import type { Entry } from './entry.ts'
import { journalFolderOf, nextFileName, writeHeadFile } from './files.ts'

/** A file that has reached this is followed by a new one: small enough to be read at once. */
const MAX_FILE_BYTES = 1 << 20

/** What handlers write to. */
export interface Journal {
  /**
   * Writes an entry.
   * @returns its number
   * @throws {StateFolderError, LockedError} or what the file system throws, where it cannot be written
   */
  append(entry: Entry): Promise<number>
}

/** What a test sets; everybody else has it as it is. */
export interface JournalOptions {
  readonly maxFileBytes?: number
  readonly now?: () => Date
}

/** Makes nothing yet: folder and key are made, or found wanting, with the first entry and each one after. */
export function createJournal(findFolder: () => string, options: JournalOptions = {}): Journal {
  const { maxFileBytes = MAX_FILE_BYTES, now = () => new Date() } = options
  let line: Promise<unknown> = Promise.resolve()

  async function append(entry: Entry): Promise<number> {
    const stateFolder = openStateFolder(findFolder())
    const identity = openIdentity(stateFolder)
    const folder = journalFolderOf(stateFolder)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    assertPrivate(folder, 'directory')
    return withLock(path.join(folder, 'lock'), () => {
      const end = findEnd(folder, identity)
      const entries = [...end.troubles.map(toEntry), entry]
      const { text, link } = encodeAll(entries, { after: end.link, time: now(), identity })
      // Without a first head, one taken away later could not be told from one that never was.
      if (end.file === undefined) writeHeadFile(folder, encodeHead(START, identity))
      writeDown(folder, end, { text, maxFileBytes, head: encodeHead(link, identity) })
      return link.n
    })
  }

  return {
    append(entry) {
      const written = line.then(() => append(entry))
      line = written.catch(() => {})
      return written
    },
  }
}

const toEntry = (trouble: JournalEnd['troubles'][number]): Entry => ({ kind: 'recovered', trouble })

function encodeAll(
  entries: readonly Entry[],
  { after, time, identity }: { after: Link; time: Date; identity: Identity },
): { text: string; link: Link } {
  let link = after
  let text = ''
  for (const entry of entries) {
    const line = encodeLine(entry, link, time, identity)
    link = { n: link.n + 1, hash: hashLine(line) }
    text += `${line}\n`
  }
  return { text, link }
}

/** Lines and head are both written, or the lines are taken back: nobody was told of them yet. */
function writeDown(
  folder: string,
  end: JournalEnd,
  { text, maxFileBytes, head }: { text: string; maxFileBytes: number; head: string },
): void {
  // An unfinished line is cut off where it is, before its file may be left for the next.
  const isFull = end.size >= maxFileBytes && !end.troubles.includes('torn-line')
  const isNewFile = end.file === undefined || isFull
  const name = isNewFile ? nextFileName(end.file) : end.file
  const start = isNewFile ? 0 : end.size
  const handle = openSync(path.join(folder, name), constants.O_WRONLY | constants.O_CREAT, 0o600)
  try {
    ftruncateSync(handle, start)
    try {
      writeWhole(handle, Buffer.from(text, 'utf8'), start)
      fsyncSync(handle)
      writeHeadFile(folder, head)
    } catch (error) {
      ftruncateSync(handle, start)
      throw error
    }
  } finally {
    closeSync(handle)
  }
}

/** A disk that fills up takes a part first, and says so only at the next write. */
function writeWhole(handle: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(handle, bytes, done, bytes.length - done, position + done)
  }
}
