import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { APPLICATION, INVOICE } from '../../../../test/helpers/xml/forms.ts'
import { encodeUtf8, equalBytes } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer } from '../types.ts'
import { upgrade } from './upgrade.ts'
import { createRungs } from './upgrade-xml.ts'
import { type SignXmlOptions, completeXml, prepareXml, signXml } from './xml.ts'

const signer = softwareSigner(await makeCertificate('RS256'))
const colleague = softwareSigner(await makeCertificate('ES256'))
const timestamp = await createTimestampAuthority()
const signingTime = new Date('2026-11-22T01:02:04Z')
const application = encodeUtf8(APPLICATION)
const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
const count = (bytes: Uint8Array, part: string) => textOf(bytes).split(part).length - 1

describe('signXml', () => {
  it.each<[string, unknown, Partial<Record<keyof SignXmlOptions, unknown>>, string]>([
    ['no signer', application, { signer: undefined }, 'signer'],
    ['no document', undefined, {}, 'document'],
    ['text for bytes', APPLICATION, {}, 'document'],
    ['another packaging', application, { packaging: 'wrapped' }, 'packaging'],
    ['a packaging of every object', application, { packaging: 'toString' }, 'packaging'],
    ['another canonical form', application, { c14n: 'c14n-2.0' }, 'c14n'],
    ['another form', application, { form: 'vn-all' }, 'form'],
    [
      'a form that is packaged',
      INVOICE,
      { form: 'vn-einvoice', packaging: 'detached' },
      'packaging',
    ],
    ['a level of a form', INVOICE, { form: 'vn-einvoice', level: 'B-T', timestamp }, 'level'],
    ['a level that there is not', application, { level: 'B-X' }, 'level'],
    ['a level without who stamps', application, { level: 'B-T' }, 'timestamp'],
    ['an Id that is none', application, { signatureId: '1"' }, 'signatureId'],
    ['an Id that is no text', application, { signatureId: {} }, 'signatureId'],
    ['a target that is none', application, { target: '#muc-1' }, 'target'],
    ['a time that is none', application, { signingTime: new Date(Number.NaN) }, 'signingTime'],
    ['a time that is text', application, { signingTime: '2026-11-22' }, 'signingTime'],
    [
      'a name that is too long',
      application,
      { document: { name: 'a'.repeat(256) } },
      'document.name',
    ],
    ['no documents', [], { packaging: 'detached' }, 'document'],
    [
      'documents of one name',
      [
        { name: 'a', data: application },
        { name: 'a', data: application },
      ],
      { packaging: 'detached' },
      'document',
    ],
    ['several documents in one', [{ name: 'a', data: application }], {}, 'packaging'],
    ['a place that is no choice', application, { place: 'chữký' }, 'place'],
    ['a place without a name', application, { place: {} }, 'place'],
    [
      'half a character in a name',
      [{ name: '\ud800', data: application, mediaType: 'text/xml' }],
      { packaging: 'detached' },
      'document.name',
    ],
  ])('refuses %s', async (_, given, wrong, argument) => {
    const document = typeof given === 'string' && given !== APPLICATION ? encodeUtf8(given) : given
    const options = { signer, ...wrong } as SignXmlOptions
    await expect(signXml(document as Uint8Array, options)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument },
    })
  })

  it.each<[string, string, Partial<SignXmlOptions>, string, Record<string, unknown>]>([
    ['a DOCTYPE', '<!DOCTYPE a><a/>', {}, 'FORMAT_UNSUPPORTED', {}],
    ['what is not XML', 'PDF', {}, 'FORMAT_MALFORMED', {}],
    ['an Id that nobody has', '<a/>', { target: 'x' }, 'FORMAT_MALFORMED', {}],
    [
      'an Id that two have',
      '<a><b Id="x"/><c ID="x"/></a>',
      { target: 'x' },
      'FORMAT_NOT_ALLOWED',
      { rule: 'duplicate-id' },
    ],
    ['a place that nobody has', '<a/>', { place: { path: 'b' } }, 'FORMAT_MALFORMED', {}],
    [
      'a place that two have',
      '<a><b/><b/></a>',
      { place: { path: 'b' } },
      'USAGE_ARGUMENT',
      { argument: 'place' },
    ],
    [
      'a counter-signature of none',
      '<a/>',
      { packaging: 'counter-signature' },
      'FORMAT_MALFORMED',
      {},
    ],
  ])('refuses %s', async (_, text, wrong, code, details) => {
    await expect(signXml(encodeUtf8(text), { signer, ...wrong })).rejects.toMatchObject({
      code,
      details,
    })
  })

  it('signs nothing inside of a signature, where all signatures are left out', async () => {
    const file = encodeUtf8(
      '<a xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Signature><ds:SignedInfo/>' +
        '<ds:Object Id="x">x</ds:Object></ds:Signature></a>',
    )
    await expect(
      signXml(file, { signer, target: 'x', moreSignatures: true }),
    ).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED' })
  })

  it('does not break a signature that is there', async () => {
    const once = await signXml(application, { signer })
    await expect(signXml(once, { signer: colleague })).rejects.toMatchObject({
      code: 'FORMAT_NOT_ALLOWED',
      details: { rule: 'earlier-signature' },
    })
  })

  it('returns nothing where the value is not the key’s', async () => {
    const forging: Signer = {
      ...signer,
      async sign(requests, options) {
        const values = await signer.sign(requests, options)
        return values.map((value) => value.map((octet, index) => (index === 9 ? octet ^ 1 : octet)))
      },
    }
    await expect(signXml(application, { signer: forging })).rejects.toMatchObject({
      code: 'TOKEN_SIGNATURE_INVALID',
    })
  })
})

