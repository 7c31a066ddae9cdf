/**
 * Hashing where portals hash, beside the fastest there is: WebCrypto for what fits in memory, hash-wasm for what does not.
 * Trien's figure is that of `prepareCms`, all it does included. All take turns in one page. Nothing here fails on time.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../helpers/certificate.ts'
import { hasChromium, launchChromium } from '../helpers/chromium.ts'
import { startSdkPage } from '../helpers/sdk-page.ts'
import { median, ms, tell } from './bridge/figures.ts'

const ROUNDS = 15
const FITS_MB = 64
const BEYOND_MB = 192

/** hash-wasm's own bundle of one hash, as its users load it. */
const HASH_WASM = createRequire(
  new URL('../../packages/sdk/package.json', import.meta.url),
).resolve('hash-wasm/dist/sha256.umd.min.js')

/** Runs in the page: milliseconds of each way to hash so many megabytes, round by round. */
const TIME = `async ({ certificate, megabytes, rounds, names }) => {
  const parse = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  const options = { certificate: parse(certificate), algorithm: 'ES256' }
  const bytes = new Uint8Array(megabytes << 20)
  for (let at = 0; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536))
  const blob = new Blob([bytes])
  const ways = {
    'crypto.subtle, bytes': () => crypto.subtle.digest('SHA-256', bytes),
    'Trien, bytes': () => Trien.prepareCms(bytes, options),
    'crypto.subtle, Blob': async () => crypto.subtle.digest('SHA-256', await blob.arrayBuffer()),
    'Trien, Blob': () => Trien.prepareCms(blob, options),
    'hash-wasm, Blob by 4 MiB': async () => {
      const hash = (await hashwasm.createSHA256()).init()
      for (let at = 0; at < blob.size; at += 4 << 20) {
        hash.update(new Uint8Array(await blob.slice(at, at + (4 << 20)).arrayBuffer()))
      }
      return hash.digest()
    },
  }
  const taken = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    // To and fro, so that nobody always comes after the same one.
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      // Nobody pays for what another left behind; and Chromium has room for only so many slices of a Blob at a time.
      gc()
      await new Promise((resolve) => setTimeout(resolve, 20))
      const begun = performance.now()
      await ways[name]()
      if (round >= 0) taken[name].push(performance.now() - begun)
    }
  }
  return taken
}`

describe.runIf(hasChromium())('hashing in Chromium', () => {
  let site: Awaited<ReturnType<typeof startSdkPage>>
  let browser: Browser

  beforeAll(async () => {
    site = await startSdkPage()
    browser = await launchChromium('--js-flags=--expose-gc')
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })

  /** Times ways under a policy; prints each beside one of them. */
  async function compare(
    title: string,
    path: '/' | '/compiling',
    megabytes: number,
    pairs: readonly (readonly [way: string, peer: string, target: string])[],
  ): Promise<void> {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${site.port}${path}`)
    await page.evaluate(readFileSync(HASH_WASM, 'utf8'))
    const { certificate } = await makeCertificate('ES256')
    const names = [...new Set(pairs.flatMap(([way, peer]) => [peer, way]))]
    const base64 = Buffer.from(certificate).toString('base64')
    const input = { certificate: base64, megabytes, rounds: ROUNDS, names }
    const taken = (await page.evaluate(`(${TIME})(${JSON.stringify(input)})`)) as Record<
      string,
      number[]
    >
    await page.close()
    const of = (name: string): readonly number[] => taken[name] ?? []
    const rows = pairs.map(([way, peer, target]) => {
      const ratios = of(peer).map((time, round) => time / (of(way)[round] ?? NaN))
      const rate = `${((megabytes * 1.048576) / (median(of(way)) / 1000)).toFixed(0)} MB/s`
      return [
        ...[`${way} beside ${peer}`, ms(median(of(way))), rate],
        ...[median(ratios).toFixed(2), target],
      ] as const
    })
    tell(title, ['time', 'speed', 'speed / peer’s', 'target'], rows)
    expect(of(names[0]!)).toHaveLength(ROUNDS)
  }

  test('what fits in memory', async () => {
    await compare(`SHA-256 of ${FITS_MB} MiB in Chromium`, '/', FITS_MB, [
      ['Trien, bytes', 'crypto.subtle, bytes', '≥ 0.95'],
      ['Trien, Blob', 'crypto.subtle, Blob', '≥ 0.95'],
    ])
  })

  test('what does not', async () => {
    const peer = 'hash-wasm, Blob by 4 MiB'
    const title = `SHA-256 of ${BEYOND_MB} MiB in Chromium`
    await compare(title, '/compiling', BEYOND_MB, [['Trien, Blob', peer, '≥ 1']])
  })
  test('what does not, where the policy allows no WebAssembly', async () => {
    const title = `SHA-256 of ${BEYOND_MB} MiB in Chromium, by a script`
    await compare(title, '/', BEYOND_MB, [['Trien, Blob', 'crypto.subtle, Blob', 'none']])
  })
})
