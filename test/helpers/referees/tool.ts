/**
 * Running other people's programs.
 * @module
 */
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SignedFile, Verdict } from './types.ts'

/** The repository's top folder. */
export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What a program left behind. */
export interface ToolResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Finds a program on the PATH. */
export function findProgram(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, name)
    try {
      if (folder === '') continue
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // The next folder may have it.
    }
  }
  return undefined
}

/**
 * Runs a program to its end, in English.
 * @param input for its standard input
 */
export function runTool(
  command: string,
  args: readonly string[],
  input = '',
  timeoutMs = 300_000,
): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
      timeout: timeoutMs,
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    // A program that ends before it has read all says so by its status.
    child.stdin.on('error', () => undefined)
    child.once('error', reject)
    child.once('close', (status, signal) => {
      const stderr = Buffer.concat(err).toString('utf8')
      resolve({
        status: status ?? 255,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: signal === null ? stderr : `${stderr}ended by ${signal}`,
      })
    })
    child.stdin.end(input)
  })
}

/** Judges files one after another, each by a program of its own. */
export async function judgeEach(
  referee: string,
  files: readonly SignedFile[],
  judgeOne: (file: SignedFile) => Promise<Omit<Verdict, 'referee'>>,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = []
  for (const file of files) {
    const { accepted, summary } = await judgeOne(file)
    verdicts.push({ referee, accepted, summary: oneLine(summary) })
  }
  return verdicts
}

/**
 * Judges files by one run of a program that reads a case a line, `KIND TAB LEVEL TAB SIGNATURE [TAB DATA]`, and answers each
 * by a line, `accepted|refused TAB why`.
 */
export async function judgeByLines(
  referee: string,
  files: readonly SignedFile[],
  command: string,
  args: readonly string[],
): Promise<readonly Verdict[]> {
  if (files.length === 0) return []
  const cases = files.map((file) =>
    [
      file.kind,
      file.level ?? 'B-B',
      file.signature,
      ...('data' in file && file.data !== undefined ? [file.data] : []),
    ].join('\t'),
  )
  // A program that hangs is ended; one with much to judge on a busy machine is not.
  const timeoutMs = 300_000 + files.length * 1000
  const { status, stdout, stderr } = await runTool(
    command,
    args,
    `${cases.join('\n')}\n`,
    timeoutMs,
  )
  const answers = stdout.split('\n').filter((line) => line !== '')
  if (status !== 0 || answers.length !== files.length) {
    throw new Error(
      `${referee}: ${answers.length} answers to ${files.length} files, status ${status}: ${stderr.slice(-2000)}`,
    )
  }
  return answers.map((answer) => {
    const [verdict, summary] = answer.split('\t')
    return { referee, accepted: verdict === 'accepted', summary: oneLine(summary ?? '') }
  })
}

/** Text on one line. */
export function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