describe('prepareXml and completeXml', () => {
  it('sees to a thousand earlier signatures, and is soon done', async () => {
    const one = (number: number): string => {
      const references = ['d', 'p'].map(
        (kind) =>
          `<ds:Reference URI="#${kind}${number}"><ds:DigestMethod/><ds:DigestValue/></ds:Reference>`,
      )
      const signedInfo = `<ds:SignedInfo>${references.join('')}</ds:SignedInfo>`
      const signature = `<ds:Signature>${signedInfo}<ds:Object Id="p${number}"/></ds:Signature>`
      return `<item><data Id="d${number}"/>${signature}</item>`
    }
    const all = Array.from({ length: 1000 }, (_, number) => one(number))
    const crowd = `<a xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${all.join('')}</a>`
    const { certificate } = signer
    const prepared = await prepareXml(encodeUtf8(crowd), { certificate, algorithm: 'RS256' })
    expect(prepared.document.size).toBe(crowd.length)
  })

  const { certificate } = signer
  const options = { certificate, algorithm: 'RS256', signingTime, signatureId: 's-1' } as const

  it.each(['enveloped', 'enveloping', 'detached'] as const)(
    'make what signXml makes, across a structured clone: %s',
    async (packaging) => {
      const prepared = await prepareXml(application, { ...options, packaging })
      expect(Object.isFrozen(prepared) && Object.isFrozen(prepared.state)).toBe(true)
      const [value] = await signer.sign([prepared])
      const signed = await completeXml(application, structuredClone(prepared), value!)
      const { signatureId } = options
      const atOnce = { signer: { ...signer, chain: [] }, signingTime, signatureId, packaging }
      expect(textOf(signed)).toBe(textOf(await signXml(application, atOnce)))
    },
  )

  it('refuse a file that is another by then', async () => {
    const prepared = await prepareXml(application, options)
    const [value] = await signer.sign([prepared])
    const others = [
      APPLICATION.replace('Cấp lại', 'Cấp mới'),
      APPLICATION.replace('Cấp lại', 'Cấp'),
      APPLICATION.replace('số="12"', 'số="13"'),
    ]
    for (const other of others) {
      await expect(completeXml(encodeUtf8(other), prepared, value!)).rejects.toMatchObject({
        code: 'FORMAT_CHANGED',
      })
    }
  })

  it('refuse a value that is no bytes, or not the key’s', async () => {
    const prepared = await prepareXml(application, options)
    const text = 'c2ln' as unknown as Uint8Array
    await expect(completeXml(application, prepared, text)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument: 'signatureValue' },
    })
    const zeros = new Uint8Array(256)
    await expect(completeXml(application, prepared, zeros)).rejects.toMatchObject({
      code: 'TOKEN_SIGNATURE_INVALID',
    })
  })

  it('refuse options that are left out', async () => {
    const none = undefined as unknown as typeof options
    await expect(prepareXml(application, none)).rejects.toMatchObject({ code: 'USAGE_ARGUMENT' })
  })
})

