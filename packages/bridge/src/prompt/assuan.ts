/**
 * A client of the Assuan protocol over the stdin and stdout of a child process. What it says is never logged.
 * @module
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { encodeCommand, parseLine } from './assuan-codec.ts'
import { endWithThisProcess } from './lifeline.ts'

/** The server answered ERR. */
export class AssuanError extends Error {
  override readonly name = 'AssuanError'
  /** The whole number of libgpg-error: source in the upper bits, reason in the lower 16. */
  readonly code: number
  constructor(code: number) {
    super(`ERR ${code}`)
    this.code = code
  }
  /** For example 99 cancelled, 114 not confirmed, 62 timeout. */
  get reason(): number {
    return this.code & 0xffff
  }
}

/** The program could not be started, or ended before it answered. */
export class AssuanClosedError extends Error {
  override readonly name = 'AssuanClosedError'
}

/** A running server. Commands go one after another. */
export interface AssuanConnection {
  /**
   * Sends a command and waits for its OK.
   * @returns the data that came with it; empty where none did. The caller clears it where it is secret.
   * @throws {AssuanError} the server's ERR
   * @throws {AssuanClosedError}
   */
  command(verb: string, text?: string): Promise<Buffer>
  /** Ends the program and resolves when it is gone. */
  close(): Promise<void>
}

/** How the program is started. */
export interface AssuanOptions {
  readonly env?: NodeJS.ProcessEnv | undefined
  /** Ends the program and rejects what waits, with the signal's reason. */
  readonly signal: AbortSignal
}

/** A pinentry that does not end by itself within this is killed. */
const PATIENCE_MS = 1_000
const MAX_UNREAD_BYTES = 4096
const LF = 0x0a

interface Waiting {
  readonly resolve: (data: Buffer) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Starts the program and waits for its greeting.
 * @throws {AssuanClosedError}
 */
export async function openAssuan(
  program: string,
  options: AssuanOptions,
): Promise<AssuanConnection> {
  options.signal.throwIfAborted()
  const connection = new ChildConnection(program, options)
  try {
    await connection.greeting
  } catch (error) {
    await connection.close()
    throw error
  }
  return connection
}

class ChildConnection implements AssuanConnection {
  readonly greeting: Promise<Buffer>
  readonly #child: ChildProcessWithoutNullStreams
  readonly #gone: Promise<void>
  #unread = Buffer.alloc(0)
  #data: Buffer[] = []
  #waiting: Waiting | undefined
  #failure: unknown

  constructor(program: string, { env, signal }: AssuanOptions) {
    this.#child = spawn(program, [], { env, stdio: ['pipe', 'pipe', 'pipe'] })
    endWithThisProcess(this.#child)
    this.#child.stderr.resume()
    this.#child.stdin.on('error', () => {})
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#read(chunk)
    })
    const onAbort = (): void => {
      this.#fail(signal.reason)
      this.#kill()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    this.#gone = new Promise((resolve) => {
      const end = (cause?: Error): void => {
        signal.removeEventListener('abort', onAbort)
        this.#fail(new AssuanClosedError('the pinentry ended', { cause }))
        resolve()
      }
      this.#child.once('error', end)
      this.#child.once('close', () => {
        end()
      })
    })
    this.greeting = this.#answer()
  }

  command(verb: string, text?: string): Promise<Buffer> {
    const answer = this.#answer()
    this.#child.stdin.write(encodeCommand(verb, text))
    return answer
  }

  async close(): Promise<void> {
    this.#child.stdin.end(encodeCommand('BYE'))
    const timer = setTimeout(() => {
      this.#kill()
    }, PATIENCE_MS)
    await this.#gone
    clearTimeout(timer)
  }

  #answer(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#failure === undefined) this.#waiting = { resolve, reject }
      else reject(this.#failure)
    })
  }

  /** SIGTERM lets a pinentry on a terminal give the terminal back; who does not listen is killed. */
  #kill(): void {
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS)
    void this.#gone.then(() => {
      clearTimeout(timer)
    })
  }

  #fail(reason: unknown): void {
    this.#failure ??= reason
    this.#settle()?.reject(this.#failure)
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    return waiting
  }

  #read(chunk: Buffer): void {
    const joined = Buffer.concat([this.#unread, chunk])
    let start = 0
    for (let end = joined.indexOf(LF); end >= 0; end = joined.indexOf(LF, start)) {
      this.#take(joined.subarray(start, end))
      start = end + 1
    }
    this.#unread = Buffer.from(joined.subarray(start))
    // The lines may have held a PIN.
    joined.fill(0)
    chunk.fill(0)
    if (this.#unread.length <= MAX_UNREAD_BYTES) return
    this.#fail(new AssuanClosedError('the pinentry sent an endless line'))
    this.#kill()
  }

  #take(line: Buffer): void {
    const parsed = parseLine(line)
    if (parsed.type === 'data') this.#data.push(parsed.data)
    // pinentry-qt would hand us the PIN to check (constraints-enforce): we take no part in that.
    else if (parsed.type === 'inquire') this.#child.stdin.write(encodeCommand('CAN'))
    else if (parsed.type !== 'other') {
      const data = Buffer.concat(this.#data)
      for (const part of this.#data.splice(0)) part.fill(0)
      if (parsed.type === 'ok') this.#settle()?.resolve(data)
      else this.#settle()?.reject(new AssuanError(parsed.code))
    }
  }
}
