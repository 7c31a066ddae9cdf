/**
 * `trien-bridge journal`: shows, exports, counts and checks the journal, on stdout. Writes nothing, makes no key.
 * @module
 */
import { parseJournalArguments } from '../config.ts'
import { CommandFailure } from '../failure.ts'
import { findIdentity } from '../identity.ts'
import { START } from '../journal/chain.ts'
import { encodeCsv } from '../journal/csv.ts'
import { journalFolderOf, listJournalFiles } from '../journal/files.ts'
import { type Finding, type Inspection, inspectJournal } from '../journal/inspect.ts'
import { type JournalRow, type PinRow, type SignRow, findRows, resultOf } from '../journal/rows.ts'
import { type PinCount, type SignCount, countRows } from '../journal/summary.ts'
import { log } from '../log.ts'
import { StateFolderError, findStateFolder } from '../state-folder.ts'

/** @throws {CommandFailure} where it cannot be read; for `verify`, where it breaks */
export async function journal(args: readonly string[]): Promise<void> {
  const { verb, form } = parseJournalArguments(args)
  const inspection = readJournal()
  if (verb === 'verify') {
    verify(inspection, form === 'json')
    return
  }
  if (inspection.findings.some(({ isBreak }) => isBreak)) {
    log('this journal is damaged; see trien-bridge journal verify')
  }
  const rows = findRows(inspection.bodies)
  if (verb === 'summary') print(form === 'json' ? toJson(countRows(rows)) : showCounts(rows))
  else if (form === 'csv') print(encodeCsv(rows))
  else print(form === 'json' ? toJson(rows) : rows.map(showRow).join(''))
}

function readJournal(): Inspection {
  const stateFolder = findStateFolder()
  const folder = journalFolderOf(stateFolder)
  try {
    const identity = findIdentity(stateFolder)
    if (identity !== undefined) return inspectJournal(folder, identity)
    if (listJournalFiles(folder).length === 0) {
      log(`no journal yet in ${folder}`)
      return { bodies: [], findings: [], files: [], end: START }
    }
  } catch (error) {
    if (error instanceof StateFolderError) throw new CommandFailure(error.message, error.hint)
    throw error
  }
  throw new CommandFailure(
    `the key that signed ${folder} is gone`,
    `restore ${stateFolder}/identity.key from a backup`,
  )
}

function verify({ bodies, findings, files, end }: Inspection, asJson: boolean): void {
  const breaks = findings.filter(({ isBreak }) => isBreak)
  if (asJson) print(toJson({ whole: breaks.length === 0, lines: end.n, files, end, findings }))
  else {
    print(findings.map(showFinding).join(''))
    if (breaks.length === 0) {
      const where = `${files.length} ${files.length === 1 ? 'file' : 'files'}`
      print(`whole: ${bodies.length} lines in ${where}; the last is ${end.hash}\n`)
    }
  }
  if (breaks.length === 0) return
  throw new CommandFailure(
    `the journal breaks in ${breaks.length} ${breaks.length === 1 ? 'place' : 'places'}`,
    'keep a copy of the folder and show it to your administrator',
  )
}

function showFinding({ isBreak, place, text }: Finding): string {
  return `${isBreak ? 'BREAK' : 'note '}  ${place}  ${text}\n`
}

const showRow = (row: JournalRow): string =>
  row.deed === 'sign' ? showSigning(row) : showPinCare(row)

const PIN_DEEDS: Readonly<Record<PinRow['deed'], string>> = {
  'change-pin': 'change the PIN',
  unblock: 'unlock the PIN',
}
const showAsker = (origin: string | null): string => origin ?? 'this command line'

function showPinCare({ time, deed, origin, token, result }: PinRow): string {
  return [
    `${showTime(time)}  ${showAsker(origin)}\n`,
    `  ${result.padEnd(10)}  ${PIN_DEEDS[deed]}\n`,
    `  on          ${token.label}, number ${token.serial}\n`,
  ].join('')
}

function showSigning(row: SignRow): string {
  const { time, origin, certificate, token } = row
  const documents = row.documents.map(
    ({ name, digest }, index) =>
      `  ${resultOf(row, index).padEnd(10)}  ${name}, ${digest.algorithm} ${digest.hex}\n`,
  )
  return [
    `${showTime(time)}  ${origin}\n`,
    ...(row.blind
      ? ['  blind       digests alone: the bridge could not see what was signed\n']
      : []),
    `  with        ${certificate.holder}, certificate ${certificate.id.slice(0, 16)}\n`,
    `  on          ${token.label}, number ${token.serial}\n`,
    ...documents,
  ].join('')
}

const showTime = (time: string): string => `${time.slice(0, 19).replace('T', ' ')} UTC`

function showCounts(rows: readonly JournalRow[]): string {
  return countRows(rows)
    .map((count) => (count.deed === 'sign' ? showSignCount(count) : showPinCount(count)))
    .join('')
}

function showSignCount({ month, origin, certificate, signed, unsigned }: SignCount): string {
  const who = `${certificate.holder} (${certificate.id.slice(0, 16)})`
  return `${month}  ${origin}  ${who}  signed ${signed}, not signed ${unsigned}\n`
}

function showPinCount({ month, origin, deed, token, done, undone }: PinCount): string {
  const on = `${token.label} (${token.serial})`
  return `${month}  ${showAsker(origin)}  ${on}  ${PIN_DEEDS[deed]}: done ${done}, not done ${undone}\n`
}

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function print(text: string): void {
  process.stdout.write(text)
}
