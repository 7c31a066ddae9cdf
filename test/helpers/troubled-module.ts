/**
 * A PKCS#11 module that misbehaves on command, so that hangs and crashes of a driver are real ones.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, watch, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { hasTools } from './tools.ts'

/** What the module does instead of answering. */
export type Trouble = 'hang' | 'crash' | 'removed' | 'locked'

export interface TroubledModule {
  readonly modulePath: string
  /** For the processes that load it. */
  readonly env: { readonly TROUBLED_REAL: string; readonly TROUBLED_CONTROL: string }
  /** From now on; undefined makes it behave. */
  setTrouble(trouble: Trouble | undefined): void
  /** Resolves when the module is inside the call that it was told to spoil. */
  untilEntered(): Promise<void>
}

export function canBuildTroubledModule(): boolean {
  return hasTools('gcc')
}

/** Compiles the module into a folder, in front of a real one. */
export function buildTroubledModule(folder: string, realModule: string): TroubledModule {
  const source = fileURLToPath(new URL('troubled-module.c', import.meta.url))
  const modulePath = path.join(folder, 'troubled-module.so')
  execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', modulePath, source, '-ldl'], {
    stdio: 'pipe',
  })
  const control = path.join(folder, 'trouble')
  const entered = `${control}.entered`
  return {
    modulePath,
    env: { TROUBLED_REAL: realModule, TROUBLED_CONTROL: control },
    setTrouble(trouble) {
      rmSync(entered, { force: true })
      if (trouble === undefined) rmSync(control, { force: true })
      else writeFileSync(control, trouble)
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
