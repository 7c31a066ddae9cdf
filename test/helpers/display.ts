/**
 * A display that nobody sees, and the keys of a person who sits before it.
 * @module
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** A running X server. */
export interface Display {
  /** For the environment of programs that shall appear on it. */
  readonly name: string
  /** Presses and releases keys, by their X names, wherever the focus is. */
  press(...keys: readonly string[]): void
  stop(): Promise<void>
}

/** Starts Xvfb on a number that is free. */
export async function startDisplay(): Promise<Display> {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1000x700x24', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  )
  const exited = once(server, 'exit')
  const [number] = (await once(server.stdio[3] as Readable, 'data')) as [Buffer]
  const name = `:${String(number).trim()}`
  return {
    name,
    press(...keys) {
      for (const key of keys) {
        execFileSync('xdotool', ['key', key], { env: { ...process.env, DISPLAY: name } })
      }
    },
    async stop() {
      server.kill()
      await exited
    },
  }
}
