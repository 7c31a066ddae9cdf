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
  /** Resolves when so many events of a kind were recorded since the start. */
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
  answer(script)
  return {
    program: fileURLToPath(new URL('scripted-pinentry.mjs', import.meta.url)),
    env: { TRIEN_SCRIPTED_PINENTRY: scriptFile },
    answer,
    events,
    asked: () => events().filter(({ event }) => event === 'asked'),
    async untilCount(event, count) {
      for (let waited = 0; waited < 20_000; waited += 20) {
        const found = events().filter((entry) => entry.event === event)
        if (found.length >= count) return found
        await sleep(20)
      }
      throw new Error(`pinentry: never saw ${count} × ${event}: ${readFileSync(record, 'utf8')}`)
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
