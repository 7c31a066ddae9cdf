/**
 * docs/failures.md, from the table of failures.
 * @module
 */
import { type Cell, FAILURE_TABLE, PEERS } from '../../helpers/failure-table.ts'

const PREFACE = `# What becomes of a signature where an authority fails

Written from \`test/helpers/failure-table.ts\`, whose cells come true on loopback: the columns of openssl in
\`test/integration/failure-table.test.ts\`, for CMS, PDF, XML, JSON and ASiC; those of certomancer in
\`test/conformance/certomancer-failures.test.ts\`, for CMS, PDF and XML. Each is the error's code, its \`reason\` and \`what\`.

Nothing is ever half-written: the error's \`signed\` is the document at the level that it had, to the byte, and referees accept
it. A time stamp fails on the way from B-B and leaves B-B; over the evidence, and B-LT is left. An answer or a list fails on the
way from B-T and leaves B-T, as does a time stamp by one who was revoked. Lists are asked for where OCSP brings nothing, so an
answer fails where there is no list either.`

/** The page. */
export function encodeFailurePage(): string {
  const notes: string[] = []
  const noteOf = (text: string): string => {
    if (!notes.includes(text)) notes.push(text)
    return ` (${notes.indexOf(text) + 1})`
  }
  const rows = Object.entries(FAILURE_TABLE).map(([failure, cells]) => [
    failure,
    ...PEERS.map((peer) => encodeCell(cells[peer], noteOf)),
  ])
  const head = ['failure', ...PEERS]
  const table = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
  const list = notes.map((note, index) => `${index + 1}. ${note}`)
  return `${PREFACE}\n\n${table.join('\n')}\n\n${list.join('\n')}\n`
}

function encodeCell(cell: Cell, noteOf: (text: string) => string): string {
  if ('never' in cell) return `–${noteOf(cell.never)}`
  if ('accepted' in cell) return `accepted${noteOf(cell.accepted)}`
  return cell.error + (cell.byHand === undefined ? '' : noteOf(cell.byHand))
}
