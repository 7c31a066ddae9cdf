/**
 * Figures for people to read.
 * @module
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { readProcess } from '../../soak/meter.ts'

/** The value below which a share of all lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const sum = (values: readonly number[]): number =>
  values.reduce((total, one) => total + one, 0)

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`

/** Prints a table: what it is of, then the names of its columns, then its rows. */
export function tell(title: string, columns: readonly string[], rows: readonly Row[]): void {
  const line = (label: string, cells: readonly string[]): string =>
    `  ${label.padEnd(46)}${cells.map((cell) => cell.padStart(16)).join('')}`
  const lines = rows.map(([label, ...cells]) => line(label, cells))
  console.log(['', line(title, columns), ...lines].join('\n'))
}
/** A label and its figures, one for each column. */
export type Row = readonly [label: string, ...figures: string[]]

/** Which machine and which programs the figures are of. */
export function describeMachine(softHsmModule: string): string {
  const openssl = execFileSync('openssl', ['version'], { encoding: 'utf8' }).split(' (')[0]!.trim()
  const { stdout } = spawnSync('softhsm2-util', ['--version'], { encoding: 'utf8' })
  const [cpu] = cpus()
  return [
    `${cpu?.model.trim()} × ${cpus().length}, load ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}`,
    `node ${process.version}, ${openssl}, SoftHSM ${stdout.trim()} (${softHsmModule})`,
  ].join('\n  ')
}

/** What some processes hold together and have used so far. */
export function readUsage(pids: readonly number[]): { rssBytes: number; cpuMs: number } {
  return {
    rssBytes: sum(pids.map((pid) => readProcess(pid, 0).rssBytes)),
    cpuMs: sum(pids.map(readCpuMs)),
  }
}

/** User and system time (proc_pid_stat(5), fields 14 and 15, in ticks of 10 ms). */
function readCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
