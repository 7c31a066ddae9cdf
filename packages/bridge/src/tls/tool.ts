/**
 * Runs a program of the system that looks after trusted certificates.
 * @module
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A store that waits for a password or a lock does not hold the bridge. */
const TIMEOUT_MS = 20_000
const MAX_OUTPUT_LENGTH = 1 << 20

/** The program could not be run, or said no. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
}

/**
 * Runs a program to its end, by arguments alone: no shell, nothing to read, no terminal to ask a password on.
 * @returns what it wrote
 * @throws {ToolError}
 */
export async function runTool(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
    // Away from the terminal: certutil asks for a database's password on /dev/tty where there is one.
    detached: true,
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output.length < MAX_OUTPUT_LENGTH) output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (errors.length < MAX_OUTPUT_LENGTH) errors += text
  })
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    if (code === 0) return output
    const [reason = ''] = errors.trim().split('\n')
    throw new ToolError(reason === '' ? `${program} ended with ${String(code)}` : reason)
  } catch (cause) {
    if (cause instanceof ToolError) throw cause
    throw new ToolError(`${program} does not start`, { cause })
  }
}