describe('a level', () => {
  const STAMP = '<xades:SignatureTimeStamp'
  const packaging = 'counter-signature'

  it('is of one’s own signature, beside that of somebody else', async () => {
    const first = await signXml(application, { signer, moreSignatures: true })
    const own = { signer: colleague, moreSignatures: true, signatureId: 'own' } as const
    const both = await signXml(first, { ...own, level: 'B-T', timestamp })
    expect(count(both, STAMP)).toBe(1)
    expect(textOf(both).indexOf(STAMP)).toBeGreaterThan(textOf(both).indexOf('Id="own"'))
    expect(count(await upgrade(both, { to: 'B-T', timestamp }), STAMP)).toBe(2)
  })

  it('is of who can have a time stamp, whoever else cannot any more', async () => {
    const notAfter = new Date('2020-01-01')
    const ended = softwareSigner(await makeCertificate('ES256', { notAfter }))
    const old = await signXml(application, { signer: ended, moreSignatures: true })
    await expect(upgrade(old, { to: 'B-T', timestamp })).rejects.toMatchObject({
      code: 'TRUST_TIMESTAMP',
      details: { reason: 'expired' },
    })
    const own = { signer: colleague, moreSignatures: true, signatureId: 'own' } as const
    const both = await upgrade(await signXml(old, own), { to: 'B-T', timestamp })
    expect(count(both, STAMP)).toBe(1)
    expect(textOf(both).indexOf(STAMP)).toBeGreaterThan(textOf(both).indexOf('Id="own"'))
  })

  it('is of the counter-signature, and upgrade builds on both', async () => {
    const first = await signXml(application, { signer })
    const both = await signXml(first, { signer: colleague, packaging, level: 'B-T', timestamp })
    expect(count(both, STAMP)).toBe(1)
    const [, inside = ''] = /<xades:CounterSignature.*?>(.*)<\/xades:CounterSignature>/s.exec(
      textOf(both),
    )!
    expect(inside).toContain(STAMP)
    const later = await upgrade(await signXml(first, { signer: colleague, packaging }), {
      ...{ to: 'B-T', timestamp },
    })
    expect(count(later, STAMP)).toBe(2)
  })

  it('is of who has issued none of the other certificates, in whatever order they stand', async () => {
    const names = { subject: 'CA thử nghiệm', issuer: 'Gốc' }
    const chain = [(await makeCertificate('ES256', names)).certificate]
    const signed = textOf(await signXml(application, { signer: { ...signer, chain } }))
    const [own, issuer] = [signer.certificate, ...chain].map(
      (der) => `<ds:X509Certificate>${Buffer.from(der).toString('base64')}</ds:X509Certificate>`,
    )
    expect(signed).toContain(`${own}${issuer}`)
    for (const file of [signed, signed.replace(`${own}${issuer}`, `${issuer}${own}`)]) {
      const { signers } = await createRungs().evidence(encodeUtf8(file))
      expect(signers).toMatchObject([{ certificate: signer.certificate, pool: chain }])
    }
  })

  it('takes no signature that somebody put into content for one to be built on', async () => {
    const inner = await signXml(application, { signer, packaging: 'enveloping' })
    const body = textOf(inner).replace(/^<\?xml.*?\?>\n/, '')
    const outer = await signXml(encodeUtf8(`<a>${body}</a>`), {
      signer: colleague,
      moreSignatures: true,
    })
    const hidden = textOf(outer).replace(
      '</ds:Signature></a>',
      `<ds:Object>${body}</ds:Object></ds:Signature></a>`,
    )
    const built = await upgrade(encodeUtf8(hidden), { to: 'B-T', timestamp })
    expect(count(built, '<ds:Signature ')).toBe(3)
    expect(count(built, STAMP)).toBe(2)
  })

  it('changes nothing of thousands that have their stamps, and is soon done', async () => {
    const one =
      '<ds:Signature><ds:Object><xades:QualifyingProperties><xades:SignedProperties/><xades:UnsignedProperties>' +
      `<xades:UnsignedSignatureProperties>${STAMP}/></xades:UnsignedSignatureProperties>` +
      '</xades:UnsignedProperties></xades:QualifyingProperties></ds:Object></ds:Signature>'
    const names =
      'xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"'
    const crowd = encodeUtf8(`<a ${names}>${one.repeat(2000)}</a>`)
    expect(equalBytes(await upgrade(crowd, { to: 'B-T', timestamp }), crowd)).toBe(true)
  })
})
