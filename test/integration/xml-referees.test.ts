/**
 * Signatures in XML of every kind, as the JDK and xmlsec1 see them: accepted as they are, refused with a letter changed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { type SignXmlOptions, signXml } from '@trien/sdk/xades'
import { createSignerDesk } from '../helpers/xml/signer-desk.ts'
import { APPLICATION, DECLARATION, INSURANCE, INVOICE } from '../helpers/xml/forms.ts'
import { type SignedFile, presentReferees } from '../helpers/referees/index.ts'
import { jdkXml } from '../helpers/referees/jdk-xml.ts'
import { xmlsec } from '../helpers/referees/xmlsec.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'trien-xml-'))
const desk = createSignerDesk(path.join(folder, 'pki'))
const referees = presentReferees([jdkXml, xmlsec])
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Asks all referees of a file, and of a copy in which a word is another. */
async function expectJudged(
  name: string,
  signed: Uint8Array,
  [word, other]: readonly [string, string],
) {
  const place = mkdtempSync(path.join(folder, 'case-'))
  const write = (file: string, text: string): SignedFile => {
    const signature = path.join(place, file)
    writeFileSync(signature, text)
    return { kind: 'xades', signature, tampered: signature }
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(signed)
  expect(text).toContain(word)
  const files = [write('good.xml', text), write('bad.xml', text.replace(word, other))]
  for (const referee of referees) {
    const [good, bad] = await referee.judge(files, desk.caFile)
    expect(good, name).toMatchObject({ accepted: true })
    expect(bad, name).toMatchObject({ accepted: false })
  }
}

describe.runIf(referees.length > 0)('signatures in XML', () => {
  const cases: readonly [
    string,
    string,
    Omit<SignXmlOptions, 'signer'>,
    readonly [string, string],
  ][] = [
    ['enveloped', APPLICATION, {}, ['Cấp lại', 'Cấp mới']],
    [
      'enveloped, inclusive 1.0',
      APPLICATION,
      { c14n: 'c14n-1.0' },
      ['xml:lang="vi"', 'xml:lang="en"'],
    ],
    ['enveloped, inclusive 1.1', APPLICATION, { c14n: 'c14n-1.1' }, ['urn:x', 'urn:y']],
    ['enveloped, room for more', APPLICATION, { moreSignatures: true }, ['Cấp lại', 'Cấp mới']],
    [
      'enveloped, a part, in an empty element',
      APPLICATION,
      { target: 'muc-1', place: { path: 'chữký' } },
      ['Cấp lại', 'Cấp mới'],
    ],
    ['enveloping', APPLICATION, { packaging: 'enveloping' }, ['77u/', '88u/']],
    ['an e-invoice by its seller', INVOICE, { form: 'vn-einvoice' }, ['1100000', '2200000']],
    ['an e-invoice by its buyer', INVOICE, { form: 'vn-einvoice-buyer' }, ['1100000', '2200000']],
    [
      'an e-invoice by the tax office',
      INVOICE,
      { form: 'vn-einvoice-authority' },
      ['00A1B2C3', '00A1B2C4'],
    ],
    ['a tax declaration', DECLARATION, { form: 'vn-tax-declaration' }, ['5.3.1', '5.3.2']],
    ['a file of social insurance', INSURANCE, { form: 'vn-social-insurance' }, ['01001', '01002']],
  ]
  it.each(cases)('%s', async (name, text, options, change) => {
    const source = encodeUtf8(text)
    const signed = await signXml(source, { ...options, signer: await desk.signer() })
    await expectJudged(name, signed, change)
  })

  it('keeps every other byte of the file', async () => {
    const signed = await signXml(encodeUtf8(APPLICATION), {
      signer: await desk.signer(),
      place: { path: 'chữký' },
    })
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(signed)
    const without = text.replace(/<chữký><ds:Signature.*<\/ds:Signature><\/chữký>/s, '<chữký/>')
    expect(without).toBe(APPLICATION)
  })

  it('a second one beside the first, which stays valid', async () => {
    const signer = await desk.signer()
    const once = await signXml(encodeUtf8(APPLICATION), { signer, moreSignatures: true })
    const twice = await signXml(once, {
      signer: await desk.signer('P-256', 'ES256'),
      moreSignatures: true,
    })
    await expectJudged('twice', twice, ['Cấp lại', 'Cấp mới'])
  })

  it('an invoice by seller, buyer and tax office', async () => {
    let invoice = encodeUtf8(INVOICE)
    for (const form of ['vn-einvoice', 'vn-einvoice-buyer', 'vn-einvoice-authority'] as const) {
      invoice = await signXml(invoice, { form, signer: await desk.signer() })
    }
    await expectJudged('thrice', invoice, ['1100000', '2200000'])
  })

  it('a counter-signature', async () => {
    const once = await signXml(encodeUtf8(APPLICATION), { signer: await desk.signer() })
    const twice = await signXml(once, {
      packaging: 'counter-signature',
      signer: await desk.signer('P-384', 'ES384'),
    })
    await expectJudged('counter', twice, ['Cấp lại', 'Cấp mới'])
  })

  it('several documents beside it', async () => {
    const place = path.join(folder, 'detached')
    mkdirSync(place)
    const documents = ['đơn 1.txt', 'phụ lục/2.txt'].map((name) => ({
      name,
      data: encodeUtf8(name),
    }))
    const signed = await signXml(documents, { packaging: 'detached', signer: await desk.signer() })
    const text = new TextDecoder().decode(signed)
    expect([...text.matchAll(/URI="([^"#]+)"/g)].map(([, uri]) => uri)).toEqual(
      documents.map(({ name }) => name.split('/').map(encodeURIComponent).join('/')),
    )
  })
})
