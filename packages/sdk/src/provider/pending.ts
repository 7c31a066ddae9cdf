/**
 * Questions that wait for their answer. Each keeps the place in the code that asked, so that an error that arrives
 * later names a useful stack, and nothing waits on a connection that is gone.
 * @module
 */
import { type ErrorCode, type ErrorInit, type SigningError, createError } from '../errors.ts'

/** An error without a place yet. */
export interface Failure extends ErrorInit {
  readonly code: ErrorCode
}

/** One question under way. */
export interface PendingCall<Heed> {
  /** What the question wants to hear while it waits. */
  readonly heed: Heed
  resolve(result: unknown): void
  reject(failure: Failure): void
  /** Rejects with a stranger's error, as thrown by the portal's own callback. */
  throw(error: unknown): void
  /** Sets or replaces what happens when no answer comes. */
  setDeadline(timeoutMs: number, onDeadline: () => void): void
  /** Starts the deadline again. */
  extend(): void
}

/** The questions of one connection by their number. */
export class PendingCalls<Heed> {
  readonly #calls = new Map<number, PendingCall<Heed>>()
  #lastId = 0

  get size(): number {
    return this.#calls.size
  }

  /** Keeps a question until it is answered. */
  add(heed: Heed): { id: number; call: PendingCall<Heed>; answer: Promise<unknown> } {
    const site = new Error()
    const id = ++this.#lastId
    const { promise: answer, resolve, reject } = openPromise()
    let timer: ReturnType<typeof setTimeout> | undefined
    let extend = (): void => {}
    const settle = (): void => {
      clearTimeout(timer)
      extend = () => {}
      this.#calls.delete(id)
    }
    const call: PendingCall<Heed> = {
      heed,
      resolve: (result) => (settle(), resolve(result)),
      reject: (failure) => (settle(), reject(placeAt(site, createError(failure.code, failure)))),
      throw: (error) => (settle(), reject(error)),
      setDeadline(timeoutMs, onDeadline) {
        extend = () => {
          clearTimeout(timer)
          timer = setTimeout(onDeadline, timeoutMs)
        }
        extend()
      },
      extend: () => extend(),
    }
    this.#calls.set(id, call)
    return { id, call, answer }
  }

  /** The question of a number; undefined where it is answered already or was never asked. */
  find(id: number): PendingCall<Heed> | undefined {
    return this.#calls.get(id)
  }

  /** Tells whether a number was ever given out. */
  wasAsked(id: number): boolean {
    return id <= this.#lastId
  }

  rejectAll(failure: Failure): void {
    for (const call of this.#calls.values()) call.reject(failure)
  }
}

function openPromise(): {
  promise: Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
} {
  let resolve: (value: unknown) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<unknown>((...functions) => ([resolve, reject] = functions))
  return { promise, resolve, reject }
}

/** Gives an error the stack of the code that asked. */
function placeAt(site: Error, error: SigningError): SigningError {
  const frames = site.stack?.replace(/^Error.*\n/, '')
  if (frames !== undefined) error.stack = `${error.name}: ${error.message}\n${frames}`
  return error
}
