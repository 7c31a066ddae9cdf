/**
 * A driver that crashes, hangs, lies or talks nonsense in every call that a token host makes. A page is told by the
 * right code, the next request works, and other tokens do not notice.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { isRunning } from '../helpers/child-processes.ts'
import { codeOf } from '../helpers/code-of.ts'
import { type PairedLoad, startPairedLoad } from '../helpers/paired-load.ts'
import { canUseSoftHsm } from '../helpers/softhsm.ts'
import { type TroubledBridge, startTroubledBridge } from '../helpers/troubled-bridge.ts'
import { CALLS, type Call, type Fault, canBuildTroubledModule } from '../helpers/troubled-module.ts'

const { signal } = new AbortController()
const MAX_P99_MS = 100
/** CKR_VENDOR_DEFINED and something, which no table can know. */
const NOISE = '80000abc'

/** Only a driver that starts makes these calls. */
const STARTING: readonly Call[] = ['C_GetFunctionList', 'C_Initialize']
/** A signature does not make these. */
const ELSEWHERE: readonly Call[] = ['C_WaitForSlotEvent', 'C_Finalize']
const IN_SIGNATURE = CALLS.filter((call) => !ELSEWHERE.includes(call))

/** What a signature comes to where a call returns a value that is not OK. */
const NOISY: Partial<Record<Call, string>> = {
  // What cannot be known of a mechanism is tried.
  C_GetMechanismInfo: 'signed',
  // All is done by then.
  C_Logout: 'signed',
  C_CloseSession: 'signed',
}

/** Answers that make no sense, and what may come of a signature; a driver may break over its own nonsense. */
const BROKEN = ['TOKEN_DEVICE', 'TOKEN_DRIVER_CRASHED', 'TOKEN_TIMEOUT']
const NONSENSE: readonly (readonly [Fault, readonly string[]])[] = [
  ['C_GetSlotList garbage', BROKEN],
  ['C_GetSlotList many', [...BROKEN, 'TOKEN_ABSENT']],
  ['C_GetSlotList absent', ['TOKEN_ABSENT']],
  ['C_GetTokenInfo garbage', [...BROKEN, 'signed']],
  ['C_GetTokenInfo flags ffffffffffffffff', [...BROKEN, 'TOKEN_PIN_LOCKED']],
  ['C_GetTokenInfo flags 0', ['TOKEN_ABSENT']],
  ['C_GetTokenInfo flags 40400', ['TOKEN_PIN_LOCKED']],
  ['C_GetMechanismList garbage', BROKEN],
  ['C_GetMechanismInfo garbage', ['signed', ...BROKEN]],
  ['C_FindObjects garbage', [...BROKEN, 'TOKEN_ABSENT']],
  ['C_FindObjects endless', BROKEN],
  ['C_GetAttributeValue garbage', BROKEN],
  ['C_Login error a4', ['TOKEN_PIN_LOCKED']],
  ['C_Login error a0', ['TOKEN_PIN_INCORRECT']],
  ['C_Login error 50', ['USER_CANCELLED']],
  ['C_SignInit error 70', ['TOKEN_MECHANISM']],
  ['C_Sign error 30', ['TOKEN_DEVICE']],
  ['C_Sign garbage', [...BROKEN, 'TOKEN_SIGNATURE_INVALID']],
  ['C_Sign der', ['signed']],
  ['C_Sign slow 250', ['signed']],
]

/** Where a token is gone, a list waits for what its driver has left, until another process has started and read. */
const GONE: readonly (readonly [Fault, readonly string[]])[] = [
  ['C_OpenSession garbage', [...BROKEN, 'TOKEN_REMOVED', 'TOKEN_ABSENT']],
  ['C_Sign error 32', ['TOKEN_REMOVED']],
]

