/**
 * Keeps a PKCS#11 module at arm's length: in a process of its own, one question at a time, each step with a deadline.
 * @module
 */
import { fileURLToPath } from 'node:url'
import { PERSON_TIMEOUT_MS } from '@trien/sdk/wire'
import { createHastyReading } from './haste.ts'
import { type KeptHost, keepHost } from './host-keeper.ts'
import type { HostQuestion } from './host-process.ts'
import type { HostReply } from './messages.ts'
import { createTurns } from './turns.ts'
import type { SeenToken, TokenPinRequest, TokenSignRequest, TokenSource } from './types.ts'

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

/** Which module, and how patient. */
export interface ModuleSourceOptions {
  /** From the machine's own configuration, never from a page. */
  readonly modulePath: string
  /** What the module is started with; from the machine's own configuration too. */
  readonly parameters?: string | undefined
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

/** Questions that leave the tokens as they are. */
const READING: ReadonlySet<string> = new Set(['list', 'describe', 'look'])

/** Makes a source of the tokens that a PKCS#11 module drives. Nothing is started before the first call. */
export function createModuleSource(options: ModuleSourceOptions): ModuleSource {
  const { modulePath, parameters } = options
  const deadlines = { ...DEADLINES, ...options.deadlines }
  const host = keepHost({
    module: { modulePath, parameters },
    hostFile: options.hostFile ?? fileURLToPath(new URL('token-host.js', import.meta.url)),
    idleMs: options.idleMs ?? IDLE_MS,
  })
  const { inTurn, ask, isAtWork, isBusy } = createLine(host)
  const list = createHastyReading({
    patienceMs: deadlines.list,
    findPid: () => host.pid,
    async read(withinMs, signal) {
      const reply = await host.ask(readingQuestion('list', signal, withinMs))
      return reply.type === 'listed' ? reply.certificates : []
    },
    hasTokens: (found) => found.length > 0,
  })

  return {
    name: modulePath,
    isGeneric: options.isGeneric === true,
    get generation() {
      return host.generation
    },
    isAtWork,
    get pid() {
      return host.pid
    },
    async look(signal) {
      if (isBusy()) return undefined
      const reply = await ask(readingQuestion('look', signal, deadlines.list))
      return reply.type === 'looked' ? reply.presence : undefined
    },
    listCertificates: (signal) => inTurn(signal, () => list(signal)),
    async describe(signal) {
      const reply = await ask(readingQuestion('describe', signal, deadlines.list))
      return reply.type === 'described' ? reply.tokens : []
    },
    async sign(request) {
      await ask(signQuestion(request, deadlines))
    },
    async changePin(request) {
      await ask(pinQuestion('change-pin', request, deadlines))
    },
    async unblock(request) {
      await ask(pinQuestion('unblock', request, deadlines))
    },
    close: () => host.close(),
  }
}

/** The line of questions before a host, and what it does now. */
function createLine(host: KeptHost) {
  const takeTurn = createTurns()
  let isAtWork = false
  let asked = 0

  function inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    asked += 1
    return takeTurn(signal, work).finally(() => {
      asked -= 1
    })
  }

  return {
    inTurn,
    ask: (question: HostQuestion): Promise<HostReply> =>
      inTurn(question.signal, async () => {
        isAtWork = !READING.has(question.request.type)
        try {
          return await host.ask(question)
        } finally {
          isAtWork = false
        }
      }),
    /** Whether it does something else than to be read. */
    isAtWork: () => isAtWork,
    isBusy: () => asked > 0,
  }
}

function readingQuestion(
  type: 'list' | 'describe' | 'look',
  signal: AbortSignal,
  withinMs: number,
): HostQuestion {
  const limits = { firstReplyMs: withinMs, nextReplyMs: withinMs }
  return { request: { type }, signal, ...limits, onReply: () => undefined }
}

function signQuestion(request: TokenSignRequest, deadlines: Deadlines): HostQuestion {
  const { certificateId, items, pin, signal, onLoggedIn, onSigned } = request
  return {
    request: {
      type: 'sign',
      certificateId,
      items,
      pin: pin === undefined ? undefined : new TextEncoder().encode(pin),
    },
    signal,
    firstReplyMs: deadlines.list + (pin === undefined ? deadlines.keypad : deadlines.login),
    nextReplyMs: deadlines.sign,
    onReply(reply) {
      if (reply.type === 'logged-in') onLoggedIn?.()
      if (reply.type === 'signed') onSigned(reply.first, reply.signatures)
    },
  }
}

function pinQuestion(
  type: 'change-pin' | 'unblock',
  { token: { label, manufacturer, serial }, secret, newPin, signal }: TokenPinRequest,
  deadlines: Deadlines,
): HostQuestion {
  const encode = (text: string | undefined): Uint8Array | undefined =>
    text === undefined ? undefined : new TextEncoder().encode(text)
  const token = { label, manufacturer, serial }
  const typingMs = secret === undefined ? 2 * deadlines.keypad : 2 * deadlines.login
  return {
    request: { type, token, secret: encode(secret), newPin: encode(newPin) },
    signal,
    firstReplyMs: deadlines.list + typingMs,
    nextReplyMs: deadlines.login,
    onReply: () => undefined,
  }
}
