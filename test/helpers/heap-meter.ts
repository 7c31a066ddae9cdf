/**
 * What a bridge holds once all garbage is collected: `heap-meter.mjs`, loaded into it before its own code, tells.
 * @module
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const METER = fileURLToPath(new URL('heap-meter.mjs', import.meta.url))

export interface HeapMeter {
  /** To be merged into the environment of the bridge. */
  readonly env: Readonly<Record<string, string>>
  /** @returns bytes, of the heap and of the buffers outside of it */
  read(pid: number): Promise<number>
}

/** @param folder where the meter may write */
export function createHeapMeter(folder: string): HeapMeter {
  const file = path.join(folder, 'heap')
  return {
    env: { NODE_OPTIONS: `--import=${METER}`, TRIEN_HEAP_FILE: file },
    async read(pid) {
      rmSync(file, { force: true })
      process.kill(pid, 'SIGUSR2')
      for (let waited = 0; !existsSync(file); waited += 20) {
        if (waited > 20_000) throw new Error('the bridge never told of its heap')
        await sleep(20)
      }
      return Number(readFileSync(file, 'utf8'))
    },
  }
}
