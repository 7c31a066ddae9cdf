/**
 * The journal, read and judged in one pass: what is believed, and where it breaks.
 * @module
 */
import type { Identity } from '../identity.ts'
import { type Link, START, hashLine, readHead, readLine } from './chain.ts'
import type { Body, Trouble } from './entry.ts'
import { type JournalFile, listJournalFiles, readHeadFile, readJournalFile } from './files.ts'

/** What was found, and where. */
export interface Finding {
  /** False where a crash explains it: the line was never finished, and nothing was signed on it. */
  readonly isBreak: boolean
  /** `000002.jsonl:17`, or the file alone. */
  readonly place: string
  readonly text: string
}

/** All that a journal holds. */
export interface Inspection {
  /** Lines that this installation signed, as they stand. */
  readonly bodies: readonly Body[]
  readonly findings: readonly Finding[]
  readonly files: readonly string[]
  /** The end of the chain: to be kept elsewhere by whoever wants to notice that all of it was replaced. */
  readonly end: Link
}

const FAULTS = {
  unreadable: 'is no line of a journal',
  'not-signed-here': 'was changed, or was not signed by this installation',
} as const
const TROUBLES: Readonly<Record<Trouble, string>> = {
  'torn-line': 'before this, an unfinished line was cut off',
  'lines-lost': 'before this, lines had been taken away or changed',
  'head-lost': 'before this, head.json had been taken away or changed',
}

/** @param folder as `journalFolderOf` gives it; an empty or missing one is an empty journal */
export function inspectJournal(folder: string, identity: Identity): Inspection {
  // The head first: a bridge that is writing meanwhile makes the lines longer than it, never shorter.
  const headBytes = readHeadFile(folder)
  const files = listJournalFiles(folder)
  const walk = new Walk(identity)
  files.forEach((name, index) => {
    walk.read(readJournalFile(folder, name), index === files.length - 1)
  })
  if (headBytes !== undefined || files.length > 0) {
    walk.compare(headBytes === undefined ? undefined : readHead(headBytes, identity))
  }
  return { bodies: walk.bodies, findings: walk.findings, files, end: walk.end }
}

/** One walk along the chain. After a break it goes on from what it finds, so that each break is told once. */
class Walk {
  readonly bodies: Body[] = []
  readonly findings: Finding[] = []
  readonly #identity: Identity
  readonly #hashes = new Map<number, string>([[START.n, START.hash]])
  #end: Link = START
  #isAfterBreak = false

  constructor(identity: Identity) {
    this.#identity = identity
  }

  get end(): Link {
    return this.#end
  }

  read({ name, lines, torn }: JournalFile, isLast: boolean): void {
    lines.forEach((line, index) => {
      this.#step(line, `${name}:${index + 1}`)
    })
    if (torn === 0) return
    this.#tell(`${name}:${lines.length + 1}`, 'ends in an unfinished line', !isLast)
  }

  compare(head: Link | undefined): void {
    if (head === undefined) this.#tell('head.json', 'is missing, changed, or not signed here')
    else if (head.n > this.#end.n) {
      this.#tell('the end', `${range(this.#end.n + 1, head.n)} missing`)
    } else if ((this.#hashes.get(head.n) ?? head.hash) !== head.hash) {
      this.#tell('head.json', `names another line ${head.n}`)
    }
  }

  #step(line: Buffer, place: string): void {
    const read = readLine(line, this.#identity)
    if ('fault' in read) {
      this.#tell(place, FAULTS[read.fault])
      this.#end = { n: this.#end.n + 1, hash: hashLine(line) }
      this.#isAfterBreak = true
      return
    }
    this.#compareWithEnd(read.body, place)
    this.#end = { n: read.body.n, hash: read.hash }
    this.#hashes.set(read.body.n, read.hash)
    this.bodies.push(read.body)
    if (read.body.kind === 'recovered') this.#tellTrouble(read.body.trouble, place)
  }

  #compareWithEnd({ n, prev }: Body, place: string): void {
    const expected = this.#end.n + 1
    if (n > expected) this.#tell(place, `${range(expected, n - 1)} missing before this`)
    else if (n < expected) this.#tell(place, `line ${n} stands where line ${expected} belongs`)
    else if (prev !== this.#end.hash && !this.#isAfterBreak) {
      this.#tell(place, 'does not follow the line before it')
    }
    this.#isAfterBreak = false
  }

  #tellTrouble(trouble: Trouble, place: string): void {
    this.#tell(place, TROUBLES[trouble], trouble !== 'torn-line')
  }

  #tell(place: string, text: string, isBreak = true): void {
    this.findings.push({ isBreak, place, text })
  }
}

function range(first: number, last: number): string {
  return first === last ? `line ${first} is` : `lines ${first} to ${last} are`
}
