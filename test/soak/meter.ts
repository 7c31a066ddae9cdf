/**
 * What a process holds, from /proc, and whether it grows.
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs'

/** One look at a process. */
export interface Reading {
  /** Signatures until then. */
  readonly at: number
  readonly rssBytes: number
  readonly fileDescriptors: number
  readonly children: number
}

/** Looks at a process of this machine (Linux). */
export function readProcess(pid: number, at: number): Reading {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return {
    at,
    rssBytes: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024,
    fileDescriptors: readdirSync(`/proc/${pid}/fd`).length,
    children: children.split(' ').filter((child) => child !== '').length,
  }
}

/** The slope of the best line through points (least squares), y over x. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const middleX = mean(points.map(([x]) => x))
  const middleY = mean(points.map(([, y]) => y))
  const rise = points.reduce((sum, [x, y]) => sum + (x - middleX) * (y - middleY), 0)
  const run = points.reduce((sum, [x]) => sum + (x - middleX) ** 2, 0)
  return run === 0 ? 0 : rise / run
}
