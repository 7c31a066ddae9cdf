/** `trien-bridge tokens` where a token, a label or a module is not what it should be. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runBridge } from '../helpers/bridge-process.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'
import {
  type TroubledModule,
  buildTroubledModule,
  canBuildTroubledModule,
} from '../helpers/troubled-module.ts'

describe.runIf(canUseSoftHsm() && canBuildTroubledModule())('trien-bridge tokens', () => {
  let hsm: SoftHsm
  let troubled: TroubledModule
  beforeAll(() => {
    hsm = createSoftHsm()
    hsm.addToken('mot', ['P-256'])
    hsm.addToken('hai\u202e\u0085ba', [])
    troubled = buildTroubledModule(hsm.folder, hsm.modulePath)
  })
  afterAll(() => hsm?.close())
  const run = async (...args: string[]) => {
    const modules = ['--module', troubled.modulePath, '--module', hsm.modulePath]
    return runBridge(['tokens', ...args, ...modules], { ...hsm.env, ...troubled.env })
  }
  interface Report {
    readonly failure: unknown
    readonly tokens: readonly { readonly label: string; readonly problem: string | null }[]
  }

  test('shows what it can where tokens cannot be read, and no label writes over another', async () => {
    troubled.setTrouble('C_FindObjectsInit error 30')
    const { code, stdout } = await run('--json')
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/[\u0080-\u009f\u202e]/)
    const [broken, good] = JSON.parse(stdout) as Report[]
    expect(broken).toMatchObject({ failure: null })
    expect(broken?.tokens.map(({ problem }) => problem)).toEqual([
      'CKR_DEVICE_ERROR',
      'CKR_DEVICE_ERROR',
    ])
    expect(good?.tokens.map(({ problem }) => problem)).toEqual([null, null])
    expect((await run()).stdout).toContain('cannot be read: CKR_DEVICE_ERROR')
  })

  test('announces the end of a certificate, and a PIN that is to be changed', async () => {
    hsm.addKey('mot', '0e', hsm.authority.issue('P-256', 'ending', 20))
    // Initialised, login required, PIN initialised, PIN to be changed.
    troubled.setTrouble('C_GetTokenInfo flags 8040c')
    const { stdout } = await run()
    expect(stdout).toMatch(
      /attention {2}The certificate expires on [\d-]+, in (19|20) days\. Have it renewed by Trien Test CA\.\n/,
    )
    expect(stdout.match(/attention/g)).toHaveLength(2)
    expect(stdout).toMatch(/the PIN is to be changed first: trien-bridge tokens change-pin "\w+"\n/)
    interface WithPin {
      readonly tokens: readonly { readonly mustChangePin: boolean }[]
    }
    const [changed, good] = JSON.parse((await run('--json')).stdout) as WithPin[]
    expect(changed?.tokens.every(({ mustChangePin }) => mustChangePin)).toBe(true)
    expect(good?.tokens.map(({ mustChangePin }) => mustChangePin)).toEqual([false, false])
  })

  test('shows the other modules where one crashes', async () => {
    troubled.setTrouble('C_GetTokenInfo crash')
    const { code, stdout } = await run('--json')
    expect(code).toBe(1)
    const [broken, good] = JSON.parse(stdout) as Report[]
    expect(broken).toMatchObject({ failure: { problem: 'TOKEN_DRIVER_CRASHED' }, tokens: [] })
    expect(good?.tokens).toHaveLength(2)
  })
})
