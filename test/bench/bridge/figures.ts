/**
 * Figures for people to read.
 * @module
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { findChildProcesses } from '../../helpers/child-processes.ts'
import { readProcess } from '../../soak/meter.ts'

/** The value below which a share of all lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`

/** Prints one figure. */
export function tell(what: string, figure: string): void {
  console.log(`  ${what.padEnd(52)} ${figure}`)
}

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

/** What a bridge and its token hosts hold and have used so far. */
export function readUsage(pid: number): { rssBytes: number; cpuMs: number } {
  const pids = [pid, ...findChildProcesses(pid, 'token-host.js')]
  return {
    rssBytes: pids.reduce((sum, one) => sum + readProcess(one, 0).rssBytes, 0),
    cpuMs: pids.reduce((sum, one) => sum + readCpuMs(one), 0),
  }
}

/** User and system time (proc_pid_stat(5), fields 14 and 15, in ticks of 10 ms). */
function readCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
