/**
 * Counter-signatures in JSON and XML that were tampered with themselves, the data and the signature below as they were: all
 * referees that judge such files refuse them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counterSignJson, signJson } from '@trien/sdk/jades'
import { signXml } from '@trien/sdk/xades'
import { ALL_REFEREES, type SignedFile, presentReferees } from '../helpers/referees/index.ts'
import { type SignerDesk, createSignerDesk } from '../helpers/xml/signer-desk.ts'
import { APPLICATION } from '../helpers/xml/forms.ts'

type Spoil = (text: string) => string
interface Format {
  sign(desk: SignerDesk): Promise<Uint8Array>
  /** What is spoilt of the counter-signature. */
  readonly spoilt: Readonly<Record<string, Spoil>>
}

const source = new TextEncoder().encode(APPLICATION)

/** Another letter in the middle, where no padding lies. */
const change = (value: string): string => {
  const at = value.length >> 1
  return `${value.slice(0, at)}${value[at] === 'A' ? 'B' : 'A'}${value.slice(at + 1)}`
}

/** Changes a member of cSig, the first element of etsiU. */
const inJson =
  (member: 'protected' | 'signature'): Spoil =>
  (text) => {
    const jws = JSON.parse(text) as { header: { etsiU: string[] } }
    const element = Buffer.from(jws.header.etsiU[0]!, 'base64url').toString()
    const { cSig } = JSON.parse(element) as { cSig: Record<typeof member, string> }
    const other = JSON.stringify({ cSig: { ...cSig, [member]: change(cSig[member]) } })
    jws.header.etsiU[0] = Buffer.from(other).toString('base64url')
    return JSON.stringify(jws)
  }

/** Changes the text of an element inside of CounterSignature. */
const inXml =
  (element: string): Spoil =>
  (text) => {
    const start = text.indexOf(':CounterSignature')
    const pattern = new RegExp(`(:${element}(?: [^>]*)?>)([^<]+)`)
    return (
      text.slice(0, start) +
      text.slice(start).replace(pattern, (_, tag: string, value: string) => tag + change(value))
    )
  }

const FORMATS: Readonly<Record<'jades' | 'xades', Format>> = {
  jades: {
    async sign(desk) {
      const once = await signJson(source, { signer: await desk.signer(), form: 'flattened' })
      return counterSignJson(once, { signer: await desk.signer('P-256', 'ES256') })
    },
    spoilt: { 'its value': inJson('signature'), 'what it is over': inJson('protected') },
  },
  xades: {
    async sign(desk) {
      const once = await signXml(source, { signer: await desk.signer() })
      const signer = await desk.signer('P-256', 'ES256')
      return signXml(once, { signer, packaging: 'counter-signature' })
    },
    spoilt: { 'its value': inXml('SignatureValue'), 'what it is over': inXml('DigestValue') },
  },
}

describe.each(Object.entries(FORMATS))('a counter-signature in %s', (name, format) => {
  const kind = name as keyof typeof FORMATS
  const referees = presentReferees(ALL_REFEREES.filter(({ kinds }) => kinds.includes(kind)))
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-counter-'))
  const names = ['good', ...Object.keys(format.spoilt)]
  /** By the name of a file: who accepts it. */
  const found = new Map<string, readonly string[]>()

  beforeAll(async () => {
    const desk = createSignerDesk(path.join(folder, 'pki'))
    const good = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await format.sign(desk))
    const texts = [good, ...Object.values(format.spoilt).map((spoil) => spoil(good))]
    const files = texts.map((text, index): SignedFile => {
      if (index > 0 && text === good) throw new Error(`${names[index]}: nothing was changed`)
      const signature = path.join(folder, String(index))
      writeFileSync(signature, text)
      return { kind, signature, tampered: signature }
    })
    for (const referee of referees) {
      for (const [at, { accepted }] of (await referee.judge(files, desk.caFile)).entries()) {
        const accepts = [...(found.get(names[at]!) ?? []), ...(accepted ? [referee.name] : [])]
        found.set(names[at]!, accepts)
      }
    }
  }, 600_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.each(names)('%s', (what) => {
    expect(found.get(what)).toEqual(what === 'good' ? referees.map((referee) => referee.name) : [])
  })
})
