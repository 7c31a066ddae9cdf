/**
 * The journal as a table for spreadsheets: RFC 4180, one record a document.
 * @module
 */
import { type JournalRow, resultOf } from './rows.ts'

const COLUMNS = [
  ...['number', 'time', 'origin', 'document', 'size', 'digest_algorithm', 'digest'],
  ...['holder', 'certificate', 'token', 'token_serial', 'result'],
]
/** Without it, spreadsheets take UTF-8 for the code page of the machine, and Vietnamese for rubbish. */
const BYTE_ORDER_MARK = '\u{FEFF}'

export function encodeCsv(rows: readonly JournalRow[]): string {
  const records = rows.flatMap((row) =>
    row.documents.map((document, index) => [
      ...[row.n, row.time, row.origin, document.name, document.size],
      ...[document.digest.algorithm, document.digest.hex, row.certificate.holder],
      ...[row.certificate.id, row.token.label, row.token.serial, resultOf(row, index)],
    ]),
  )
  const lines = [COLUMNS, ...records].map((record) => record.map(encodeCell).join(','))
  return `${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`
}

/**
 * A page chooses the name of a document. One that begins as a formula would be run by the spreadsheet of whoever opens
 * the export, so that such a cell begins with an apostrophe, full-width signs included.
 */
function encodeCell(value: string | number): string {
  const text =
    typeof value === 'string' && /^\s*[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
