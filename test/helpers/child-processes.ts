/**
 * Processes, from /proc.
 * @module
 */
import { readFileSync } from 'node:fs'

/** Finds the child whose command line holds a text. @throws where there is not exactly one */
export function getChildProcess(parentPid: number, text: string): number {
  const found = findChildProcesses(parentPid, text)
  const [pid, another] = found
  if (pid === undefined || another !== undefined) {
    throw new Error(`${found.length} children of ${parentPid} run ${text}`)
  }
  return pid
}

/** Finds all children whose command line holds a text. */
export function findChildProcesses(parentPid: number, text: string): number[] {
  const children = readFileSync(`/proc/${parentPid}/task/${parentPid}/children`, 'utf8')
  return children
    .split(' ')
    .filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text))
    .map(Number)
}

/** Tells whether a process runs; one that has ended and waits to be reaped does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
