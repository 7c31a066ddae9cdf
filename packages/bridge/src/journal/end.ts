/**
 * Where to go on writing, whatever happened since the last line.
 * @module
 */
import type { Identity } from '../identity.ts'
import { type Link, START, readHead, readLine } from './chain.ts'
import type { Trouble } from './entry.ts'
import { type JournalFile, listJournalFiles, readHeadFile, readJournalFile } from './files.ts'

/** The end of the journal. */
export interface JournalEnd {
  /** What the next line follows. */
  readonly link: Link
  /** The last file; undefined where there is none. */
  readonly file: string | undefined
  /** How long that file is without an unfinished line. */
  readonly size: number
  /** What the next lines must tell before anything else. */
  readonly troubles: readonly Trouble[]
}

/**
 * Finds the end. The head and the last line may differ by what a crash between the two leaves: the head is then behind.
 * Anything else was done to the files, and is told.
 */
export function findEnd(folder: string, identity: Identity): JournalEnd {
  const names = listJournalFiles(folder)
  const last = names.length === 0 ? undefined : readJournalFile(folder, names.at(-1) as string)
  const line = findLastLine(folder, names, last, identity)
  const headBytes = readHeadFile(folder)
  const head = headBytes === undefined ? undefined : readHead(headBytes, identity)
  const isNew = last === undefined && headBytes === undefined
  const written = line ?? START
  return {
    link: head !== undefined && head.n > written.n ? head : written,
    file: last?.name,
    size: (last?.lines ?? []).reduce((sum, { length }) => sum + length + 1, 0),
    troubles: [
      ...(last !== undefined && last.torn > 0 ? (['torn-line'] as const) : []),
      ...(isNew ? [] : findLosses(line, head)),
    ],
  }
}

function findLosses(line: Link | undefined, head: Link | undefined): Trouble[] {
  const losses: Trouble[] = []
  if (line === undefined || (head !== undefined && line.n < head.n)) losses.push('lines-lost')
  const isOther = line !== undefined && line.n === head?.n && line.hash !== head.hash
  if (head === undefined || isOther) losses.push('head-lost')
  return losses
}

/** @returns undefined where the last line is not believed */
function findLastLine(
  folder: string,
  names: readonly string[],
  last: JournalFile | undefined,
  identity: Identity,
): Link | undefined {
  for (const name of names.toReversed()) {
    const { lines } = name === last?.name ? last : readJournalFile(folder, name)
    const line = lines.at(-1)
    if (line === undefined) continue
    const known = readLine(line, identity)
    return 'fault' in known ? undefined : { n: known.body.n, hash: known.hash }
  }
  return START
}
