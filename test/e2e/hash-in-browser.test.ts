/**
 * Hashing where portals hash: what WebCrypto cannot take in one run, under a policy that lets the page compile
 * WebAssembly, and under one that does not.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, ElementHandle, Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../helpers/chromium.ts'
import { WORD, zipOffice } from '../helpers/office-file.ts'
import { startSdkPage } from '../helpers/sdk-page.ts'
import { makeCertificate } from '../helpers/certificate.ts'

const MIB = 1 << 20
/** More than a page reads at once. */
const HUGE_BYTES = 129 * MIB

/** Runs in the page: the hash of a document as a signature would claim it, and what the policy forbade meanwhile. */
const HASH = `async ({ certificate, algorithm, bytes, isStream }) => {
  const forbidden = []
  addEventListener('securitypolicyviolation', ({ blockedURI }) => forbidden.push(blockedURI))
  const blob = new Blob(Array.from({ length: bytes >> 20 }, () => new Uint8Array(1 << 20).fill(7)))
  const prepared = await Trien.prepareCms(isStream ? blob.stream() : blob, {
    certificate: Uint8Array.from(atob(certificate), (character) => character.charCodeAt(0)),
    algorithm,
  })
  const hex = [...prepared.documentDigest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { hex, forbidden }
}`

/** Runs in the page: what the policy forbade while a Word file was prepared. */
const HASH_WORD = `async (input) => {
  const forbidden = []
  addEventListener('securitypolicyviolation', ({ blockedURI }) => forbidden.push(blockedURI))
  const [file, certificate] = input.map((text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))
  await Trien.prepareOffice(file, { certificate, algorithm: 'ES256' })
  return forbidden
}`

/** Runs in the page: the code of the error that the chosen File is refused with. */
const REFUSE = `async (certificate) => Trien.prepareCms(document.querySelector('input').files[0], {
  certificate: Uint8Array.from(atob(certificate), (character) => character.charCodeAt(0)),
  algorithm: 'ES256',
}).catch(({ code }) => code)`

describe.skipIf(!hasChromium())('hashing in Chromium', () => {
  let site: Awaited<ReturnType<typeof startSdkPage>>
  let browser: Browser

  beforeAll(async () => {
    site = await startSdkPage()
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })

  async function hashInPage(
    path: string,
    algorithm: 'ES256' | 'ES384',
    document: { readonly bytes: number; readonly isStream: boolean },
    meanwhile: (page: Page) => unknown = () => undefined,
  ) {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${site.port}${path}`)
    meanwhile(page)
    const { certificate } = await makeCertificate(algorithm)
    const input = {
      ...{ ...document, algorithm },
      certificate: Buffer.from(certificate).toString('base64'),
    }
    const answer = await page.evaluate(`(${HASH})(${JSON.stringify(input)})`)
    await page.close()
    return answer as { hex: string; forbidden: string[] }
  }

  const hashOf = (algorithm: 'sha256' | 'sha384', bytes: number): string =>
    createHash(algorithm).update(Buffer.alloc(bytes, 7)).digest('hex')

  it.each([
    ['a stream, compiled', '/compiling', []],
    ['a stream, by a script', '/', ['wasm-eval']],
  ])('takes %s', async (_, path, forbidden) => {
    const answer = await hashInPage(path, 'ES384', { bytes: 3 * MIB, isStream: true })
    expect(answer).toEqual({ hex: hashOf('sha384', 3 * MIB), forbidden })
  })

  it('takes a Blob that is more than a page reads at once', async () => {
    const answer = await hashInPage('/compiling', 'ES256', { bytes: HUGE_BYTES, isStream: false })
    expect(answer).toEqual({ hex: hashOf('sha256', HUGE_BYTES), forbidden: [] })
  })

  it('takes it while the page collects its garbage', async () => {
    const answer = await hashInPage(
      '/compiling',
      'ES256',
      { bytes: HUGE_BYTES, isStream: false },
      async (page) => {
        const session = await page.createCDPSession()
        const collect = (): Promise<unknown> => session.send('HeapProfiler.collectGarbage')
        // Until the page is closed.
        while (await collect().then(Boolean, () => false)) continue
      },
    )
    expect(answer.hex).toBe(hashOf('sha256', HUGE_BYTES))
  })

  it('asks the policy for nothing where a Blob is not', async () => {
    const answer = await hashInPage('/', 'ES256', { bytes: 3 * MIB, isStream: false })
    expect(answer).toEqual({ hex: hashOf('sha256', 3 * MIB), forbidden: [] })
  })

  it('asks the policy for nothing where parts of a Word file are', async () => {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${site.port}/`)
    const { certificate } = await makeCertificate('ES256')
    const input = [zipOffice(WORD), certificate].map((bytes) =>
      Buffer.from(bytes).toString('base64'),
    )
    expect(await page.evaluate(`(${HASH_WORD})(${JSON.stringify(input)})`)).toEqual([])
    await page.close()
  })

  it('refuses a File that was changed since it was chosen', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'trien-hash-'))
    const file = path.join(folder, 'huge.bin')
    writeFileSync(file, '')
    truncateSync(file, HUGE_BYTES)
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${site.port}/compiling`)
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('input'), { type: 'file' }))",
    )
    await ((await page.$('input')) as ElementHandle<HTMLInputElement>).uploadFile(file)
    // Chromium looks at a file when its size is asked for first.
    expect(await page.evaluate("document.querySelector('input').files[0].size")).toBe(HUGE_BYTES)
    truncateSync(file, HUGE_BYTES - MIB)
    const { certificate } = await makeCertificate('ES256')
    const argument = JSON.stringify(Buffer.from(certificate).toString('base64'))
    expect(await page.evaluate(`(${REFUSE})(${argument})`)).toBe('FORMAT_CHANGED')
    await page.close()
    rmSync(folder, { recursive: true })
  })
})
