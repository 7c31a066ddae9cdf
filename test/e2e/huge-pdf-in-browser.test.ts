/** A File of a gigabyte where portals sign: Chromium's page never holds more than a part of it. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, ElementHandle } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../helpers/certificate.ts'
import { hasChromium, launchChromium } from '../helpers/chromium.ts'
import { tableFile } from '../helpers/pdf-file.ts'
import { startSdkPage } from '../helpers/sdk-page.ts'
import { writeSparsePdf } from '../helpers/sparse-pdf.ts'

const MIB = 1 << 20
const SIZE = 1024 * MIB
/** What signing may take beyond what the page has anyhow: as much as in Node (test/integration/huge-pdf). */
const MAX_BYTES = 64 * MIB

/** Runs in the page: signs the chosen File with a key of its own, answers how long the Blob is. */
const SIGN = `async (certificate) => {
  const [file] = document.querySelector('input').files
  const signer = {
    certificate: Uint8Array.from(atob(certificate), (character) => character.charCodeAt(0)),
    chain: [],
    algorithms: ['ES256'],
    sign: (requests) => Promise.all(requests.map(async ({ toBeSigned }) =>
      new Uint8Array(await window.signValue([...toBeSigned])))),
  }
  return (await Trien.signPdf(file, { signer })).size
}`

describe.skipIf(!hasChromium() || !existsSync('/proc/self/clear_refs'))(
  'a PDF of a gigabyte in Chromium',
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'trien-browser-huge-'))
    let site: Awaited<ReturnType<typeof startSdkPage>>
    let browser: Browser

    beforeAll(async () => {
      site = await startSdkPage()
      // A renderer that is kept ready for the next page would be measured while it starts.
      browser = await launchChromium('--disable-features=SpareRendererForSitePerProcess')
    })
    afterAll(async () => {
      await browser?.close()
      site?.close()
      rmSync(folder, { recursive: true, force: true })
    })

    it('is signed without being in memory', { timeout: 240_000 }, async () => {
      const small = path.join(folder, 'small.pdf')
      const huge = path.join(folder, 'huge.pdf')
      writeFileSync(small, tableFile())
      writeSparsePdf(huge, SIZE)
      const { certificate, privateKey } = await makeCertificate('ES256')
      const page = await browser.newPage()
      await page.exposeFunction('signValue', async (bytes: number[]) => {
        const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
        return [
          ...new Uint8Array(
            await crypto.subtle.sign(algorithm, privateKey, Uint8Array.from(bytes)),
          ),
        ]
      })
      await page.goto(`http://127.0.0.1:${site.port}/compiling`)
      await page.evaluate(
        "document.body.append(Object.assign(document.createElement('input'), { type: 'file' }))",
      )
      const input = (await page.$('input')) as ElementHandle<HTMLInputElement>
      const sign = async (file: string): Promise<number> => {
        await input.uploadFile(file)
        return (await page.evaluate(
          `(${SIGN})(${JSON.stringify(Buffer.from(certificate).toString('base64'))})`,
        )) as number
      }
      await sign(small)
      const session = await page.createCDPSession()
      await session.send('HeapProfiler.collectGarbage')
      const renderers = findRenderers(browser.process()?.pid ?? 0)
      const base = renderers.map((pid) => {
        writeFileSync(`/proc/${pid}/clear_refs`, '5')
        return readKilobytes(pid, 'VmRSS')
      })
      expect(await sign(huge)).toBeGreaterThan(SIZE)
      const over = renderers.map(
        (pid, at) => (readKilobytes(pid, 'VmHWM') - (base[at] ?? NaN)) * 1024,
      )
      console.log(`over the base: ${over.map((each) => (each / MIB).toFixed(0)).join(', ')} MiB`)
      expect(Math.max(...over)).toBeLessThanOrEqual(MAX_BYTES)
    })
  },
)

/** Processes of pages: descendants of the browser that say so on their command line. */
function findRenderers(browserPid: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
  const family = new Set([browserPid])
  const renderers: number[] = []
  // Children come after their parents.
  for (const [pid, parent, ...args] of rows) {
    if (!family.has(Number(parent))) continue
    family.add(Number(pid))
    if (args.includes('--type=renderer')) renderers.push(Number(pid))
  }
  return renderers
}

function readKilobytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1])
}
