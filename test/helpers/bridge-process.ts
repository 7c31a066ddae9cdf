/**
 * The built bridge as its own process, the way a person runs it.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../packages/bridge/dist/cli.js', import.meta.url))
const READY = /^trien-bridge: ready on ws:\/\/127\.0\.0\.1:(\d+)\/v1$/m
const READY_TIMEOUT_MS = 30_000

/** How the bridge is started. */
export interface BridgeProcessOptions {
  /** After `serve`; without a `--port` any free one is taken. */
  readonly args?: readonly string[]
  /** Look for the machine's own modules; no test should come upon a real token unasked. */
  readonly discovery?: boolean
  /** Added to the environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** In a session without the terminal that the tests were started from. */
  readonly withoutTerminal?: boolean
  /** As this Unix user; its files must be readable to them. */
  readonly uid?: number
  /** Another copy of the built bridge. */
  readonly cli?: string
  /** A command that runs the bridge in its own place, as `nsenter` does. */
  readonly inside?: readonly string[]
}

/** A running bridge. */
export interface BridgeProcess {
  readonly pid: number
  readonly port: number
  /** `ws://127.0.0.1:PORT/v1` */
  readonly url: string
  /** All of stderr so far. */
  stderr(): string
  /** Resolves when stderr, read from the start, matches. */
  untilStderr(pattern: RegExp): Promise<RegExpExecArray>
  /** Ends the process by SIGTERM (or another signal) and resolves with its exit code, null where a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Runs `trien-bridge serve` and resolves when it is ready. */
export async function startBridge(options: BridgeProcessOptions = {}): Promise<BridgeProcess> {
  const args = [...(options.args ?? [])]
  if (!args.includes('--port')) args.push('--port', '0')
  if (options.discovery !== true) args.push('--no-discovery')
  const child = spawnCli(['serve', ...args], options)
  const output = watch(child)
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const bridge = {
    stderr: output.text,
    untilStderr: output.until,
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
  try {
    const port = Number((await output.until(READY))[1])
    return { ...bridge, pid: child.pid ?? 0, port, url: `ws://127.0.0.1:${port}/v1` }
  } catch (error) {
    await bridge.stop('SIGKILL')
    throw error
  }
}

/** Runs a command of the bridge to its end. */
export async function runBridge(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
  inside: readonly string[] = [],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawnCli(args, { env, inside })
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}

function spawnCli(
  args: readonly string[],
  {
    env = {},
    withoutTerminal = false,
    uid,
    cli = CLI,
    inside = [],
  }: Omit<BridgeProcessOptions, 'args'>,
): ChildProcess {
  if (!existsSync(cli)) throw new Error('the bridge is not built: run `npm run build` first')
  // What one bridge remembers is not for the next one, nor for the person who runs the tests.
  const state = mkdtempSync(path.join(tmpdir(), 'trien-state-'))
  const [program = '', ...rest] = [...inside, process.execPath, cli, ...args]
  const child = spawn(program, rest, {
    env: {
      ...process.env,
      XDG_STATE_HOME: state,
      // Another user may not read this one's settings, and has none.
      ...(uid === undefined ? {} : { HOME: '/nonexistent', XDG_CONFIG_HOME: undefined }),
      ...env,
    },
    // Its own session, as setsid(2) makes one, has no terminal.
    detached: withoutTerminal,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, cwd: path.dirname(cli) }),
  })
  child.once('exit', () => rmSync(state, { recursive: true, force: true }))
  return child
}

function watch(child: ChildProcess): {
  text: () => string
  until: (pattern: RegExp) => Promise<RegExpExecArray>
} {
  let text = ''
  let over = false
  const checks = new Set<() => void>()
  const changed = (): void => checks.forEach((check) => check())
  child.stdout?.resume()
  child.stderr?.setEncoding('utf8').on('data', (more: string) => {
    text += more
    changed()
  })
  child.once('close', () => {
    over = true
    changed()
  })
  const until = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`bridge: ${why}; stderr:\n${text}`))
      const timer = setTimeout(() => finish(() => fail(`no ${pattern}`)), READY_TIMEOUT_MS)
      const finish = (settle: () => void): void => {
        clearTimeout(timer)
        checks.delete(check)
        settle()
      }
      const check = (): void => {
        const found = pattern.exec(text)
        if (found !== null) finish(() => resolve(found))
        else if (over) finish(() => fail(`ended before ${pattern}`))
      }
      checks.add(check)
      check()
    })
  return { text: () => text, until }
}
