/**
 * The journal's files: `000001.jsonl` and so on, of which only the last grows, and `head.json`. None is ever removed.
 * @module
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'

const HEAD = 'head.json'
const LINE_END = 0x0a

/** One file as it is on the disk. */
export interface JournalFile {
  readonly name: string
  /** Whole lines, without line ends. */
  readonly lines: readonly Buffer[]
  /** Bytes after the last line end: of a line that was never finished. */
  readonly torn: number
}

/** Where the journal lies in a state folder. */
export function journalFolderOf(stateFolder: string): string {
  return path.join(stateFolder, 'journal')
}

/** @returns names, the oldest first; none where there is no journal */
export function listJournalFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^\d{6}\.jsonl$/.test(name))
    .sort()
}

/** The name after `name`, or the first. */
export function nextFileName(name: string | undefined): string {
  const number = name === undefined ? 1 : Number(name.slice(0, 6)) + 1
  return `${String(number).padStart(6, '0')}.jsonl`
}

export function readJournalFile(folder: string, name: string): JournalFile {
  const bytes = readFileSync(path.join(folder, name))
  const lines: Buffer[] = []
  let start = 0
  for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, start)) {
    lines.push(bytes.subarray(start, end))
    start = end + 1
  }
  return { name, lines, torn: bytes.length - start }
}

/** @returns undefined where there is none */
export function readHeadFile(folder: string): Buffer | undefined {
  const file = path.join(folder, HEAD)
  return existsSync(file) ? readFileSync(file) : undefined
}

/** Replaces the head: the old one or the new one is there at every moment. */
export function writeHeadFile(folder: string, text: string): void {
  const draft = path.join(folder, `${HEAD}.new`)
  const handle = openSync(draft, 'w', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(draft, path.join(folder, HEAD))
}
