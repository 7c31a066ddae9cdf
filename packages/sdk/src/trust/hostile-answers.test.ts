import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type TestCertificate,
  makeCertificate,
  signBytes,
} from '../../../../test/helpers/certificate.ts'
import {
  type OcspWish,
  type Responder,
  certIdOf,
  makeOcspAnswer,
} from '../../../../test/helpers/ocsp-answer.ts'
import { getAlgorithm } from '../algorithms.ts'
import { parseCertificate } from '../asn1/certificate.ts'
import * as der from '../asn1/der.ts'
import { readDer } from '../asn1/reader.ts'
import { type Bytes, concatBytes } from '../bytes.ts'
import { encodeSignatureValue } from '../cms/algorithm-identifier.ts'
import type { SigningError } from '../errors.ts'
import type { Authorities } from '../types.ts'
import { checkRevocationList } from './check-crl.ts'
import { checkOcspAnswer } from './check-ocsp.ts'
import { createOcspRequest } from './ocsp-request.ts'
import { findPath } from './path.ts'
import { isCertifiedBy } from './signed-structure.ts'
import { collectValidationData } from './validation-data.ts'

const CA = [extension('2.5.29.19', der.encodeSequence(der.encodeElement(1, Uint8Array.of(0xff))))]
const PURPOSE = der.encodeSequence(der.encodeOid('1.3.6.1.5.5.7.3.9'))
const ANSWERS = [
  extension('2.5.29.37', PURPOSE),
  extension('1.3.6.1.5.5.7.48.1.5', der.encodeNull()),
]

let issuer: TestCertificate
let signer: TestCertificate
let responders: Record<string, Responder>

beforeAll(async () => {
  issuer = await makeCertificate('ES256', { subject: 'CA', issuer: 'CA', extensions: CA })
  const issue = (subject: string, wish: object = {}) =>
    makeCertificate('ES256', { subject, issuedBy: issuer, ...wish })
  signer = await issue('Người ký', { serial: 7 })
  const other = await makeCertificate('ES256', { subject: 'CA', issuer: 'CA', extensions: CA })
  const ended = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') }
  responders = {
    issuer,
    deputy: await issue('OCSP', { extensions: ANSWERS }),
    ended: await issue('OCSP', { extensions: ANSWERS, ...ended }),
    plain: await issue('OCSP'),
    stranger: await makeCertificate('ES256', {
      subject: 'OCSP',
      issuedBy: other,
      extensions: ANSWERS,
    }),
    namesake: other,
  }
})

function extension(oid: string, value: Bytes): Bytes {
  return der.encodeSequence(der.encodeOid(oid), der.encodeOctetString(value))
}

async function check(who: string, wish: OcspWish = {}, pool: readonly Uint8Array[] = []) {
  const [certificate, above] = [signer, issuer].map((one) => parseCertificate(one.certificate))
  const request = await createOcspRequest(certificate!, above!)
  const answer = await makeOcspAnswer(request.requestDer, responders[who]!, wish)
  return checkOcspAnswer(answer, request, { now: new Date(), pool })
}
const failure = (what: string): unknown =>
  expect.objectContaining({ code: 'TRUST_STATUS', details: { reason: 'invalid', what } })

describe('an OCSP answer', () => {
  it.each<[string, string, OcspWish]>([
    ['by the issuer', 'issuer', {}],
    ['by whom the issuer certified for it', 'deputy', {}],
    ['without the nonce', 'deputy', { nonce: null }],
    ['from before a clock that is behind', 'deputy', { thisUpdate: 240 }],
    ['without an end, of today', 'deputy', { thisUpdate: -80_000, nextUpdate: null }],
  ])('%s is believed', async (_, who, wish) => {
    expect((await check(who, wish)).status).toBe('good')
  })

  it.each<[string, string, string, OcspWish]>([
    ['whose responder has ended', 'responder', 'ended', {}],
    ['whose responder is not one', 'responder', 'plain', {}],
    ['whose responder another authority certified', 'responder', 'stranger', {}],
    ['whose responder is another of the issuer’s name', 'responder', 'namesake', {}],
    ['by SHA-1', 'signature', 'deputy', { hash: 'SHA-1' }],
    ['to another question', 'nonce', 'deputy', { nonce: der.encodeOctetString(Uint8Array.of(1)) }],
    ['of tomorrow', 'time', 'deputy', { thisUpdate: 86_400, nextUpdate: 90_000 }],
    ['of last week', 'time', 'deputy', { thisUpdate: -700_000, nextUpdate: -600_000 }],
    ['without an end, of yesterday', 'time', 'deputy', { thisUpdate: -90_000, nextUpdate: null }],
    ['that says what nobody knows', 'extension', 'deputy', { extension: 'answer' }],
    [
      'that says what nobody knows of the certificate',
      'extension',
      'deputy',
      { extension: 'single' },
    ],
  ])('%s is not: %s', async (_, what, who, wish) => {
    await expect(check(who, wish)).rejects.toThrowError(failure(what))
  })

  it('of another certificate is not', async () => {
    const [other, above] = [responders['plain']!, issuer].map((one) =>
      parseCertificate(one.certificate),
    )
    const { requestDer } = await createOcspRequest(other!, above!)
    const answering = check('deputy', { certId: certIdOf(requestDer) })
    await expect(answering).rejects.toThrowError(failure('certificate'))
  })

  it('by a key that is not the responder’s is not', async () => {
    const signedBy = responders['plain']!.privateKey
    await expect(check('issuer', { signedBy })).rejects.toThrowError(failure('signature'))
  })

  it('is read beside certificates that cannot be, and namesakes that did not sign', async () => {
    const pool = [Uint8Array.of(0x30, 0x00), new Uint8Array(3)]
    const more = [responders['stranger']!.certificate, der.encodeSequence()]
    expect((await check('deputy', { more }, pool)).status).toBe('good')
  })

  it('among thousands of namesakes is not looked for without end', async () => {
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const more = Array<Uint8Array>(200).fill(responders['stranger']!.certificate)
    await expect(check('deputy', { more })).rejects.toThrowError(failure('signature'))
    expect(verify.mock.calls.length).toBeLessThan(40)
    verify.mockRestore()
  })
})

