/** A certificate has one name, whichever module shows it and however often its driver was started. */
import { copyFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeHex } from '@trien/sdk/bytes'
import { createModuleSource } from '../../packages/bridge/src/token/supervisor.ts'
import type { TokenSource } from '../../packages/bridge/src/token/types.ts'
import { type SoftHsm, canUseSoftHsm, createSoftHsm } from '../helpers/softhsm.ts'

const HOST = fileURLToPath(new URL('../../packages/bridge/dist/token-host.js', import.meta.url))
const opened: TokenSource[] = []

describe.runIf(canUseSoftHsm())('the name of a certificate', () => {
  let hsm: SoftHsm
  beforeAll(() => {
    hsm = createSoftHsm()
    hsm.addToken('mot', ['P-256', 'RSA-2048'])
    Object.assign(process.env, hsm.env)
  })
  afterAll(async () => {
    await Promise.all(opened.map((source) => source.close()))
    delete process.env['SOFTHSM2_CONF']
    hsm?.close()
  })

  test('is the same after a restart, and through another module', async () => {
    const copy = path.join(hsm.folder, 'another.so')
    copyFileSync(hsm.modulePath, copy)
    for (const modulePath of [hsm.modulePath, hsm.modulePath, copy]) {
      opened.push(createModuleSource({ modulePath, hostFile: HOST }))
    }
    const { signal } = new AbortController()
    const listed = await Promise.all(opened.map((source) => source.listCertificates(signal)))
    const names = listed.map((certificates) =>
      certificates
        .map(({ id, token }) => [encodeHex(id), token.manufacturer, token.serial].join())
        .toSorted(),
    )
    expect(names[0]).toHaveLength(2)
    expect(names[1]).toEqual(names[0])
    expect(names[2]).toEqual(names[0])
  })
})
