/**
 * One at a time over all programs of one person: Node has no `flock`, so that a file stands for the turn. Who holds it
 * touches it now and then; one whose process is gone, or that was not touched for long, is taken away.
 * @module
 */
import { randomUUID } from 'node:crypto'
import {
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  rmdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const RETRY_MS = 10
const PATIENCE_MS = 5_000
const TOUCH_MS = 2_000
const STALE_MS = 10_000

/** Another program holds it for too long. */
export class LockedError extends Error {
  override readonly name = 'LockedError'
}

/** How to wait for it. */
export interface LockOptions {
  /** Milliseconds; five seconds where left out. */
  readonly patienceMs?: number
  /** Aborting ends the wait; the work minds the signal itself. */
  readonly signal?: AbortSignal
}

/**
 * Does the work while no other process does any under the same lock.
 * @param lock a path in a folder that is the person's alone
 * @throws {LockedError} where it was not given in time; the signal's reason; what the work or the file system throws
 */
export async function withLock<T>(
  lock: string,
  work: () => T | Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  await take(lock, options)
  const touching = setInterval(() => touch(lock), TOUCH_MS).unref()
  try {
    return await work()
  } finally {
    clearInterval(touching)
    rmSync(lock, { force: true })
  }
}

async function take(
  lock: string,
  { patienceMs = PATIENCE_MS, signal }: LockOptions,
): Promise<void> {
  const draft = `${lock}.${randomUUID()}`
  const deadline = performance.now() + patienceMs
  writeFileSync(draft, String(process.pid), { mode: 0o600 })
  try {
    while (!link(draft, lock)) {
      signal?.throwIfAborted()
      if (isStale(lock)) removeStale(lock)
      else if (performance.now() > deadline) throw new LockedError(`${lock} is held`)
      else await sleep(RETRY_MS)
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

/** `link` makes the lock together with its content, or fails: nobody ever sees one that names no process. */
function link(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function touch(lock: string): void {
  try {
    const now = new Date()
    utimesSync(lock, now, now)
  } catch {
    // Taken away with its folder, by an uninstall: there is nothing to hold any more.
  }
}

function isStale(place: string): boolean {
  const found = statSync(place, { throwIfNoEntry: false })
  if (found === undefined) return false
  if (Date.now() - found.mtimeMs > STALE_MS) return true
  return found.isFile() && !isRunning(readOwner(place))
}

/** Only one may take a stale lock away, and looks again first: else the second would take away the first one's. */
function removeStale(lock: string): void {
  const guard = `${lock}.stale`
  try {
    mkdirSync(guard)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (isStale(guard)) rmdirSync(guard)
    return
  }
  if (isStale(lock)) rmSync(lock, { force: true })
  rmdirSync(guard)
}

function readOwner(lock: string): number | undefined {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    return Number.isInteger(pid) && pid > 0 && pid < 2 ** 31 ? pid : undefined
  } catch {
    // Given back in this very moment: the next try will tell.
    return process.pid
  }
}

function isRunning(pid: number | undefined): boolean {
  if (pid === undefined) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
