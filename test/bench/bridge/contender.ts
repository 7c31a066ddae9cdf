/**
 * A process that measures, told line by line what to do next: two of them take turns, so that a busy moment of the
 * machine hits both.
 * @module
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A process that answers one question at a time. */
export interface Contender {
  ask<Answer>(question: object): Promise<Answer>
  /** Ends the process and resolves when it is gone. */
  stop(): Promise<void>
}

/**
 * Starts one.
 * @param file beside this one; see its header for the questions
 */
export function startContender(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Contender {
  const program = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async ask<Answer>(question: object) {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      const { value, done } = await answers.next()
      if (done === true) throw new Error(`bench: ${file} ended before it answered`)
      return JSON.parse(value) as Answer
    },
    async stop() {
      child.stdin.end()
      await gone
    },
  }
}