describe('a list', () => {
  // keyCertSign is the sixth bit of keyUsage, cRLSign the seventh.
  it.each([
    ['may sign lists', 0x06, 'believed'],
    ['may sign certificates alone', 0x04, 'issuer'],
  ])('by a key that %s', async (_, bits, outcome) => {
    const usage = extension(
      '2.5.29.15',
      der.encodeElement(der.TAG.BIT_STRING, Uint8Array.of(1, bits)),
    )
    const one = await makeCertificate('ES256', { extensions: [...CA, usage] })
    const above = parseCertificate(one.certificate)
    const algorithm = der.encodeAlgorithmIdentifier(getAlgorithm('ES256').signatureOid)
    const times = [-60_000, 60_000].map((from) => der.encodeTime(new Date(Date.now() + from)))
    const tbs = der.encodeSequence(der.encodeInteger(1), algorithm, above.subjectDer, ...times)
    const value = await signBytes(getAlgorithm('ES256'), one.privateKey, tbs)
    const octets = concatBytes(Uint8Array.of(0), encodeSignatureValue(getAlgorithm('ES256'), value))
    const list = der.encodeSequence(tbs, algorithm, der.encodeElement(der.TAG.BIT_STRING, octets))
    const checking = checkRevocationList(list, parseCertificate(signer.certificate), {
      issuer: above,
      now: new Date(),
    })
    const said = await checking.then(
      () => 'believed',
      ({ details }: SigningError) => details['what'],
    )
    expect(said).toBe(outcome)
  })
})

describe('a certificate', () => {
  it('that names another algorithm outside than inside is nobody’s', async () => {
    const parts = readDer(signer.certificate, 'certificate').children.map(({ bytes }) => bytes)
    const outer = der.encodeAlgorithmIdentifier('1.2.840.10045.4.3.2', der.encodeNull())
    const above = parseCertificate(issuer.certificate)
    expect(await isCertifiedBy(signer.certificate, above)).toBe(true)
    const mixed = der.encodeSequence(parts[0]!, outer, parts[2]!)
    expect(await isCertifiedBy(mixed, above)).toBe(false)
  })

  it('among thousands that bear its issuer’s name has no way up, and soon', async () => {
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const { certificate } = responders['namesake']!
    const pool = Array<Uint8Array>(500).fill(certificate)
    const path = await findPath(signer.certificate, [...pool, issuer.certificate], {
      authorities: [],
    })
    expect(path.certificates).toHaveLength(1)
    expect(verify.mock.calls.length).toBeLessThan(40)
    verify.mockRestore()
  })

  it('of which a file brings hundreds is asked about no more than so often', async () => {
    const ocsp = vi.fn(async (_: Uint8Array, request: Uint8Array) =>
      makeOcspAnswer(request, issuer, {}),
    )
    const authorities: readonly Authorities[] = [{ ocsp }]
    const many = await Promise.all(
      Array.from({ length: 260 }, (_, serial) =>
        makeCertificate('ES256', { issuedBy: issuer, serial: serial + 1 }),
      ),
    )
    const pool = [issuer.certificate]
    const signers = many.map(({ certificate }) => ({ certificate, pool }))
    const asking = collectValidationData({ signers, tokens: [], pool: [] }, { authorities })
    await expect(asking).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED' })
    expect(ocsp.mock.calls.length).toBeLessThanOrEqual(256)
  })
})
