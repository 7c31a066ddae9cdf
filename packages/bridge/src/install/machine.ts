/**
 * The machine that is installed on.
 * @module
 */
import { execFile } from 'node:child_process'
import { type Place, describePlace } from '../settings/place.ts'

const RUN_TIMEOUT_MS = 15_000

/** Runs a program to its end. @returns its stdout; undefined where it is not there or fails */
export type Run = (program: string, ...args: readonly string[]) => Promise<string | undefined>

export interface InstallMachine {
  readonly place: Place
  /** Undefined on systems without such numbers. */
  readonly uid: number | undefined
  readonly run: Run
}

/** This machine, or what differs from it. */
export function describeInstallMachine(other: Partial<InstallMachine> = {}): InstallMachine {
  return { place: describePlace(), uid: process.getuid?.(), run: runProgram, ...other }
}

const runProgram: Run = (program, ...args) =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: RUN_TIMEOUT_MS, windowsHide: true }, (error, stdout) => {
      resolve(error === null ? stdout : undefined)
    })
  })
