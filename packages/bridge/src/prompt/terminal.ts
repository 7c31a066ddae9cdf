/**
 * Asks on the terminal that the bridge was started from, where there is no display.
 * @module
 */
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs'
import { ReadStream, WriteStream } from 'node:tty'
import { BridgeError, UserError } from '@trien/sdk/errors'
import type { Asking, Face, SecretWords, Words } from './face.ts'
import { PHRASES } from './phrases.ts'

const TERMINAL = '/dev/tty'
const MAX_ANSWER_LENGTH = 256
const YES: readonly string[] = ['co', 'có', 'c', 'yes', 'y']

/** Tells whether this process has a terminal of its own. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync(TERMINAL, 'r+'))
    return true
  } catch {
    return false
  }
}

/**
 * Tells whether the terminal listens to us now. A job that was put in the background would be stopped by the very
 * attempt to ask, and the whole bridge with it.
 */
function isInForeground(): boolean {
  try {
    // proc(5): after the name in brackets come state, ppid, pgrp, session, tty_nr, tpgid.
    const [, , pgrp, , , tpgid] = readFileSync('/proc/self/stat', 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
    return pgrp === tpgid
  } catch {
    // No /proc on this system.
    return true
  }
}

/** Throws away what was typed before the question stood there: a stray Enter is no answer to it. */
function dropTypeAhead(): void {
  const terminal = openSync(TERMINAL, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    while (readSync(terminal, Buffer.alloc(1024)) > 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
  } finally {
    closeSync(terminal)
  }
}

/** Makes the face of this terminal; each dialog takes it and gives it back. */
export function createTerminalFace(): Face {
  return {
    confirm: (words, asking) =>
      converse(words, asking, async (terminal) => {
        const answer = await terminal.ask(`${PHRASES[words.language].typeYes} `, 'shown')
        return YES.includes(answer.normalize('NFC').trim().toLowerCase())
      }),
    askSecret: (words, asking) =>
      converse(words, asking, async (terminal) => {
        const { typeHidden, emptyPin } = PHRASES[words.language]
        const secret = await terminal.ask(`${words.label} ${typeHidden} `, 'hidden')
        if (secret !== '') return secret
        terminal.say(emptyPin)
        throw new UserError('USER_CANCELLED')
      }),
  }
}

async function converse<T>(
  words: Words | SecretWords,
  { signal, timeoutMs }: Asking,
  talk: (terminal: Terminal) => Promise<T>,
): Promise<T> {
  const terminal = new Terminal(AbortSignal.any([signal, timeoutSignal(timeoutMs)]))
  try {
    terminal.show(words)
    return await talk(terminal)
  } catch (error) {
    terminal.say(PHRASES[words.language].closed)
    throw error
  } finally {
    terminal.close()
  }
}

function timeoutSignal(timeoutMs: number): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => {
    controller.abort(new UserError('USER_TIMEOUT'))
  }, timeoutMs).unref()
  return controller.signal
}

/** Opens the terminal twice, as Node wants it. @throws {BridgeError} BRIDGE_NO_PROMPT */
function openTerminal(): { input: ReadStream; output: WriteStream } {
  if (!isInForeground()) throw new BridgeError('BRIDGE_NO_PROMPT')
  try {
    const input = new ReadStream(openSync(TERMINAL, 'r'))
    return { input, output: new WriteStream(openSync(TERMINAL, 'w')) }
  } catch (error) {
    throw new BridgeError('BRIDGE_NO_PROMPT', { cause: error })
  }
}

/** The terminal in raw mode: nothing is echoed but what we echo. */
class Terminal {
  readonly #input: ReadStream
  readonly #output: WriteStream
  /** Aborts when the terminal hangs up or fails, which is no answer and no end of the bridge. */
  readonly #gone = new AbortController()
  readonly #signal: AbortSignal

  constructor(signal: AbortSignal) {
    signal.throwIfAborted()
    this.#signal = AbortSignal.any([signal, this.#gone.signal])
    const { input, output } = openTerminal()
    this.#input = input
    this.#output = output
    const fail = (cause?: unknown): void => {
      this.#gone.abort(new BridgeError('BRIDGE_NO_PROMPT', { cause }))
    }
    input.on('error', fail).on('end', fail)
    output.on('error', fail)
    input.setRawMode(true)
    try {
      dropTypeAhead()
    } catch (error) {
      fail(error)
    }
    if (!this.#signal.aborted) return
    this.close()
    throw this.#signal.reason as Error
  }

  show(words: Words | SecretWords): void {
    const { title, heading, lines, warnings } = words
    const notice = 'label' in words ? words.notice : undefined
    const inverse = (text: string): string => `\x1b[7m ${text} \x1b[0m`
    const bold = (text: string): string => `\x1b[1m${text}\x1b[0m`
    const warn = [notice, ...warnings].flatMap((text) =>
      text === undefined ? [] : ['', bold(`! ${text}`)],
    )
    this.say(['', inverse(title), '', bold(heading), ...lines, ...warn, ''].join('\r\n'))
  }

  say(text: string): void {
    this.#output.write(`${text}\r\n`)
  }

  /**
   * Reads one line.
   * @throws {UserError} USER_CANCELLED at Ctrl-C, Ctrl-D or Escape; {BridgeError} BRIDGE_NO_PROMPT where the terminal is
   *   gone; the signal's reason
   */
  ask(question: string, echo: 'shown' | 'hidden'): Promise<string> {
    this.#output.write(question)
    let answer: string[] = []
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.#signal.removeEventListener('abort', onAbort)
        this.#input.off('data', onData).pause()
        this.#output.write('\r\n')
        settle()
      }
      const onAbort = (): void => {
        end(() => {
          reject(this.#signal.reason as Error)
        })
      }
      const onKey = (key: string): boolean => {
        if (key === '\r' || key === '\n') {
          end(() => {
            resolve(answer.join(''))
          })
        } else if (key === '\x03' || key === '\x04' || key === '\x1b') {
          end(() => {
            reject(new UserError('USER_CANCELLED'))
          })
        } else {
          answer = edit(answer, key)
          if (echo === 'shown') this.#output.write(`\r\x1b[K${question}${answer.join('')}`)
          return false
        }
        return true
      }
      const onData = (data: string): void => {
        for (const key of data) if (onKey(key)) return
      }
      if (this.#signal.aborted) return onAbort()
      this.#signal.addEventListener('abort', onAbort, { once: true })
      this.#input.setEncoding('utf8').on('data', onData).resume()
    })
  }

  close(): void {
    this.#input.setRawMode(false)
    this.#input.destroy()
    this.#output.end()
  }
}

function edit(answer: readonly string[], key: string): string[] {
  if (key === '\x7f' || key === '\b') return answer.slice(0, -1)
  if (key === '\x15') return []
  const isPrintable = key >= ' ' && answer.length < MAX_ANSWER_LENGTH
  return isPrintable ? [...answer, key] : [...answer]
}