describe.runIf(canUseSoftHsm() && canBuildTroubledModule())('a driver in trouble', () => {
  let rig: TroubledBridge
  let load: PairedLoad<'list' | 'sign'>
  const rows: string[] = []

  beforeAll(async () => {
    rig = await startTroubledBridge()
    const { neighbour, stranger } = rig
    load = startPairedLoad({
      list: { neighbour: neighbour.list, stranger: stranger.list },
      sign: { neighbour: neighbour.sign, stranger: stranger.sign },
    })
  })
  afterEach(() => {
    rig.troubled.setTrouble(undefined)
  })
  afterAll(async () => {
    await rig?.close()
    console.log(rows.join('\n'))
  })

  /** What comes of a signature on the troubled token: `signed`, or a code. */
  const sign = (): Promise<unknown> => codeOf(rig.sufferer.sign())

  /** Ends the driver's process, so that the next request starts it. */
  async function restart(): Promise<void> {
    const { pid } = rig.source
    if (pid === undefined) return
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => rig.source.pid).not.toBe(pid)
  }

  /** One signature under a fault, and one after it, which must work. */
  async function suffer(fault: Fault): Promise<unknown> {
    const [call] = fault.split(' ') as [Call]
    rig.troubled.setTrouble(fault)
    if (STARTING.includes(call)) await restart()
    const result = await sign()
    rig.troubled.setTrouble(undefined)
    expect(await sign(), `after ${fault}`).toBe('signed')
    rows.push(`${fault.padEnd(40)}${String(result)}`)
    return result
  }

  test.each(IN_SIGNATURE)('that crashes in %s', async (call) => {
    expect(await suffer(`${call} crash`)).toBe('TOKEN_DRIVER_CRASHED')
  })

  test.each(IN_SIGNATURE)('that hangs in %s: its process is ended', async (call) => {
    const { pid } = rig.source
    expect(await suffer(`${call} hang`)).toBe('TOKEN_TIMEOUT')
    await expect.poll(() => isRunning(pid!)).toBe(false)
  })

  test.each(IN_SIGNATURE)('that says in %s what no table knows', async (call) => {
    expect(await suffer(`${call} error ${NOISE}`)).toBe(NOISY[call] ?? 'TOKEN_DEVICE')
  })

  test.each(NONSENSE)('%s', async (fault, expected) => {
    expect(expected).toContain(await suffer(fault))
  })

  test.each(['crash', 'hang', `error ${NOISE}`, 'endless'] as const)(
    'that is looked at for changes: C_WaitForSlotEvent %s',
    async (kind) => {
      rig.troubled.setTrouble(`C_WaitForSlotEvent ${kind}`)
      const look = async (): Promise<void> => {
        // Undefined where the driver does something else just then.
        while ((await rig.source.look?.(signal)) === undefined) await sleep(5)
      }
      const codes = { crash: 'TOKEN_DRIVER_CRASHED', hang: 'TOKEN_TIMEOUT' } as const
      const expected = kind === 'crash' || kind === 'hang' ? codes[kind] : 'looked'
      expect(await codeOf(look(), 'looked')).toBe(expected)
      rig.troubled.setTrouble(undefined)
      expect(await sign()).toBe('signed')
    },
  )

  test.each(['crash', 'hang', `error ${NOISE}`] as const)(
    'that is let go: C_Finalize %s leaves no process behind',
    async (kind) => {
      const source = rig.openSource()
      expect(await source.listCertificates(signal)).toHaveLength(1)
      const { pid } = source
      rig.troubled.setTrouble(`C_Finalize ${kind}`)
      await source.close()
      expect(isRunning(pid!)).toBe(false)
    },
  )

  test('is not noticed by who uses another token', async () => {
    const measured = await load.stop()
    for (const what of ['list', 'sign'] as const) {
      const { neighbour, stranger } = measured[what]
      rows.push(`${what} for another token: ${JSON.stringify(neighbour)} ms`)
      rows.push(`${what} where none is in trouble: ${JSON.stringify(stranger)} ms`)
      expect(stranger.count).toBeGreaterThan(300)
      // A machine that does much else is slow without any trouble of ours.
      expect(neighbour.p99).toBeLessThan(Math.max(MAX_P99_MS, 3 * stranger.p99))
    }
  })

  test.each(GONE)('that tells of a token gone: %s', async (fault, expected) => {
    expect(expected).toContain(await suffer(fault))
  })
})
