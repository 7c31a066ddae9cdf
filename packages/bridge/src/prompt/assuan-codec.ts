/**
 * Lines of the Assuan protocol, as GnuPG's pinentries speak it: bytes ⇄ meaning.
 *
 * ```
 * client  VERB text             server  OK …  |  ERR number text  |  D data  |  S status  |  # comment  |  INQUIRE …
 * ```
 *
 * A line has at most 1000 bytes; `%`, CR and LF travel as `%25`, `%0D`, `%0A`. A pinentry exits at a longer one.
 * @module
 * @see libassuan manual, "Client requests" and "Server responses"
 */

/** Bytes of one line without its LF, two kept in reserve for a CR LF. */
export const MAX_LINE_BYTES = 998

/** One line from the server. */
export type AssuanLine =
  | { readonly type: 'ok' }
  | { readonly type: 'error'; readonly code: number }
  | { readonly type: 'data'; readonly data: Buffer }
  | { readonly type: 'inquire' }
  | { readonly type: 'other' }

/**
 * Writes a command as one line, LF included. Text that does not fit is cut between two characters and ends in `…`.
 */
export function encodeCommand(verb: string, text = ''): Buffer {
  const room = MAX_LINE_BYTES - Buffer.byteLength(verb) - 1
  return Buffer.from(text === '' ? `${verb}\n` : `${verb} ${escapeWithin(text, room)}\n`, 'utf8')
}

/** Bytes that a text takes on a line. */
export function escapedBytes(text: string): number {
  return Buffer.byteLength(escapeText(text))
}

/** Cuts by bytes, never inside a UTF-8 sequence or an escape. */
function escapeWithin(text: string, maxBytes: number): string {
  const whole = escapeText(text)
  if (Buffer.byteLength(whole) <= maxBytes) return whole
  const ellipsis = '…'
  let room = maxBytes - Buffer.byteLength(ellipsis)
  let cut = ''
  for (const character of text) {
    const escaped = escapeText(character)
    room -= Buffer.byteLength(escaped)
    if (room < 0) break
    cut += escaped
  }
  return cut + ellipsis
}

function escapeText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** Reads one line of the server, without its LF. */
export function parseLine(line: Buffer): AssuanLine {
  if (startsWord(line, 'OK')) return { type: 'ok' }
  if (startsWord(line, 'D')) return { type: 'data', data: unescapeData(line.subarray(2)) }
  if (startsWord(line, 'INQUIRE')) return { type: 'inquire' }
  if (startsWord(line, 'ERR')) {
    return { type: 'error', code: Number.parseInt(line.toString('latin1', 4), 10) || 0 }
  }
  return { type: 'other' }
}

function startsWord(line: Buffer, word: string): boolean {
  const next = line[word.length]
  return line.toString('latin1', 0, word.length) === word && (next === undefined || next === 0x20)
}

function unescapeData(escaped: Buffer): Buffer {
  const data = Buffer.alloc(escaped.length)
  let length = 0
  for (let index = 0; index < escaped.length; index++) {
    const hex = escaped.toString('latin1', index + 1, index + 3)
    if (escaped[index] === 0x25 && /^[0-9A-Fa-f]{2}$/.test(hex)) {
      data[length++] = Number.parseInt(hex, 16)
      index += 2
    } else data[length++] = escaped[index] as number
  }
  return data.subarray(0, length)
}
