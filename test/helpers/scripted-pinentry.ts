/**
 * Drives `scripted-pinentry.mjs`: what it answers next, and what it was shown.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'

/** How the double behaves from the next dialog on; see the header of the double. */
export interface PinentryScript {
  readonly getpin?: 'pin' | 'cancel' | 'timeout' | 'hang' | 'no-ui' | 'exit' | 'inquire'
  readonly pin?: string
  /** By the label of the field. */
  readonly pins?: Readonly<Record<string, string>>
  readonly confirm?: 'ok' | 'cancel' | 'deny' | 'timeout' | 'hang' | 'no-ui' | 'exit'
}

/** One thing the double recorded. */
export interface PinentryEvent {
  readonly event: 'asked' | 'ended' | 'line-too-long'
  readonly command?: 'GETPIN' | 'CONFIRM'
  readonly pid?: number
  readonly title?: string
  readonly description?: string
  readonly prompt?: string
  readonly error?: string
  readonly ok?: string
  readonly cancel?: string
}

/** A double with its own script and record. */
export interface ScriptedPinentry {
  /** For `--pinentry`. */
  readonly program: string
  /** To be merged into the environment of the bridge. */
  readonly env: Readonly<Record<string, string>>
  answer(script: PinentryScript): void
  events(): PinentryEvent[]
  asked(): PinentryEvent[]
  /** Forgets what was recorded, once every dialog has ended. */
  clear(): Promise<void>
  /** Resolves when so many events of a kind were recorded since the start or the last `clear`. */
  untilCount(event: PinentryEvent['event'], count: number): Promise<PinentryEvent[]>
  remove(): void
}

export function createScriptedPinentry(script: PinentryScript = {}): ScriptedPinentry {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-pinentry-'))
  const scriptFile = path.join(folder, 'script.json')
  const record = path.join(folder, 'record.jsonl')
  writeFileSync(record, '')
  const answer = (next: PinentryScript): void => {
    writeFileSync(scriptFile, JSON.stringify({ ...next, record }))
  }
  const events = (): PinentryEvent[] =>
    readFileSync(record, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as PinentryEvent)
  const until = async (why: string, condition: () => boolean): Promise<void> => {
    for (let waited = 0; waited < 20_000; waited += 20) {
      if (condition()) return
      await sleep(20)
    }
    throw new Error(`pinentry: never saw ${why}: ${readFileSync(record, 'utf8')}`)
  }
  const count = (kind: PinentryEvent['event']): number =>
    events().filter(({ event }) => event === kind).length
  answer(script)
  return {
    program: fileURLToPath(new URL('scripted-pinentry.mjs', import.meta.url)),
    env: { TRIEN_SCRIPTED_PINENTRY: scriptFile },
    answer,
    events,
    asked: () => events().filter(({ event }) => event === 'asked'),
    async clear() {
      await until('the end of all', () => count('asked') === count('ended'))
      writeFileSync(record, '')
    },
    async untilCount(event, wanted) {
      await until(`${wanted} × ${event}`, () => count(event) >= wanted)
      return events().filter((entry) => entry.event === event)
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
