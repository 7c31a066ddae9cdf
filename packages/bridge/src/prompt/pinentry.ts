/**
 * Asks through a pinentry: consent and PIN in one dialog of a program that the person's system trusts.
 * @module
 */
import { readlinkSync } from 'node:fs'
import { BridgeError, type Language, type SigningError, UserError } from '@trien/sdk/errors'
import { PERSON_TIMEOUT_MS } from '@trien/sdk/wire'
import { AssuanClosedError, AssuanError, type AssuanConnection, openAssuan } from './assuan.ts'
import { MAX_LINE_BYTES, escapedBytes } from './assuan-codec.ts'
import type { Prompt, SignQuestion } from './types.ts'
import { type Words, wordEmptyPin, wordList, wordSignWithin } from './wording.ts'

/** Reasons of libgpg-error. */
const TIMEOUT = 62
const CANCELED = 99
const NOT_CONFIRMED = 114
const FULLY_CANCELED = 198

/** Which program, and how long a person may look at its dialog. */
export interface PinentryOptions {
  /** Absolute path. */
  readonly program: string
  readonly timeoutMs?: number
  readonly env?: NodeJS.ProcessEnv
}

/**
 * Makes a prompt of a pinentry; each question starts the program anew and ends it.
 */
export function createPinentryPrompt(options: PinentryOptions): Prompt {
  return {
    async confirmList(question, signal) {
      await withPinentry(options, signal, async (pinentry) => {
        await describe(pinentry, wordList(question), options)
        await ask(pinentry, 'CONFIRM', 'USER_DENIED')
      })
    },
    askSign: (question, signal) =>
      withPinentry(options, signal, (pinentry) => askSign(pinentry, question, options)),
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
  signal: AbortSignal,
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

async function askSign(
  pinentry: AssuanConnection,
  question: SignQuestion,
  options: PinentryOptions,
): Promise<string | undefined> {
  const words = wordSignWithin(question, fitsLine)
  await describe(pinentry, words, options)
  if (words.pinLabel === undefined) {
    await ask(pinentry, 'CONFIRM', 'USER_CANCELLED')
    return undefined
  }
  for (;;) {
    const data = await ask(pinentry, 'GETPIN', 'USER_CANCELLED')
    const pin = data.toString('utf8')
    data.fill(0)
    if (pin !== '') return pin
    // An empty PIN would cost a try on some tokens.
    await set(pinentry, 'SETERROR', emptyPinError(words, question.language))
  }
}

function emptyPinError({ warning }: Words, language: Language): string {
  const notice = wordEmptyPin(language)
  return warning === undefined ? notice : `${notice}\n${warning}`
}

/** Sets all texts of the dialog. There is no `constraints-enforce`: with it, pinentry-qt sends the PIN back to check. */
async function describe(
  pinentry: AssuanConnection,
  words: Words,
  { timeoutMs = PERSON_TIMEOUT_MS, env = process.env }: PinentryOptions,
): Promise<void> {
  for (const option of terminalOptions(env)) await set(pinentry, 'OPTION', option)
  await set(pinentry, 'SETTITLE', words.title)
  await set(pinentry, 'SETDESC', describeText(words))
  if (words.pinLabel !== undefined) await set(pinentry, 'SETPROMPT', words.pinLabel)
  if (words.warning !== undefined) await set(pinentry, 'SETERROR', words.warning)
  await set(pinentry, 'SETOK', `_${words.accept}`)
  await set(pinentry, 'SETCANCEL', `_${words.refuse}`)
  await set(pinentry, 'SETTIMEOUT', String(Math.max(1, Math.ceil(timeoutMs / 1000))))
}

/** A question without PIN has no place for a warning of its own. */
function describeText({ heading, lines, warning, pinLabel }: Words): string {
  const inText = warning !== undefined && pinLabel === undefined ? ['', warning] : []
  return [heading, ...lines, ...inText].join('\n')
}

function fitsLine(words: Words): boolean {
  return escapedBytes(describeText(words)) <= MAX_LINE_BYTES - 'SETDESC '.length
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

async function ask(
  pinentry: AssuanConnection,
  verb: 'CONFIRM' | 'GETPIN',
  refusal: 'USER_DENIED' | 'USER_CANCELLED',
): Promise<Buffer> {
  try {
    return await pinentry.command(verb)
  } catch (error) {
    throw (error instanceof AssuanError ? explain(error, refusal) : undefined) ?? error
  }
}

function explain(
  error: AssuanError,
  refusal: 'USER_DENIED' | 'USER_CANCELLED',
): SigningError | undefined {
  if (error.reason === TIMEOUT) return new UserError('USER_TIMEOUT')
  if (error.reason === NOT_CONFIRMED) return new UserError('USER_DENIED')
  const isCancelled = error.reason === CANCELED || error.reason === FULLY_CANCELED
  return isCancelled ? new UserError(refusal) : undefined
}
