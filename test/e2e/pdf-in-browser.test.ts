/**
 * Signing PDF where portals sign: Chromium's WebCrypto and DecompressionStream under a strict Content-Security-Policy,
 * from bytes and from a File. Judged by pdfsig and qpdf.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import type { Browser, Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../helpers/chromium.ts'
import {
  encodeRecord,
  FileBuilder,
  hybridFile,
  ONE_PAGE,
  streamFile,
  tableFile,
} from '../helpers/pdf-file.ts'
import { pdfsig } from '../helpers/referees/pdfsig.ts'
import { qpdf } from '../helpers/referees/qpdf.ts'
import { startSdkPage } from '../helpers/sdk-page.ts'
import { type ThreeTierPki, createThreeTierPki } from '../helpers/three-tier-pki.ts'
import { hasTools } from '../helpers/tools.ts'

/** Runs in the page: signs twice, bytes and then, to be seen, the File of what came out, and answers base64 or the error's code. */
const SIGN = `async ({ certificate, pkcs8, pdf }) => {
  const parse = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const privateKey = await crypto.subtle.importKey('pkcs8', parse(pkcs8), algorithm, false, ['sign'])
  const signer = Trien.softwareSigner({ privateKey, certificate: parse(certificate), chain: [] })
  try {
    const once = await Trien.signPdf(parse(pdf), { signer, reason: 'Phê duyệt' })
    const appearance = Trien.signerBlock({ at: { x: 20, y: 20 } })
    const twice = await Trien.signPdf(new File([once], 'đơn.pdf'), { signer, appearance })
    let text = ''
    for (const byte of new Uint8Array(await twice.arrayBuffer())) text += String.fromCharCode(byte)
    return btoa(text)
  } catch (error) {
    return error.code ?? String(error)
  }
}`

/** A cross-reference stream whose /Length counts the line end behind the data, as some writers do. */
function fileWithCountedLineEnd(junk: string): Uint8Array {
  const file = new FileBuilder().objects(ONE_PAGE)
  const start = file.size
  const places = [1, 2, 3].map((number) => [1, file.offsets.get(number)!, 0])
  const records = [[0, 0, 255], ...places, [1, start, 0]]
  const data = deflateSync(Buffer.concat(records.map((record) => encodeRecord(record, [1, 2, 1]))))
  const dict = '/Type /XRef /Size 5 /Root 1 0 R /W [1 2 1] /Filter /FlateDecode'
  file.stream(4, dict, Buffer.concat([data, Buffer.from(junk)]))
  return file.add(`startxref\n${start}\n%%EOF\n`).bytes()
}

describe.skipIf(!hasTools('openssl', 'pdfsig', 'qpdf') || !hasChromium())('PDF in Chromium', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-browser-pdf-'))
  let pki: ThreeTierPki
  let site: Awaited<ReturnType<typeof startSdkPage>>
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    pki = createThreeTierPki(folder)
    site = await startSdkPage()
    browser = await launchChromium()
    page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${site.port}/`)
  })

  afterAll(async () => {
    await browser?.close()
    site?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

  async function signInPage(pdf: Uint8Array): Promise<string> {
    const { certificate, pkcs8 } = pki.issue('pdf', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'])
    const input = { certificate: base64(certificate), pkcs8: base64(pkcs8), pdf: base64(pdf) }
    return (await page.evaluate(`(${SIGN})(${JSON.stringify(input)})`)) as string
  }

  it.each<[string, Uint8Array]>([
    ['a table', tableFile()],
    ['object streams', streamFile()],
    ['both', hybridFile()],
    ['a counted LF', fileWithCountedLineEnd('\n')],
    ['a counted CR LF', fileWithCountedLineEnd('\r\n')],
  ])('with %s is signed twice and accepted', async (name, pdf) => {
    const signed = Buffer.from(await signInPage(pdf), 'base64')
    expect(Buffer.compare(signed.subarray(0, pdf.length), pdf)).toBe(0)
    // The font came from serif.js, beside the bundle.
    expect(signed.includes('+Tinos-Regular')).toBe(true)
    const signature = path.join(folder, `${name}.pdf`)
    writeFileSync(signature, signed)
    const file = { kind: 'pdf', signature } as const
    expect(await pdfsig.judge([file], pki.rootFile)).toMatchObject([{ accepted: true }])
    expect(await qpdf.judge([file], pki.rootFile)).toMatchObject([{ accepted: true }])
  })

  it('that is damaged is refused by name', async () => {
    expect(await signInPage(fileWithCountedLineEnd('junk'))).toBe('FORMAT_MALFORMED')
    expect(await signInPage(tableFile().slice(0, -30))).toBe('FORMAT_MALFORMED')
  })
})
