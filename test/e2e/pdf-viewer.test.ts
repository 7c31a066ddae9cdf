/** A visible signature in pdf.js, the viewer inside Firefox, whose fonts pass the browser's own sanitizer. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { personalSignature, signerBlock } from '@trien/sdk/appearance'
import { signPdf } from '@trien/sdk/pades'
import { softwareSigner } from '@trien/sdk/webcrypto'
import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../helpers/certificate.ts'
import { hasFirefox, launchFirefox } from '../helpers/firefox.ts'
import { findInk, readPpm } from '../helpers/render-pdf.ts'
import { hasTools } from '../helpers/tools.ts'

const SAMPLE = fileURLToPath(new URL('../../packages/demo/sample/', import.meta.url))

describe.skipIf(!hasFirefox() || !hasTools('convert'))('pdf.js', () => {
  it('shows the hand and the words where they are to stand', async () => {
    const signer = softwareSigner(await makeCertificate('ES256'))
    const read = (name: string) => new Uint8Array(readFileSync(path.join(SAMPLE, name)))
    const within = { x: 121, y: 200, width: 61, height: 23 }
    const hand = personalSignature({ image: read('signature.png'), within })
    const signed = await signPdf(read('application.pdf'), { signer, appearance: hand })
    const block = signerBlock({ at: { x: 35, y: 205 } })
    const pdf = await signPdf(signed, { signer, appearance: block })

    const server = createServer((_, response) => {
      response.setHeader('Content-Type', 'application/pdf')
      response.end(pdf)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const folder = mkdtempSync(path.join(tmpdir(), 'trien-viewer-'))
    const browser = await launchFirefox(folder, path.join(folder, 'profile'))
    try {
      const page = await browser.newPage()
      await page.setViewport({ width: 1000, height: 1400 })
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x.pdf#zoom=100`)
      await page.waitForSelector('.page[data-loaded] .textLayer')
      const seen = await page.waitForSelector('.page canvas')
      const look = async () => {
        const shot = path.join(folder, 'shot.png')
        writeFileSync(shot, await seen!.screenshot())
        const picture = readPpm(
          execFileSync('convert', [shot, '-depth', '8', 'ppm:-'], { maxBuffer: 1 << 28 }),
        )
        return {
          blue: findInk(picture, 210, (red, _, blue) => blue > 120 && red < 110),
          words: findInk(
            left(picture),
            210 / 2,
            (...colour) => Math.max(...colour) < 110,
            [203, 217],
          ),
        }
      }
      await expect
        .poll(async () => (await look()).words !== undefined, { timeout: 30_000 })
        .toBe(true)
      const { blue, words } = await look()
      expect(Math.abs(blue!.left - hand.at.x)).toBeLessThan(2)
      expect(Math.abs(blue!.right - hand.at.x - hand.at.width)).toBeLessThan(3)
      expect(Math.abs((words!.left + words!.right) / 2 - (35 + 30))).toBeLessThan(1)
    } finally {
      await browser.close()
      server.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    }
  })
})

/** The left half of a picture. */
function left(picture: ReturnType<typeof readPpm>) {
  return { ...picture, width: Math.floor(picture.width / 2) }
}
