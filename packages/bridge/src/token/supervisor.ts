/**
 * Keeps a PKCS#11 module at arm's length: in a process of its own, with deadlines, started when it is needed and again
 * after it has failed, a little later each time.
 * @module
 */
import { fileURLToPath } from 'node:url'
import { PERSON_TIMEOUT_MS } from '@trien/sdk/wire'
import { isSigningError } from '@trien/sdk/errors'
import { type HostProcess, type HostQuestion, startHost } from './host-process.ts'
import type { HostReply } from './messages.ts'
import { createTurns, wait } from './turns.ts'
import type { SeenToken, TokenSignRequest, TokenSource } from './types.ts'

/** How long each step of an operation may take, in milliseconds. */
export interface Deadlines {
  /** Loading the module and reading all its tokens; a reader that was just torn away from a call needs 8 s. */
  readonly list: number
  readonly login: number
  /** Login where the person types on the reader's own keypad. */
  readonly keypad: number
  /** Each signature. */
  readonly sign: number
}

const DEADLINES: Deadlines = {
  // Under the 15 s that the wire gives to a question which asks nobody, so that the error can name the token.
  list: 12_000,
  login: 20_000,
  keypad: PERSON_TIMEOUT_MS,
  sign: 20_000,
}
/** A host that nobody asks costs 40 MB: it is ended, and started again by the next question. */
const IDLE_MS = 60_000
const FIRST_PAUSE_MS = 250
const MAX_PAUSE_MS = 5000

/** Which module, and how patient. */
export interface ModuleSourceOptions {
  /** From the machine's own configuration, never from a page. */
  readonly modulePath: string
  readonly isGeneric?: boolean
  /** The built token host; beside the running file where left out. */
  readonly hostFile?: string
  readonly deadlines?: Partial<Deadlines>
  /** Milliseconds after which a host that is asked nothing is ended. */
  readonly idleMs?: number
}

/** A token source that can say which process it stands on. */
export interface ModuleSource extends TokenSource {
  /** Of the host that runs now; undefined before the first call and after a failure. */
  readonly pid: number | undefined
  /**
   * Lists the module's tokens, those without a certificate too.
   * @throws {TokenError} whose cause is a {ModuleFailure} where the module itself cannot be used
   */
  describe(signal: AbortSignal): Promise<readonly SeenToken[]>
}

/** Makes a source of the tokens that a PKCS#11 module drives. Nothing is started before the first call. */
export function createModuleSource(options: ModuleSourceOptions): ModuleSource {
  const { modulePath, idleMs = IDLE_MS } = options
  const deadlines = { ...DEADLINES, ...options.deadlines }
  const hostFile = options.hostFile ?? fileURLToPath(new URL('token-host.js', import.meta.url))
  const takeTurn = createTurns()
  let host: HostProcess | undefined
  let failures = 0
  let idleTimer: NodeJS.Timeout | undefined
  let retiring: Promise<void> | undefined

  function retire(): void {
    retiring = host?.close()
    host = undefined
  }

  async function getHost(signal: AbortSignal): Promise<HostProcess> {
    if (host?.isAlive() === true) return host
    // The first restart is at once: most crashes are of a module that was torn off its token.
    const pauseMs = failures < 2 ? 0 : FIRST_PAUSE_MS * 2 ** (failures - 2)
    await wait(Math.min(pauseMs, MAX_PAUSE_MS), signal)
    return (host = startHost(hostFile, modulePath))
  }

  function ask(question: HostQuestion): Promise<HostReply> {
    return takeTurn(question.signal, async () => {
      clearTimeout(idleTimer)
      try {
        const reply = await (await getHost(question.signal)).ask(question)
        failures = 0
        return reply
      } catch (error) {
        failures = isHostFailure(error) ? failures + 1 : 0
        // What a driver still holds of a token that was torn away spoils the next operation, or hangs it.
        if (isSigningError(error) && error.code === 'TOKEN_REMOVED') await host?.close()
        throw error
      } finally {
        idleTimer = setTimeout(retire, idleMs).unref()
      }
    })
  }

  return {
    name: modulePath,
    isGeneric: options.isGeneric === true,
    get pid() {
      return host?.isAlive() === true ? host.pid : undefined
    },
    async listCertificates(signal) {
      const reply = await ask(listQuestion('list', signal, deadlines))
      return reply.type === 'listed' ? reply.certificates : []
    },
    async describe(signal) {
      const reply = await ask(listQuestion('describe', signal, deadlines))
      return reply.type === 'described' ? reply.tokens : []
    },
    async sign(request) {
      await ask(signQuestion(request, deadlines))
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

function listQuestion(
  type: 'list' | 'describe',
  signal: AbortSignal,
  { list }: Deadlines,
): HostQuestion {
  const limits = { firstReplyMs: list, nextReplyMs: list }
  return { request: { type }, signal, ...limits, onReply: () => undefined }
}

function signQuestion(request: TokenSignRequest, deadlines: Deadlines): HostQuestion {
  const { certificateId, items, pin, signal, onSigned } = request
  return {
    request: {
      type: 'sign',
      certificateId,
      items: items.map(({ algorithm, toBeSigned }) => ({ algorithm, toBeSigned })),
      pin: pin === undefined ? undefined : new TextEncoder().encode(pin),
    },
    signal,
    firstReplyMs: deadlines.list + (pin === undefined ? deadlines.keypad : deadlines.login),
    nextReplyMs: deadlines.sign,
    onReply(reply) {
      if (reply.type === 'signed') onSigned(reply.index, new Uint8Array(reply.signature))
    },
  }
}
