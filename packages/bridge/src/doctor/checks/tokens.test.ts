import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPinMemory } from '../../pin-memory.ts'
import type { PinState, TokenDescription } from '../../token/types.ts'
import { describeMachine } from '../machine.ts'
import { checkTokens } from './tokens.ts'

let stateFolder = ''
beforeEach(() => {
  stateFolder = mkdtempSync(path.join(tmpdir(), 'trien-tokens-'))
})
afterEach(() => {
  rmSync(stateFolder, { recursive: true })
})

const NAME = { manufacturer: 'Bit4id', serial: '0042' }

function tokenOf(pinState: PinState): TokenDescription {
  return { label: 'Nguyễn Thị Lan', ...NAME, pinState, protectedAuthentication: false }
}

/** @param times how often two modules show the token */
async function look(pinState: PinState, times = 1, mustChangePin = false) {
  const tokens = [{ token: { ...tokenOf(pinState), mustChangePin }, certificates: [] }]
  const module = {
    modulePath: '/a.so',
    realPath: '/a.so',
    origin: 'known',
    vendor: undefined,
    isGeneric: false,
    parameters: undefined,
  } as const
  const one = { module, tokens, failure: undefined }
  const survey = async () => Array.from({ length: times }, () => one)
  return checkTokens(describeMachine({ stateFolder, survey }))
}

describe('a token', () => {
  it.each([
    ['ok', 'good'],
    ['low', 'warning'],
    ['final', 'bad'],
    ['locked', 'bad'],
  ] as const)('whose PIN is %s is %s, and is not named', async (pinState, state) => {
    const found = await look(pinState)
    expect(found).toMatchObject([{ id: 'tokens.1', state }])
    expect(found[0]?.personal?.[0]).toContain('Lan')
    expect(JSON.stringify([found[0]?.text, found[0]?.remedy])).not.toMatch(/Lan|0042|Bit4id/)
  })

  it('that tells nothing is known by what was typed here', async () => {
    createPinMemory(() => stateFolder).noteWrong(NAME, 'pin')
    const [found] = await look('ok')
    expect(found).toMatchObject({
      state: 'warning',
      text: { en: expect.stringContaining('1 time') },
    })
    expect((await look('locked'))[0]?.state).toBe('bad')
  })

  it('whose PIN is to be changed says how', async () => {
    const [found] = await look('ok', 1, true)
    expect(found).toMatchObject({
      state: 'warning',
      remedy: { vi: 'Chạy: trien-bridge tokens change-pin' },
    })
    expect((await look('low', 1, true))[0]?.text.en).toContain('wrong PIN')
  })

  it('that two modules show is one', async () => {
    expect(await look('ok', 2)).toHaveLength(1)
  })
})
