/**
 * A driver that hangs over a card which was pulled out just now, as OpenSC up to 0.23 does: who asks for its tokens gets
 * them from another process, long before a first reading would be given up.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ModuleSource,
  createModuleSource,
} from '../../packages/bridge/src/token/supervisor.ts'
import { codeOf } from '../helpers/code-of.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'
import {
  type TroubledModule,
  buildTroubledModule,
  canBuildTroubledModule,
} from '../helpers/troubled-module.ts'

const HOST = fileURLToPath(new URL('../../packages/bridge/dist/token-host.js', import.meta.url))
const PATIENCE_MS = 6000
const { signal } = new AbortController()

describe.runIf(canUseSoftHsm() && canBuildTroubledModule())('a reading that hangs', () => {
  let hsm: SoftHsm
  let troubled: TroubledModule
  let source: ModuleSource
  beforeAll(() => {
    if (!existsSync(HOST)) throw new Error('the bridge is not built: run `npm run build` first')
    hsm = createSoftHsm()
    hsm.addToken('mot', ['P-256'])
    troubled = buildTroubledModule(hsm.folder, hsm.modulePath)
    Object.assign(process.env, hsm.env, troubled.env)
    source = createModuleSource({
      hostFile: HOST,
      modulePath: troubled.modulePath,
      deadlines: { list: PATIENCE_MS },
    })
  })
  afterAll(async () => {
    await source?.close()
    hsm?.close()
  })

  test('over tokens that were read before is made again by another process', async () => {
    expect(await source.listCertificates(signal)).toHaveLength(1)
    const { pid } = source
    troubled.setTrouble('C_GetTokenInfo hang')
    const reading = source.listCertificates(signal)
    await troubled.untilEntered()
    troubled.setTrouble(undefined)
    expect(await reading).toHaveLength(1)
    expect(source.pid).not.toBe(pid)
    expect(() => process.kill(pid!, 0)).toThrow(/ESRCH/)
  })

  test('each time ends within the patience of one', async () => {
    await source.listCertificates(signal)
    troubled.setTrouble('C_GetTokenInfo hang')
    const begun = performance.now()
    expect(await codeOf(source.listCertificates(signal))).toBe('TOKEN_TIMEOUT')
    expect(performance.now() - begun).toBeLessThan(1.8 * PATIENCE_MS)
    troubled.setTrouble(undefined)
  })
})
