import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeMachine } from '../machine.ts'
import { checkClock } from './clock.ts'

let stateFolder = ''
beforeEach(() => {
  stateFolder = mkdtempSync(path.join(tmpdir(), 'trien-clock-'))
})
afterEach(() => {
  rmSync(stateFolder, { recursive: true })
})

async function look(now: string, synchronized?: string): Promise<string | undefined> {
  const run = async (): Promise<string | undefined> => synchronized
  const machine = describeMachine({ stateFolder, now: new Date(now), platform: 'linux', run })
  return (await checkClock(machine))[0]?.state
}

describe('the clock', () => {
  it('is slow before the release, and before what the bridge has written', async () => {
    expect(await look('2020-01-01', 'yes\n')).toBe('bad')
    expect(await look('2027-01-01', 'yes\n')).toBe('good')
    mkdirSync(path.join(stateFolder, 'journal'))
    const file = path.join(stateFolder, 'journal', '000001.jsonl')
    writeFileSync(file, '')
    utimesSync(file, new Date('2027-06-01'), new Date('2027-06-01'))
    expect(await look('2027-05-31', 'yes\n')).toBe('bad')
    expect(await look('2027-06-01', 'yes\n')).toBe('good')
  })

  it('is what the system says of it, or not known', async () => {
    expect(await look('2027-01-01', 'no\n')).toBe('warning')
    expect(await look('2027-01-01')).toBe('unknown')
  })
})
