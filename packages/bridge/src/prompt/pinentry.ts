/**
 * Asks through a pinentry: a dialog of a program that the person's system trusts.
 * @module
 */
import { readlinkSync } from 'node:fs'
import { BridgeError, type SigningError, UserError } from '@trien/sdk/errors'
import { AssuanClosedError, AssuanError, type AssuanConnection, openAssuan } from './assuan.ts'
import { MAX_LINE_BYTES, escapedBytes } from './assuan-codec.ts'
import type { Asking, Face, SecretWords, Words } from './face.ts'
import { PHRASES } from './phrases.ts'

/** Reasons of libgpg-error. */
const TIMEOUT = 62
const CANCELED = 99
const NOT_CONFIRMED = 114
const FULLY_CANCELED = 198

/** Of a line in a dialog, so that it fits a screen of 1024 pixels. */
const MAX_COLUMNS = 100

/** Which program, and what it finds around it. */
export interface PinentryOptions {
  /** Absolute path. */
  readonly program: string
  readonly env?: NodeJS.ProcessEnv
}

/** Makes a face of a pinentry; each dialog starts the program anew and ends it. */
export function createPinentryFace(options: PinentryOptions): Face {
  return {
    confirm: (words, asking) =>
      withPinentry(options, asking, async (pinentry) => {
        await describe(pinentry, words, { ...options, ...asking })
        if (!(await hasYesAsDefault(pinentry))) return confirm(pinentry)
        await set(pinentry, 'SETOK', `_${words.refuse}`)
        await set(pinentry, 'SETNOTOK', `_${words.accept}`)
        await set(pinentry, 'SETCANCEL', `_${PHRASES[words.language].cancel}`)
        return confirmByOther(pinentry)
      }),
    askSecret: (words, asking) =>
      withPinentry(options, asking, async (pinentry) => {
        await describe(pinentry, words, { ...options, ...asking })
        await set(pinentry, 'SETPROMPT', words.label)
        const error = findError(words)
        if (error !== '') await set(pinentry, 'SETERROR', error)
        const data = await ask(pinentry, 'GETPIN')
        const secret = data.toString('utf8')
        data.fill(0)
        return secret
      }),
    hasRoomFor: (words) =>
      [describeText(words), findError(words)].every(
        (text) => escapedBytes(text) <= MAX_LINE_BYTES - 'SETERROR '.length,
      ),
  }
}

/**
 * Asks a program what it is, for example `gtk2`, `qt`, `curses`.
 * @returns undefined where it is no pinentry or does not start
 */
export async function findFlavor(program: string): Promise<string | undefined> {
  try {
    const pinentry = await openAssuan(program, { signal: AbortSignal.timeout(5_000) })
    const flavor = await pinentry.command('GETINFO', 'flavor').finally(() => pinentry.close())
    return flavor.toString('utf8')
  } catch {
    return undefined
  }
}

async function withPinentry<T>(
  { program, env = process.env }: PinentryOptions,
  { signal }: Asking,
  talk: (pinentry: AssuanConnection) => Promise<T>,
): Promise<T> {
  try {
    const pinentry = await openAssuan(program, { env, signal })
    try {
      return await talk(pinentry)
    } finally {
      await pinentry.close()
    }
  } catch (error) {
    // It ended or has no screen to show itself on: both mean that nobody was asked.
    const isFailure = error instanceof AssuanClosedError || error instanceof AssuanError
    throw isFailure ? new BridgeError('BRIDGE_NO_PROMPT', { cause: error }) : error
  }
}

/** Sets all texts of the dialog. There is no `constraints-enforce`: with it, pinentry-qt sends the PIN back to check. */
async function describe(
  pinentry: AssuanConnection,
  words: Words,
  { timeoutMs, env = process.env }: PinentryOptions & Asking,
): Promise<void> {
  for (const option of terminalOptions(env)) await set(pinentry, 'OPTION', option)
  await set(pinentry, 'SETTITLE', words.title)
  await set(pinentry, 'SETDESC', describeText(words))
  await set(pinentry, 'SETOK', `_${words.accept}`)
  await set(pinentry, 'SETCANCEL', `_${words.refuse}`)
  await set(pinentry, 'SETTIMEOUT', String(Math.max(1, Math.ceil(timeoutMs / 1000))))
}

