/**
 * Keeps a token host at hand: started when it is needed, and again after it has failed, a little later each time; ended
 * when nobody asks.
 * @module
 */
import { isSigningError } from '@trien/sdk/errors'
import { type HostProcess, type HostQuestion, startHost } from './host-process.ts'
import type { HostReply, ModuleChoice } from './messages.ts'
import { wait } from './turns.ts'

const FIRST_PAUSE_MS = 250
const MAX_PAUSE_MS = 5000

/** A host that may be another process each time it is asked. */
export interface KeptHost {
  /** Of the one that runs now; undefined before the first question and after a failure. */
  readonly pid: number | undefined
  /** Another number when a host was ended because its token was gone, or because nobody asked. */
  readonly generation: number
  /** One question at a time. @throws {SigningError} */
  ask(question: HostQuestion): Promise<HostReply>
  close(): Promise<void>
}

/** Which host, and how long it stays unasked. */
export interface KeptHostOptions {
  readonly hostFile: string
  readonly module: ModuleChoice
  readonly idleMs: number
}

/** Starts nothing before the first question. */
export function keepHost({ hostFile, module, idleMs }: KeptHostOptions): KeptHost {
  let host: HostProcess | undefined
  let generation = 0
  let failures = 0
  let idleTimer: NodeJS.Timeout | undefined
  let retiring: Promise<void> | undefined

  const isAlive = (): boolean => host?.isAlive() === true

  function retire(): void {
    generation += 1
    retiring = host?.close()
    host = undefined
  }

  async function getHost(signal: AbortSignal): Promise<HostProcess> {
    if (host?.isAlive() === true) return host
    // The first restart is at once: most crashes are of a module that was torn off its token.
    const pauseMs = failures < 2 ? 0 : FIRST_PAUSE_MS * 2 ** (failures - 2)
    await wait(Math.min(pauseMs, MAX_PAUSE_MS), signal)
    return (host = startHost(hostFile, module))
  }

  return {
    get pid() {
      return isAlive() ? host?.pid : undefined
    },
    get generation() {
      return generation
    },
    async ask(question) {
      clearTimeout(idleTimer)
      try {
        const reply = await (await getHost(question.signal)).ask(question)
        failures = 0
        return reply
      } catch (error) {
        failures = isHostFailure(error) ? failures + 1 : 0
        // What a driver still holds of a token that was torn away spoils the next operation, or hangs it.
        if (isSigningError(error) && error.code === 'TOKEN_REMOVED') {
          generation += 1
          await host?.close()
        }
        throw error
      } finally {
        idleTimer = setTimeout(retire, idleMs).unref()
      }
    },
    async close() {
      clearTimeout(idleTimer)
      await Promise.all([host?.close(), retiring])
    },
  }
}

/** A crash or a hang of the module, not a no of the token. */
function isHostFailure(error: unknown): boolean {
  return (
    isSigningError(error) &&
    (error.code === 'TOKEN_DRIVER_CRASHED' || error.code === 'TOKEN_TIMEOUT')
  )
}
