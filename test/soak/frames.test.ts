/**
 * A hundred thousand spoiled frames against the bridge as it runs. `TRIEN_FUZZ_SEED` has other frames sent, socket by
 * socket, `TRIEN_FUZZ_FRAMES` makes the run longer or shorter.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HostileLab, createHostileLab } from '../helpers/hostile-lab.ts'
import { PORTAL } from '../helpers/page-socket.ts'
import { attack } from './frame-fuzz/attack.ts'
import { type Seed, createSeeds } from './frame-fuzz/seeds.ts'
import { readProcess } from './meter.ts'
import { createChance } from './random.ts'

const FRAMES = Number(process.env['TRIEN_FUZZ_FRAMES'] ?? 100_000)
const SEED = Number(process.env['TRIEN_FUZZ_SEED'] ?? 974_400_239)
const AT_ONCE = 12
/** Of the origin that may list: fewer than the gate lets in within a minute. */
const TRUSTED_SOCKETS = 40
const MAX_RSS_BYTES = 256 << 20
/** An attack that went astray, or a bridge that fell silent. */
const DEADLINE_MS = 300_000

describe(`${FRAMES} spoiled frames, seed ${SEED}`, () => {
  const codes: Record<string, number> = {}
  let lab: HostileLab
  let sockets = 0
  let frames = 0

  beforeAll(async () => {
    console.log(`frames: seed ${SEED}`)
    lab = await createHostileLab()
    lab.pinentry.answer({ getpin: 'cancel', confirm: 'cancel' })
    const certificate = lab.certificates[0]!
    const [trusted, strange] = [
      await createSeeds(certificate, true),
      await createSeeds(certificate, false),
    ]
    const begun = performance.now()
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) =>
        index === 0 ? play(trusted, true).then(() => play(strange, false)) : play(strange, false),
      ),
    )
    const seconds = (performance.now() - begun) / 1000
    console.log(
      `frames: ${frames} on ${sockets} sockets in ${seconds.toFixed(0)} s, answered ${JSON.stringify(codes)}`,
    )
  }, DEADLINE_MS)
  afterAll(() => lab?.close())

  async function play(seeds: readonly Seed[], isTrusted: boolean): Promise<void> {
    for (let own = 0; frames < FRAMES && !(isTrusted && own >= TRUSTED_SOCKETS); own++) {
      const number = sockets++
      const chance = createChance(SEED + number)
      const origin = isTrusted ? PORTAL : lab.stranger()
      const onAnswer = (code: string): void => {
        codes[code] = (codes[code] ?? 0) + 1
      }
      try {
        const sent = await attack({ port: lab.bridge.port, origin, seeds, chance, onAnswer })
        frames += sent
      } catch (error) {
        throw new Error(`frames: seed ${SEED}, socket ${number}: ${String(error)}`, {
          cause: error,
        })
      }
    }
  }

  test('each request was answered once, by a result or a code of the catalogue', () => {
    expect(frames).toBeGreaterThanOrEqual(FRAMES)
    // Something got through to every layer: the envelope, the shapes, the handlers.
    expect(Object.keys(codes)).toEqual(
      expect.arrayContaining([
        'result',
        'BRIDGE_PROTOCOL',
        'BRIDGE_ORIGIN_DENIED',
        'BRIDGE_CLAIM_MISMATCH',
      ]),
    )
    expect(codes['BRIDGE_INTERNAL']).toBeUndefined()
  })

  test('no dialog was opened for an origin that the person never let in', () => {
    for (const { description } of lab.pinentry.asked()) expect(description).toContain(PORTAL)
  })

  test('the bridge is unharmed, and has not grown', async () => {
    lab.pinentry.answer({})
    await lab.assertUnharmed(lab.pinentry.asked().length - 1)
    expect(readProcess(lab.bridge.pid, frames).rssBytes).toBeLessThan(MAX_RSS_BYTES)
  })
})
