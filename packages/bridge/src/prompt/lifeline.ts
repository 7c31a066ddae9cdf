/**
 * Ends the program of a dialog together with the bridge, by whatever death that dies: no program looks at the pipes that
 * it was started with while its dialog is open, and a question that nobody waits for must not take a PIN.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Waits on a pipe whose other end only the bridge holds. A line says that the program has ended by itself; an end
 * without one that the bridge is gone.
 */
const WATCH = 'read -r _ || kill "$0"'

/** Has a program ended when this process is. On Windows, which has no shell for that, its own deadline ends it. */
export function endWithThisProcess(program: ChildProcess): void {
  if (program.pid === undefined || process.platform === 'win32') return
  const watch = spawn('/bin/sh', ['-c', WATCH, String(program.pid)], {
    cwd: '/',
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Where there is no shell, or its end was faster than ours, there is nothing to tell it.
  watch.on('error', () => undefined)
  watch.stdin.on('error', () => undefined)
  program.once('exit', () => watch.stdin.end('\n'))
}
