/**
 * One writer at a time over all bridges of one person: Node has no `flock`, so that a file stands for the turn. It is
 * held for one line only; one whose process is gone, or that is older than any line takes to write, is taken away.
 * @module
 */
import { randomUUID } from 'node:crypto'
import {
  linkSync,
  readFileSync,
  rmSync,
  rmdirSync,
  mkdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const LOCK = 'lock'
const RETRY_MS = 10
const PATIENCE_MS = 5_000
const STALE_MS = 10_000

/** Another bridge holds the journal for too long. */
export class LockedError extends Error {
  override readonly name = 'LockedError'
}

/**
 * Runs `work`, which must not wait for anything, while no other process does.
 * @throws {LockedError} after five seconds; what `work` or the file system throws
 */
export async function withLock<T>(folder: string, work: () => T): Promise<T> {
  const lock = path.join(folder, LOCK)
  const draft = `${lock}.${randomUUID()}`
  const deadline = performance.now() + PATIENCE_MS
  writeFileSync(draft, String(process.pid), { mode: 0o600 })
  try {
    while (!take(draft, lock)) {
      if (isStale(lock)) removeStale(lock)
      else if (performance.now() > deadline) throw new LockedError(`${lock} is held`)
      else await sleep(RETRY_MS)
    }
  } finally {
    rmSync(draft, { force: true })
  }
  try {
    return work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** `link` makes the lock together with its content, or fails: nobody ever sees one that names no process. */
function take(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
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
