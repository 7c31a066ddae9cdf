/**
 * The machine that the doctor looks at: where to look, and what costs time, asked once.
 * @module
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { PORTS } from '@trien/sdk/wire'
import { findStateFolder } from '../state-folder.ts'
import { type Place, describePlace, locate } from '../settings/place.ts'
import { type SurveyedModule, surveyModules } from './survey.ts'

const RUN_TIMEOUT_MS = 5_000
const MAX_OUTPUT_BYTES = 1 << 20

/** What checks may ask. */
export interface Machine {
  readonly place: Place
  readonly platform: NodeJS.Platform
  /** Of the person who runs the doctor; undefined on systems without such numbers. */
  readonly uid: number | undefined
  readonly now: Date
  readonly stateFolder: string
  /** Where a bridge is looked for. */
  readonly ports: readonly number[]
  /** Asks every module what it has, once; undefined where a settings file forbids to know which modules there are. */
  survey(): Promise<readonly SurveyedModule[] | undefined>
  /**
   * Runs a program to its end, without a shell and without input.
   * @returns its stdout; undefined where it is not there, fails or takes longer than 5 s
   */
  run(program: string, ...args: readonly string[]): Promise<string | undefined>
  /** Text of a file of the system, by its absolute path; undefined where it cannot be read. */
  read(file: string): Promise<string | undefined>
}

/** This machine, or what differs from it. */
export function describeMachine(other: Partial<Machine> = {}): Machine {
  const place = other.place ?? describePlace()
  let survey: ReturnType<Machine['survey']> | undefined
  return {
    place,
    platform: process.platform,
    uid: process.getuid?.(),
    now: new Date(),
    stateFolder: findStateFolder(),
    ports: PORTS,
    survey: () => (survey ??= surveyModules(place)),
    run: runProgram,
    read: (file) => readFile(locate(place, file), 'utf8').catch(() => undefined),
    ...other,
  }
}

function runProgram(program: string, ...args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = {
      timeout: RUN_TIMEOUT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
      windowsHide: true,
    } as const
    const child = execFile(program, args, options, (error, stdout) => {
      resolve(error === null ? stdout : undefined)
    })
    child.stdin?.end()
  })
}
