/**
 * How many wrong PINs in a row were typed here for a token. Many tokens say nothing of it until they are locked, so that
 * without this memory the last try would look like any other.
 *
 * `$STATE/wrong-pins.json` holds counts under hashes of the tokens' names, no PIN and no name. What is lost with the file
 * is a warning, so that nothing fails for its sake; who can change it already acts as the person.
 * @module
 */
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import path from 'node:path'
import { log } from './log.ts'
import { assertPrivate, openStateFolder } from './state-folder.ts'

const NAME = 'wrong-pins.json'
const VERSION = 1
/** More tokens than a person has; the one that was wrong longest ago goes first. */
const MAX_RECORDS = 64
const MAX_COUNT = 99
const MAX_BYTES = 16 << 10

/** What tells one token from another. */
export interface TokenName {
  readonly manufacturer: string
  readonly serial: string
}

/** The person's own PIN, or the code that unlocks it. */
export type SecretKind = 'pin' | 'puk'

/** Counts of wrong entries since the last right one. No call throws. */
export interface PinMemory {
  countWrong(token: TokenName, kind: SecretKind): number
  noteWrong(token: TokenName, kind: SecretKind): void
  /** After a right one. */
  forget(token: TokenName, kind: SecretKind): void
}

/** Remembers nothing: the embedded demo token counts by itself, and leaves no trace. */
export const NO_PIN_MEMORY: PinMemory = {
  countWrong: () => 0,
  noteWrong: () => undefined,
  forget: () => undefined,
}

interface WrongRecord {
  /** SHA-256, hexadecimal. */
  readonly token: string
  readonly count: number
}

/** Makes nothing yet: the file is made with the first wrong PIN, and read anew at each question. */
export function createPinMemory(findFolder: () => string): PinMemory {
  const change = (edit: (records: readonly WrongRecord[]) => readonly WrongRecord[]): void => {
    try {
      const before = readRecords(findFolder())
      const after = edit(before)
      if (after !== before) writeRecords(findFolder(), after)
    } catch (error) {
      log(`cannot remember a wrong PIN: ${messageOf(error)}`)
    }
  }
  return {
    countWrong(token, kind) {
      const name = hashName(token, kind)
      return readOrNone(findFolder).find((record) => record.token === name)?.count ?? 0
    },
    noteWrong(token, kind) {
      const name = hashName(token, kind)
      change((records) => {
        const count = records.find((record) => record.token === name)?.count ?? 0
        const others = records.filter((record) => record.token !== name)
        const record = { token: name, count: Math.min(MAX_COUNT, count + 1) }
        return [...others, record].slice(-MAX_RECORDS)
      })
    },
    forget(token, kind) {
      const name = hashName(token, kind)
      change((records) =>
        records.some((record) => record.token === name)
          ? records.filter((record) => record.token !== name)
          : records,
      )
    },
  }
}

function hashName({ manufacturer, serial }: TokenName, kind: SecretKind): string {
  const name = JSON.stringify([kind, manufacturer, serial])
  return createHash('sha256').update(name).digest('hex')
}

function readOrNone(findFolder: () => string): readonly WrongRecord[] {
  try {
    return readRecords(findFolder())
  } catch (error) {
    log(`cannot tell how many PINs were wrong: ${messageOf(error)}`)
    return []
  }
}

/** @throws {Error} where the system refuses, or others may reach the file; a damaged one counts as none */
function readRecords(folder: string): readonly WrongRecord[] {
  const file = path.join(folder, NAME)
  if (fs.lstatSync(file, { throwIfNoEntry: false }) === undefined) return []
  assertPrivate(file, 'file')
  if (fs.statSync(file).size > MAX_BYTES) return []
  try {
    return parseRecords(JSON.parse(fs.readFileSync(file, 'utf8')))
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

function parseRecords(value: unknown): readonly WrongRecord[] {
  const { version, wrong } = (value ?? {}) as { version?: unknown; wrong?: unknown }
  if (version !== VERSION || !Array.isArray(wrong)) return []
  return wrong.slice(-MAX_RECORDS).filter(isRecord)
}

function isRecord(value: unknown): value is WrongRecord {
  const { token, count } = (value ?? {}) as Partial<WrongRecord>
  const isCount = Number.isInteger(count) && (count ?? 0) > 0 && (count ?? 0) <= MAX_COUNT
  return isCount && typeof token === 'string' && /^[0-9a-f]{64}$/.test(token)
}

/** A reader sees the old file or the new one. */
function writeRecords(folder: string, records: readonly WrongRecord[]): void {
  openStateFolder(folder)
  const file = path.join(folder, NAME)
  const next = `${file}.${process.pid}`
  fs.rmSync(next, { force: true })
  fs.writeFileSync(next, `${JSON.stringify({ version: VERSION, wrong: records })}\n`, {
    flag: 'wx',
    mode: 0o600,
  })
  fs.renameSync(next, file)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
