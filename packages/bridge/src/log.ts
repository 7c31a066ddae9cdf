/**
 * What the bridge says to whoever started it: stderr, lower-case, one line a thing, and after a failure one hint.
 * Never a PIN, a byte to be signed or a whole certificate.
 * @module
 */
import { stripControls } from './plain-text.ts'

const NAME = 'trien-bridge'
const MAX_LINE_LENGTH = 500

/** Writes one line. Text that came from a peer is made harmless for a terminal. */
export function log(line: string): void {
  console.error(`${NAME}: ${stripControls(line).slice(0, MAX_LINE_LENGTH)}`)
}

/** Writes a failure and the one command or deed that helps. */
export function logFailure(line: string, hint: string): void {
  log(line)
  console.error(`hint: ${stripControls(hint).slice(0, MAX_LINE_LENGTH)}`)
}

/**
 * Writes where an unexpected exception was thrown. The message of a foreign error may quote its input, so of such
 * an error only the name and the places are kept.
 */
export function logUnexpected(doing: string, error: unknown): void {
  const name = error instanceof Error ? error.name : typeof error
  log(`unexpected ${name} while ${doing}`)
  for (const line of findPlaces(error)) console.error(`    ${line}`)
}

function findPlaces(error: unknown): string[] {
  if (!(error instanceof Error) || error.stack === undefined) return []
  // The stack begins with the message, whose own lines may look like places.
  const start = Math.max(0, error.stack.indexOf(error.message)) + error.message.length
  const lines = error.stack
    .slice(start)
    .split('\n')
    .map((line) => stripControls(line).trim())
  return lines.filter((line) => line.startsWith('at ')).slice(0, 10)
}
