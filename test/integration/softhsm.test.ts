import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'

describe.runIf(canUseSoftHsm())('SoftHSM2', () => {
  let hsm: SoftHsm
  beforeAll(() => {
    hsm = createSoftHsm()
    hsm.addToken('mot')
  })
  afterAll(() => hsm?.close())

  test('tokens are made with keys and certificates', () => {
    const objects = execFileSync(
      'pkcs11-tool',
      [
        '--module',
        hsm.modulePath,
        '--token-label',
        'mot',
        '--list-objects',
        '--login',
        '--pin',
        hsm.pin,
      ],
      { env: { ...process.env, ...hsm.env }, encoding: 'utf8' },
    )
    expect(objects.match(/Private Key Object/g)).toHaveLength(4)
    expect(objects.match(/Certificate Object/g)).toHaveLength(5)
  })
})
