/**
 * The life of one token host: started, asked, ended. What it runs is a vendor's code, so every wait has a deadline.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process'
import { type SigningError, TokenError, UserError, createError } from '@trien/sdk/errors'
import {
  type HostReply,
  type HostRequest,
  LIFELINE_FD,
  MODULE_PARAMETERS,
  type ModuleChoice,
  clearSecrets,
} from './messages.ts'
import { ModuleFailure } from './problem.ts'

/** Started once; not usable after it has failed. */
export interface HostProcess {
  readonly pid: number | undefined
  isAlive(): boolean
  /** @throws {SigningError} */
  ask(question: HostQuestion): Promise<HostReply>
  /** Lets the module finish; ends the process where it does not. */
  close(): Promise<void>
}

/** One request and how long each of its steps may take. */
export interface HostQuestion {
  readonly request: HostRequest
  readonly signal: AbortSignal
  /** Milliseconds until the first reply. */
  readonly firstReplyMs: number
  /** Milliseconds until each of the following. */
  readonly nextReplyMs: number
  readonly onReply: (reply: HostReply) => void
}

/** A module that has not finished by then is ended. */
const CLOSE_PATIENCE_MS = 1000

/**
 * Starts a host.
 * @param hostFile the built `token-host.js`
 */
export function startHost(hostFile: string, { modulePath, parameters }: ModuleChoice): HostProcess {
  const child = fork(hostFile, [modulePath], {
    // Not as an argument: those of a process can be read by every user of the machine.
    env: { ...process.env, [MODULE_PARAMETERS]: parameters },
    serialization: 'advanced',
    execArgv: [],
    // A driver's own chatter may hold anything; nobody reads it.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
  })
  // Its end may come as an error; the process itself is what is watched.
  child.stdio[LIFELINE_FD]?.on('error', () => undefined)
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  const outlive = endWithThisProcess(child)
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      outlive()
      resolve()
    })
    child.once('error', () => resolve())
  })
  return {
    pid: child.pid,
    isAlive: () => child.connected && child.exitCode === null && !child.killed,
    ask: (question) => ask(child, question),
    async close() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(kill, CLOSE_PATIENCE_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

/** Hosts that run. One listener serves them all: a machine may have many modules. */
const running = new Set<ChildProcess>()

function killRunning(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Lets no host outlive the bridge. @returns what to call when it has ended by itself */
function endWithThisProcess(child: ChildProcess): () => void {
  if (running.size === 0) process.once('exit', killRunning)
  running.add(child)
  return () => {
    running.delete(child)
    if (running.size === 0) process.removeListener('exit', killRunning)
  }
}

function ask(child: ChildProcess, question: HostQuestion): Promise<HostReply> {
  const { request, signal } = question
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout
    const setDeadline = (milliseconds: number): void => {
      clearTimeout(timer)
      timer = setTimeout(() => abandon(new TokenError('TOKEN_TIMEOUT')), milliseconds)
    }
    const settle = (finish: () => void): void => {
      clearTimeout(timer)
      child.off('message', read).off('exit', crash).off('error', crash).off('disconnect', crash)
      signal.removeEventListener('abort', cancel)
      finish()
    }
    /** A call into a module cannot be called back: only the end of its process ends it. */
    const abandon = (error: SigningError): void => {
      settle(() => reject(error))
      child.kill('SIGKILL')
    }
    const cancel = (): void => abandon(new UserError('USER_CANCELLED', { cause: signal.reason }))
    const crash = (): void => abandon(new TokenError('TOKEN_DRIVER_CRASHED'))
    const read = (reply: HostReply): void => {
      if (reply.type === 'logged-in' || reply.type === 'signed') {
        setDeadline(question.nextReplyMs)
        question.onReply(reply)
      } else {
        settle(() => (reply.type === 'failed' ? reject(readFailure(reply)) : resolve(reply)))
      }
    }
    child.on('message', read).once('exit', crash).once('error', crash).once('disconnect', crash)
    signal.addEventListener('abort', cancel, { once: true })
    setDeadline(question.firstReplyMs)
    child.send(request, (error) => {
      clearSecrets(request)
      if (error !== null) crash()
    })
  })
}

function readFailure(reply: HostReply & { type: 'failed' }): SigningError {
  const { code, details, reason, problem } = reply
  const cause = problem === undefined ? new Error(reason) : new ModuleFailure(problem, reason)
  return createError(code, { details, cause })
}
