/**
 * A pseudo-terminal, made by `script` of util-linux.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect } from 'vitest'

/** What is written to it is typed, what a program shows on it is collected. */
export class PseudoTerminal {
  readonly #script: ChildProcess
  #screen = ''

  /** @param command runs on the terminal; it must leave the typing to others where it is not itself asked */
  constructor(command: string, env: NodeJS.ProcessEnv = {}) {
    this.#script = spawn('script', ['-qfc', command, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', DISPLAY: '', WAYLAND_DISPLAY: '', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#script.stdout!.setEncoding('utf8').on('data', (text: string) => (this.#screen += text))
  }

  get screen(): string {
    return this.#screen
  }
  type(keys: string): void {
    this.#script.stdin!.write(keys)
  }
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    await expect.poll(() => this.#screen, { timeout: 20_000 }).toMatch(pattern)
    return pattern.exec(this.#screen)!
  }
  async close(): Promise<void> {
    if (this.#script.exitCode !== null || this.#script.signalCode !== null) return
    // The terminal hangs up with it, and what runs there gets SIGHUP.
    this.#script.kill('SIGKILL')
    await once(this.#script, 'exit')
  }
}

/** Opens terminals; each test's are closed when it has ended. */
export function usePseudoTerminals(): (command: string, env?: NodeJS.ProcessEnv) => PseudoTerminal {
  const terminals: PseudoTerminal[] = []
  afterEach(async () => {
    for (const terminal of terminals.splice(0)) await terminal.close()
  })
  return (command, env) => {
    const terminal = new PseudoTerminal(command, env)
    terminals.push(terminal)
    return terminal
  }
}
