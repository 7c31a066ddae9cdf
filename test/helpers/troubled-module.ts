/**
 * A PKCS#11 module that misbehaves on command, so that hangs and crashes of a driver are real ones.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { existsSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasTools } from './tools.ts'

/** The calls of PKCS#11 that it can spoil: all that a token host makes. */
export const CALLS = [
  'C_GetFunctionList',
  'C_Initialize',
  'C_GetSlotList',
  'C_GetTokenInfo',
  'C_GetMechanismList',
  'C_GetMechanismInfo',
  'C_OpenSession',
  'C_FindObjectsInit',
  'C_FindObjects',
  'C_FindObjectsFinal',
  'C_GetAttributeValue',
  'C_Login',
  'C_SignInit',
  'C_Sign',
  'C_Logout',
  'C_CloseSession',
  'C_WaitForSlotEvent',
  'C_Finalize',
] as const
export type Call = (typeof CALLS)[number]

/** A call and what happens in it; see the header of the C source. */
export type Fault =
  | `${Call} ${'crash' | 'hang' | 'garbage' | 'many' | 'endless' | 'absent' | 'der'}`
  | `${Call} ${'slow' | 'error' | 'flags'} ${string}`

/** What the module does instead of answering: words for what is wanted most, or any fault. */
export type Trouble = keyof typeof WORDS | Fault

const WORDS = {
  hang: 'C_Sign hang',
  crash: 'C_Sign crash',
  /** CKR_DEVICE_REMOVED */
  removed: 'C_Sign error 32',
  /** CKR_PIN_LOCKED */
  locked: 'C_Login error a4',
} as const satisfies Record<string, Fault>

const isWord = (trouble: Trouble): trouble is keyof typeof WORDS => trouble in WORDS

export interface TroubledModule {
  readonly modulePath: string
  /** For the processes that load it. */
  readonly env: {
    readonly TROUBLED_REAL: string
    readonly TROUBLED_CONTROL: string
    readonly TROUBLED_CONF?: string
  }
  /** From now on; undefined makes it behave. */
  setTrouble(trouble: Trouble | undefined): void
  /** Resolves when the module is inside the call that it was told to spoil. */
  untilEntered(): Promise<void>
}

export function canBuildTroubledModule(): boolean {
  return hasTools('gcc')
}

/**
 * Compiles the module into a folder, in front of a real one.
 * @param configuration SOFTHSM2_CONF of its own, so that it has other tokens than the process's
 */
export function buildTroubledModule(
  folder: string,
  realModule: string,
  configuration?: string,
): TroubledModule {
  const source = fileURLToPath(new URL('troubled-module.c', import.meta.url))
  const modulePath = path.join(folder, 'troubled-module.so')
  execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', modulePath, source, '-ldl'], {
    stdio: 'pipe',
  })
  const control = path.join(folder, 'trouble')
  const entered = `${control}.entered`
  return {
    modulePath,
    env: {
      TROUBLED_REAL: realModule,
      TROUBLED_CONTROL: control,
      ...(configuration === undefined ? {} : { TROUBLED_CONF: configuration }),
    },
    setTrouble(trouble) {
      rmSync(entered, { force: true })
      if (trouble === undefined) rmSync(control, { force: true })
      else replaceFile(control, isWord(trouble) ? WORDS[trouble] : trouble)
    },
    untilEntered: () =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!existsSync(entered)) return
          watcher.close()
          resolve()
        }
        const watcher = watch(folder, look)
        look()
      }),
  }
}

/** The module reads it at any moment, and never half of it. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.next`, text)
  renameSync(`${file}.next`, file)
}
