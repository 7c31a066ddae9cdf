/**
 * Lines as they are read: what only signing knows is filled in, and accents are composed with their letters, for a font
 * has a glyph for ế and none for three marks on top of one another.
 * @module
 */
import { wrongArgument } from '../../errors.ts'
import type { Line, TimeFormat } from './appearance.ts'

/** What signing knows. */
export interface SigningFacts {
  /** What goes into /M. */
  readonly signingTime: Date
  readonly holder: string
  readonly organization: string | undefined
}

/**
 * Writes the lines.
 * @returns composed (NFC), none with a line break
 * @throws {UsageError} USAGE_ARGUMENT where the certificate names no organization, or a line has control characters
 */
export function writeLines(lines: readonly Line[], facts: SigningFacts): string[] {
  return lines.flatMap((line) => {
    const text = writeLine(line, facts).normalize('NFC')
    const parts = text.split(/\r\n|\r|\n/)
    if (/[\p{Cc}\p{Cs}\p{Bidi_Control}]/u.test(parts.join(''))) {
      throw wrongArgument('appearance.content.text.lines', 'text without control characters')
    }
    return parts
  })
}

function writeLine(line: Line, facts: SigningFacts): string {
  if (typeof line === 'string') return line
  const { before = '' } = line
  if ('certificate' in line) {
    const value = facts[line.certificate]
    if (value !== undefined) return before + value
    throw wrongArgument('appearance.content.text.lines', 'what the certificate says')
  }
  return before + writeTime(facts.signingTime, line.time, line.zone)
}

/** Writes a moment by the clock of a zone; whole seconds, as /M has them, but for VGCA's seven digits more. */
function writeTime(time: Date, format: TimeFormat, zone = '+07:00'): string {
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number)
  const offsetMs = (hours * 60 + minutes) * 60_000 * (zone.startsWith('-') ? -1 : 1)
  const local = new Date(time.getTime() + offsetMs).toISOString()
  const [day = '', clock = ''] = local.slice(0, 19).split('T')
  if (format === 'iso8601') return `${day}T${clock}${zone}`
  if (format === 'without-zone') return `${day}T${clock}`
  // Of ten millionths; clocks here tell thousandths.
  if (format === 'vgca') return `${local.slice(0, 23)}0000`
  return `${day.split('-').reverse().join('/')} ${clock} ${zone}`
}
