/**
 * The same files signed in Chromium, by its own DOMParser, and in Node, by the one that is kept for it: byte for byte the
 * same signatures, or the same refusal. RS256 gives one value for one key, so that all of a signed file can be compared.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { isSigningError } from '@trien/sdk/errors'
import { softwareSigner } from '@trien/sdk/webcrypto'
import type { Signer } from '@trien/sdk/types'
import { type SignXmlOptions, signXml } from '@trien/sdk/xades'
import { hasChromium, launchChromium } from '../helpers/chromium.ts'
import { startSdkPage } from '../helpers/sdk-page.ts'
import { createThreeTierPki } from '../helpers/three-tier-pki.ts'
import { hasTools } from '../helpers/tools.ts'
import { APPLICATION, DECLARATION, INSURANCE, INVOICE } from '../helpers/xml/forms.ts'
import { SAMPLES, generateXml } from '../helpers/xml/samples.ts'

const GENERATED = 60
const PARAMETERS = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const FORMS = ['exclusive', 'c14n-1.0', 'c14n-1.1'] as const
const WRONG: Readonly<Record<string, string>> = {
  'a prefix that means nothing': '<a:b/>',
  'an attribute twice by its namespace': '<a xmlns:x="urn:1" xmlns:y="urn:1" x:b="" y:b=""/>',
  'a second root': '<a/><b/>',
  'an end that is another': '<a><b></a></b>',
  'a DOCTYPE': '<!DOCTYPE a><a/>',
  'an entity of nobody': '<a>&nbsp;</a>',
  'a character that is none': '<a>&#0;</a>',
  'an attribute without quotes': '<a b=c/>',
}

type Outcome = readonly [name: string, text: string]
/** What is signed, and how; the same in both places. */
type Case = readonly [name: string, text: string, options: Omit<SignXmlOptions, 'signer'>]

const CASES: readonly Case[] = [
  ...Object.entries({ ...SAMPLES, application: APPLICATION }).flatMap(([name, text]) =>
    FORMS.map((c14n): Case => [`${name}: ${c14n}`, text, { c14n }]),
  ),
  ...Array.from({ length: GENERATED }, (_, seed): Case => {
    const c14n = FORMS[seed % FORMS.length]
    return [
      `by chance ${seed + 1}`,
      generateXml(seed + 1),
      { c14n, moreSignatures: seed % 2 === 0 },
    ]
  }),
  ['a part of it', APPLICATION, { target: 'muc-1', place: { path: 'chữký' } }],
  ['an invoice', INVOICE, { form: 'vn-einvoice' }],
  ['a declaration', DECLARATION, { form: 'vn-tax-declaration' }],
  ['insurance', INSURANCE, { form: 'vn-social-insurance' }],
  ...Object.entries(WRONG).map(([name, text]): Case => [name, text, {}]),
]

/** Runs in the page: signs all, and answers each as text, or the code of the error. */
const SIGN = `async ({ certificate, pkcs8, parameters, signingTime, cases }) => {
  const parse = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  const privateKey = await crypto.subtle.importKey('pkcs8', parse(pkcs8), parameters, false, ['sign'])
  const signer = Trien.softwareSigner({ privateKey, certificate: parse(certificate), chain: [] })
  const outcomes = []
  for (const [name, text, options] of cases) {
    const given = { ...options, signer, signatureId: 's-1', signingTime: new Date(signingTime) }
    try {
      const signed = await Trien.signXml(new TextEncoder().encode(text), given)
      outcomes.push([name, new TextDecoder('utf-8', { ignoreBOM: true }).decode(signed)])
    } catch (error) {
      outcomes.push([name, String(error.code)])
    }
  }
  return outcomes
}`

describe.skipIf(!hasTools('openssl') || !hasChromium())('XML in Chromium and in Node', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-xml-browser-'))
  const signingTime = new Date('2026-11-22T01:02:04Z')
  let site: Awaited<ReturnType<typeof startSdkPage>>
  let browser: Browser
  let page: Page
  let signer: Signer
  let input: Record<string, unknown>

  beforeAll(async () => {
    const { certificate, pkcs8 } = createThreeTierPki(folder).issue('RS256', ['rsa:2048'])
    const privateKey = await crypto.subtle.importKey(
      ...(['pkcs8', new Uint8Array(pkcs8), PARAMETERS, false, ['sign']] as const),
    )
    signer = softwareSigner({ privateKey, certificate, chain: [] })
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
    input = {
      ...{ certificate: base64(certificate), pkcs8: base64(pkcs8) },
      ...{ parameters: PARAMETERS, signingTime: signingTime.toISOString() },
    }
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

  async function signHere([name, text, options]: Case): Promise<Outcome> {
    const given = { ...options, signer, signatureId: 's-1', signingTime }
    try {
      const signed = await signXml(encodeUtf8(text), given)
      return [name, new TextDecoder('utf-8', { ignoreBOM: true }).decode(signed)]
    } catch (error) {
      return [name, isSigningError(error) ? error.code : String(error)]
    }
  }

  it(`make the same of ${CASES.length} awkward files`, async () => {
    const given = JSON.stringify({ ...input, cases: CASES })
    const theirs = (await page.evaluate(`(${SIGN})(${given})`)) as readonly Outcome[]
    const ours: Outcome[] = []
    for (const one of CASES) ours.push(await signHere(one))
    expect(theirs).toEqual(ours)
    const isSigned = ([, text]: Outcome) => text.includes('SignatureValue')
    expect(ours.filter(isSigned).length).toBe(CASES.length - Object.keys(WRONG).length)
  })
})
