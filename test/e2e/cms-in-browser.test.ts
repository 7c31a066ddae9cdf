/**
 * Signing where portals sign: Chromium's WebCrypto, a Content-Security-Policy that allows no eval and no WebAssembly,
 * a Blob of what fits in memory, hashed in one run. Judged by OpenSSL.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALGORITHM_NAMES, getAlgorithm, webCryptoParameters } from '@trien/sdk/algorithms'
import { hasChromium, launchChromium } from '../helpers/chromium.ts'
import { openssl } from '../helpers/referees/openssl.ts'
import { startSdkPage } from '../helpers/sdk-page.ts'
import { type ThreeTierPki, createThreeTierPki } from '../helpers/three-tier-pki.ts'
import { hasTools } from '../helpers/tools.ts'

const BLOB_BYTES = 9 << 20

/** Runs in the page: signs a Blob of 9 MB, detached, and answers the ContentInfo in base64, or the error's code. */
const SIGN = `async ({ certificate, chain, pkcs8, parameters, bytes }) => {
  const parse = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  const privateKey = await crypto.subtle.importKey('pkcs8', parse(pkcs8), parameters, false, ['sign'])
  const signer = Trien.softwareSigner({
    privateKey,
    certificate: parse(certificate),
    chain: chain.map(parse),
  })
  const data = new File([new Uint8Array(bytes).fill(65)], 'đơn.txt', { type: 'text/plain' })
  const progress = []
  const signed = await Trien.signCms(data, { signer, onProgress: (done) => progress.push(done) })
  return { signed: btoa(String.fromCharCode(...signed)), progress }
}`

describe.skipIf(!hasTools('openssl') || !hasChromium())('CMS in Chromium', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-browser-'))
  const dataFile = path.join(folder, 'data')
  let pki: ThreeTierPki
  let site: Awaited<ReturnType<typeof startSdkPage>>
  let browser: Browser

  beforeAll(async () => {
    writeFileSync(dataFile, Buffer.alloc(BLOB_BYTES, 65))
    pki = createThreeTierPki(folder)
    site = await startSdkPage()
    browser = await launchChromium('--host-resolver-rules=MAP portal.test 127.0.0.1')
  })

  afterAll(async () => {
    await browser?.close()
    site?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

  it.each(ALGORITHM_NAMES)('is signed by %s and accepted by OpenSSL', async (name) => {
    const { curve } = getAlgorithm(name)
    const ec = ['ec', '-pkeyopt', `ec_paramgen_curve:${curve}`]
    const { certificate, pkcs8 } = pki.issue(name, curve === undefined ? ['rsa:2048'] : ec)
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${site.port}/`)
    const input = JSON.stringify({
      certificate: base64(certificate),
      chain: pki.chain.map(base64),
      pkcs8: base64(pkcs8),
      parameters: webCryptoParameters(getAlgorithm(name)),
      bytes: BLOB_BYTES,
    })
    const { signed, progress } = (await page.evaluate(`(${SIGN})(${input})`)) as {
      signed: string
      progress: number[]
    }
    await page.close()
    expect(progress).toEqual([BLOB_BYTES])
    const signature = path.join(folder, `${name}.p7s`)
    writeFileSync(signature, Buffer.from(signed, 'base64'))
    const file = { kind: 'detached', signature, data: dataFile } as const
    expect(await openssl.judge([file], pki.rootFile)).toMatchObject([{ accepted: true }])
  })

  it('is refused by name on a page that is not secure', async () => {
    const { certificate } = pki.issue('insecure', ['rsa:2048'])
    const page = await browser.newPage()
    await page.goto(`http://portal.test:${site.port}/`)
    const prepare = `Trien.prepareCms(new Uint8Array(3), {
      certificate: Uint8Array.from(atob('${base64(certificate)}'), (one) => one.charCodeAt(0)),
      algorithm: 'RS256',
    }).then(() => 'prepared', ({ code }) => code)`
    expect(await page.evaluate('isSecureContext')).toBe(false)
    expect(await page.evaluate(prepare)).toBe('USAGE_INSECURE_CONTEXT')
    await page.close()
  })
})
