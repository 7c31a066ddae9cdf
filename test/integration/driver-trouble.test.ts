import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ModuleSourceOptions } from '../../packages/bridge/src/token/supervisor.ts'
import { codeOf } from '../helpers/code-of.ts'
import {
  type Wish,
  enterEnvironment,
  signBySource,
  useModuleSources,
} from '../helpers/module-source.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'
import {
  type TroubledModule,
  buildTroubledModule,
  canBuildTroubledModule,
} from '../helpers/troubled-module.ts'

const { signal } = new AbortController()
const open = useModuleSources()

describe.runIf(canUseSoftHsm() && canBuildTroubledModule())('a driver in trouble', () => {
  let hsm: SoftHsm
  let troubled: TroubledModule
  beforeAll(() => {
    hsm = createSoftHsm()
    hsm.addToken('mot', ['P-256'])
    troubled = buildTroubledModule(hsm.folder, hsm.modulePath)
    enterEnvironment({ ...hsm.env, ...troubled.env })
  })
  afterAll(() => hsm?.close())
  afterEach(() => troubled.setTrouble(undefined))

  async function openTroubled(options: Partial<ModuleSourceOptions> = {}) {
    const source = open({ modulePath: troubled.modulePath, ...options })
    const [certificate] = await source.listCertificates(signal)
    const run = (wish: Partial<Wish> = {}) =>
      codeOf(signBySource(source, certificate!, { pin: hsm.pin, ...wish }))
    return { source, run }
  }

  test('a host that is killed in the middle of a signature is TOKEN_DRIVER_CRASHED, the next works', async () => {
    const { source, run } = await openTroubled()
    troubled.setTrouble('hang')
    const first = run()
    await troubled.untilEntered()
    process.kill(source.pid!, 'SIGKILL')
    expect(await first).toBe('TOKEN_DRIVER_CRASHED')
    expect(source.pid).toBeUndefined()
    troubled.setTrouble(undefined)
    expect(await run()).toBe('signed')
  })

  test('a crash inside C_Sign is TOKEN_DRIVER_CRASHED, again and again, and the next works', async () => {
    const { run } = await openTroubled()
    troubled.setTrouble('crash')
    for (let round = 0; round < 3; round++) expect(await run()).toBe('TOKEN_DRIVER_CRASHED')
    troubled.setTrouble(undefined)
    expect(await run()).toBe('signed')
  })

  test('a call that never returns is TOKEN_TIMEOUT, its process is gone, the next works', async () => {
    const { source, run } = await openTroubled({ deadlines: { sign: 300 } })
    troubled.setTrouble('hang')
    const { pid } = source
    expect(await run()).toBe('TOKEN_TIMEOUT')
    troubled.setTrouble(undefined)
    expect(await run()).toBe('signed')
    expect(source.pid).not.toBe(pid)
    expect(() => process.kill(pid!, 0)).toThrow(/ESRCH/)
  })

  test('who cancels during C_Sign is free at once, and the next works', async () => {
    const { run } = await openTroubled()
    troubled.setTrouble('hang')
    const controller = new AbortController()
    const first = run({ signal: controller.signal })
    await troubled.untilEntered()
    controller.abort()
    expect(await first).toBe('USER_CANCELLED')
    troubled.setTrouble(undefined)
    expect(await run()).toBe('signed')
  })

  test('who cancels while waiting for another’s turn is free at once', async () => {
    const { run } = await openTroubled()
    troubled.setTrouble('hang')
    const busy = new AbortController()
    const first = run({ signal: busy.signal })
    await troubled.untilEntered()
    const waiting = new AbortController()
    const second = run({ signal: waiting.signal })
    waiting.abort()
    expect(await second).toBe('USER_CANCELLED')
    busy.abort()
    expect(await first).toBe('USER_CANCELLED')
  })

  test('a token pulled out and a token locked each have their code', async () => {
    const { run } = await openTroubled()
    troubled.setTrouble('removed')
    expect(await run()).toBe('TOKEN_REMOVED')
    troubled.setTrouble('locked')
    expect(await run()).toBe('TOKEN_PIN_LOCKED')
    troubled.setTrouble(undefined)
    expect(await run()).toBe('signed')
  })

  test('the host ends when its source is closed', async () => {
    const { source } = await openTroubled()
    const pid = source.pid!
    await source.close()
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/)
  })
})