/** A dialog without a field has no place for a warning of its own. */
function describeText(words: Words | SecretWords): string {
  const { heading, lines, warnings } = words
  const inText = warnings.length > 0 && !('label' in words) ? ['', ...warnings] : []
  return [heading, ...lines, ...inText].map(foldLine).join('\n')
}

/** A dialog with a field shows this beside it, in another colour. */
function findError(words: Words | SecretWords): string {
  if (!('label' in words)) return ''
  const texts = [words.notice, ...words.warnings].filter((text) => text !== undefined)
  return texts.map(foldLine).join('\n')
}

/**
 * Breaks a line that is too long, at a space where there is one. pinentry-qt makes its window as wide as the longest
 * word, so that a page with a long address would push the buttons off the screen. What goes on is set in, lest it look
 * like a line of ours.
 */
function foldLine(line: string): string {
  const points = [...line]
  if (points.length <= MAX_COLUMNS) return line
  const space = points.lastIndexOf(' ', MAX_COLUMNS)
  const end = space > MAX_COLUMNS / 2 ? space : MAX_COLUMNS
  return `${points.slice(0, end).join('')}\n${foldLine(`    ${points.slice(end).join('').trimStart()}`)}`
}

/** What a pinentry on a terminal needs to find it; graphical ones pass over it. */
function terminalOptions(env: NodeJS.ProcessEnv): string[] {
  const terminal = env['GPG_TTY'] ?? findTerminal()
  const own = env['LC_ALL'] ?? env['LC_CTYPE'] ?? env['LANG'] ?? ''
  // In the C locale a pinentry would drop what is not ASCII: all of our Vietnamese.
  const locale = /utf-?8/i.test(own) ? own : 'C.UTF-8'
  return [
    ...(terminal === undefined
      ? []
      : [`ttyname=${terminal}`, `ttytype=${env['TERM'] ?? 'xterm-256color'}`]),
    `lc-ctype=${locale}`,
    `lc-messages=${locale}`,
  ]
}

function findTerminal(): string | undefined {
  for (const descriptor of [0, 2, 1]) {
    try {
      const target = readlinkSync(`/proc/self/fd/${descriptor}`)
      if (target.startsWith('/dev/pts/') || target.startsWith('/dev/tty')) return target
    } catch {
      // No /proc on this system: GPG_TTY is the only way.
    }
  }
  return undefined
}

/** Says something that a pinentry may not know; then it does without. */
async function set(pinentry: AssuanConnection, verb: string, text: string): Promise<void> {
  try {
    await pinentry.command(verb, text)
  } catch (error) {
    if (!(error instanceof AssuanError)) throw error
  }
}

/** A pinentry has no third answer: who closes its window has said no. */
async function confirm(pinentry: AssuanConnection): Promise<boolean> {
  try {
    await ask(pinentry, 'CONFIRM')
    return true
  } catch (error) {
    if (error instanceof UserError && error.code === 'USER_CANCELLED') return false
    throw error
  }
}

/** pinentry-curses has its cursor on the OK button, so that a stray Enter would agree. */
async function hasYesAsDefault(pinentry: AssuanConnection): Promise<boolean> {
  const flavor = await pinentry.command('GETINFO', 'flavor')
  return flavor.toString('utf8').split(':').includes('curses')
}

/** OK stands for no there, and the third button for yes. */
async function confirmByOther(pinentry: AssuanConnection): Promise<boolean> {
  try {
    await pinentry.command('CONFIRM')
    return false
  } catch (error) {
    if (!(error instanceof AssuanError)) throw error
    if (error.reason === NOT_CONFIRMED) return true
    if (explain(error)?.code === 'USER_CANCELLED') return false
    throw explain(error) ?? error
  }
}

async function ask(pinentry: AssuanConnection, verb: 'CONFIRM' | 'GETPIN'): Promise<Buffer> {
  try {
    return await pinentry.command(verb)
  } catch (error) {
    throw (error instanceof AssuanError ? explain(error) : undefined) ?? error
  }
}

function explain({ reason }: AssuanError): SigningError | undefined {
  if (reason === TIMEOUT) return new UserError('USER_TIMEOUT')
  const isRefused = [CANCELED, FULLY_CANCELED, NOT_CONFIRMED].includes(reason)
  return isRefused ? new UserError('USER_CANCELLED') : undefined
}
