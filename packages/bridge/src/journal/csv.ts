/**
 * The journal as a table for spreadsheets: RFC 4180, one record a document, and one for each change of a PIN.
 * @module
 */
import { type JournalRow, type SignRow, resultOf } from './rows.ts'

const COLUMNS = [
  ...['number', 'time', 'deed', 'origin', 'document', 'size', 'digest_algorithm', 'digest'],
  ...['holder', 'certificate', 'token', 'token_serial', 'result'],
]
/** What only documents have. */
const NO_DOCUMENT = ['', '', '', '', '', '']
/** Without it, spreadsheets take UTF-8 for the code page of the machine, and Vietnamese for rubbish. */
const BYTE_ORDER_MARK = '\u{FEFF}'

export function encodeCsv(rows: readonly JournalRow[]): string {
  const records = rows.flatMap((row) =>
    row.deed === 'sign'
      ? row.documents.map((_, index) => [
          ...encodeHead(row),
          ...encodeDocument(row, index),
          ...encodeEnd(row, resultOf(row, index)),
        ])
      : [[...encodeHead(row), ...NO_DOCUMENT, ...encodeEnd(row, row.result)]],
  )
  const lines = [COLUMNS, ...records].map((record) => record.map(encodeCell).join(','))
  return `${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`
}

type Cell = string | number

/** Nobody's origin is the person's own command line. */
const encodeHead = ({ n, time, deed, origin }: JournalRow): Cell[] => [n, time, deed, origin ?? '']

function encodeDocument({ documents, certificate }: SignRow, index: number): Cell[] {
  const { name = '', size = 0, digest } = documents[index] ?? {}
  const { algorithm = '', hex = '' } = digest ?? {}
  return [name, size, algorithm, hex, certificate.holder, certificate.id]
}

const encodeEnd = ({ token }: JournalRow, result: JournalRow['result']): Cell[] => [
  token.label,
  token.serial,
  result,
]

/**
 * A page chooses the name of a document. One that begins as a formula would be run by the spreadsheet of whoever opens
 * the export, so that such a cell begins with an apostrophe, full-width signs included.
 */
function encodeCell(value: Cell): string {
  const text =
    typeof value === 'string' && /^\s*[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
