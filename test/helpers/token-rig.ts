/**
 * What every rig of a PKCS#11 module has in common, so that one suite can go over all of them.
 * @module
 */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { IssuedKey, TestAuthority } from './pki.ts'

/** A real module with a token of its own, in folders of its own. */
export interface TokenRig {
  readonly modulePath: string
  /** What the module is to be started with, where it wants that. */
  readonly parameters?: string
  readonly pin: string
  /** What a process needs in its environment to see the token. */
  readonly env: Readonly<Record<string, string>>
  /** The command in front of a program that is to see the token; empty where any process can. */
  readonly inside: readonly string[]
  readonly authority: TestAuthority
  readonly keys: readonly IssuedKey[]
  close(): Promise<void>
}

/**
 * Runs a program to its end, where the token can be seen.
 * @returns what it wrote to stdout
 * @throws with what it wrote to stderr
 */
export async function runInside(
  { inside, env }: Pick<TokenRig, 'inside' | 'env'>,
  command: readonly string[],
  input = '',
): Promise<string> {
  const [program = '', ...args] = [...inside, ...command]
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'pipe' })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  child.stdin.on('error', () => undefined).end(input)
  const [status, stdout, stderr] = await Promise.all([
    ended,
    text(child.stdout),
    text(child.stderr),
  ])
  if (status === 0) return stdout
  throw new Error(`${command.join(' ')}: status ${status}\n${stderr}`)
}
