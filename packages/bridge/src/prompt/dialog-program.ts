/**
 * Runs a small program of the system that shows one dialog: the words go in on stdin, the answer comes back on stdout,
 * and neither is ever an argument, which every other program could read.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { BridgeError, UserError } from '@trien/sdk/errors'
import type { Asking, SecretWords, Words } from './face.ts'
import { endWithThisProcess } from './lifeline.ts'

/** Beyond the dialog's own time: for the program to start and to end. */
const GRACE_MS = 15_000
const MAX_ANSWER_BYTES = 16 * 1024

/** What a program is told, as JSON in base64, so that no encoding of a console can change a letter. */
export interface Dialog {
  readonly title: string
  readonly heading: string
  readonly text: string
  /** Beside the field for the secret; null where there is none. */
  readonly label: string | null
  readonly accept: string
  readonly refuse: string
  readonly timeoutSeconds: number
}

/** What it answers, encoded alike. */
interface Answer {
  readonly outcome: 'accepted' | 'refused' | 'cancelled' | 'timeout'
  readonly secret?: string
}

/** A program and its fixed arguments: nothing of a question is among them. */
export interface DialogProgram {
  readonly program: string
  readonly args: readonly string[]
}

/**
 * Asks by a program.
 * @returns the secret, or the empty text where none is asked; undefined where the person refused
 * @throws {UserError} USER_CANCELLED, USER_TIMEOUT; {BridgeError} BRIDGE_NO_PROMPT; the signal's reason
 */
export async function askByProgram(
  program: DialogProgram,
  words: Words | SecretWords,
  { signal, timeoutMs }: Asking,
): Promise<string | undefined> {
  signal.throwIfAborted()
  const dialog = layOut(words, timeoutMs)
  const output = await run(program, encode(dialog), { signal, timeoutMs: timeoutMs + GRACE_MS })
  signal.throwIfAborted()
  const { outcome, secret } = parseAnswer(output)
  if (outcome === 'timeout') throw new UserError('USER_TIMEOUT')
  if (outcome === 'cancelled') throw new UserError('USER_CANCELLED')
  if (outcome === 'refused') return undefined
  if (dialog.label !== null && typeof secret !== 'string') throw new BridgeError('BRIDGE_NO_PROMPT')
  return secret ?? ''
}

function layOut(words: Words | SecretWords, timeoutMs: number): Dialog {
  const { title, heading, lines, warnings, accept, refuse } = words
  const notice = 'notice' in words ? words.notice : undefined
  const notes = [notice, ...warnings].filter((note) => note !== undefined)
  return {
    title,
    heading,
    text: [...lines, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n'),
    label: 'label' in words ? words.label : null,
    accept,
    refuse,
    timeoutSeconds: Math.max(1, Math.ceil(timeoutMs / 1000)),
  }
}

function encode(dialog: Dialog): string {
  return Buffer.from(JSON.stringify(dialog), 'utf8').toString('base64')
}

function parseAnswer(output: Buffer): Answer {
  const text = Buffer.from(output.toString('latin1').trim(), 'base64').toString('utf8')
  try {
    const answer = JSON.parse(text) as Answer
    if (['accepted', 'refused', 'cancelled', 'timeout'].includes(answer.outcome)) return answer
  } catch {
    // The parser's message would quote the secret.
  }
  throw new BridgeError('BRIDGE_NO_PROMPT')
}

function run(
  { program, args }: DialogProgram,
  input: string,
  limits: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Buffer> {
  const child: ChildProcess = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  })
  endWithThisProcess(child)
  const chunks: Buffer[] = []
  let size = 0
  const end = (): void => void child.kill('SIGKILL')
  const timer = setTimeout(end, limits.timeoutMs)
  limits.signal.addEventListener('abort', end)
  child.stdin?.on('error', () => {}).end(`${input}\n`)
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) end()
    else chunks.push(chunk)
  })
  return new Promise<Buffer>((resolve, reject) => {
    child.once('error', (cause) => reject(new BridgeError('BRIDGE_NO_PROMPT', { cause })))
    child.once('close', () => resolve(Buffer.concat(chunks)))
  }).finally(() => {
    clearTimeout(timer)
    limits.signal.removeEventListener('abort', end)
  })
}
