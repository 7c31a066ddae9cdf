/**
 * Authorities on loopback, each failing in each way, for each format: a code that says so, and of the document what was there
 * before, to the byte. Good answers are openssl's; what its programs do not do wrong is written by hand, with the same keys.
 *
 * ```
 * B-B ─ who stamps fails ─► TRUST_TIMESTAMP, and B-B        B-T ─ who answers for certificates fails ─► TRUST_STATUS, and B-T
 * ```
 */
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { signAsic } from '@trien/sdk/asic'
import { signCms } from '@trien/sdk/cms'
import { httpAuthorities, httpTimestamp } from '@trien/sdk/http'
import { signJson } from '@trien/sdk/jades'
import { signPdf } from '@trien/sdk/pades'
import type { Bytes, Signer, TimestampSource } from '@trien/sdk/types'
import { type UpgradeOptions, upgrade } from '@trien/sdk/upgrade'
import { signXml } from '@trien/sdk/xades'
import * as der from '../../packages/sdk/src/asn1/der.ts'
import { listIn } from '../../packages/sdk/src/cms/add-validation-data.ts'
import { parseSignedData } from '../../packages/sdk/src/cms/parse.ts'
import { openDocument } from '../../packages/sdk/src/pades/open.ts'
import { readStoredData } from '../../packages/sdk/src/pades/security-store.ts'
import { type AuthorityServers, startAuthorityServers } from '../helpers/authority-servers.ts'
import { makeCertificate } from '../helpers/certificate.ts'
import {
  type CertificationAuthority,
  createCertificationAuthority,
} from '../helpers/certification-authority.ts'
import { type CrlWish, createCrlMaker } from '../helpers/crl-maker.ts'
import { type OcspWish, type Responder, makeOcspAnswer } from '../helpers/ocsp-answer.ts'
import { serialOf } from '../helpers/openssl-authorities.ts'
import { tableFile } from '../helpers/pdf-file.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'
import { type TimestampWish, createTimestampAuthority } from '../helpers/timestamp-authority.ts'
import { APPLICATION } from '../helpers/xml/forms.ts'

const CONTENT = new TextEncoder().encode('Quyết định về việc cấp phép')

/** Each signs at B-B. */
const FORMATS: Readonly<Record<string, (signer: Signer) => Promise<Uint8Array | Blob>>> = {
  CMS: (signer) => signCms(CONTENT, { signer }),
  PDF: (signer) => signPdf(tableFile(), { signer }),
  XML: (signer) => signXml(new TextEncoder().encode(APPLICATION), { signer }),
  JSON: (signer) => signJson(CONTENT, { signer }),
  ASiC: (signer) => signAsic([{ name: 'a.txt', data: CONTENT }], { signer }),
}
type Format = keyof typeof FORMATS

let folder: string
let servers: AuthorityServers
let authority: CertificationAuthority
let responders: Record<string, Responder>
let makeCrl: (wish?: CrlWish) => Bytes
let makeRootCrl: (wish?: CrlWish) => Bytes
const signed = new Map<Format, { readonly 'B-B': Bytes; readonly 'B-T': Bytes }>()

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-failing-'))
  servers = await startAuthorityServers()
  authority = createCertificationAuthority(folder, servers.address)
  servers.serve(authority)
  const pair = (name: string) => ({
    certificateFile: authority.file(`${name}.pem`),
    keyFile: authority.file(`${name}.key`),
  })
  makeCrl = createCrlMaker(folder, pair('issuing'))
  makeRootCrl = createCrlMaker(folder, pair('root'))
  responders = await makeResponders()
  const issuer = { certificate: authority.certificate('issuing') }
  const signer = await softwareSignerOf(authority.signer, 'ES256', issuer)
  for (const [format, sign] of Object.entries(FORMATS)) {
    const plain = (await sign(signer)) as Bytes
    const stamped = await upgrade(plain, { to: 'B-T', timestamp: tsa() })
    signed.set(format, { 'B-B': plain, 'B-T': stamped })
  }
})
afterAll(() => {
  servers.close()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(() => {
  for (const place of PLACES) servers.replace(place, undefined)
})

const PLACES = ['/tsa', '/ocsp', '/issuing.crl', '/root.crl', '/issuing.p7b']
const tsa = (): TimestampSource => httpTimestamp(`${servers.address}/tsa`)

/** The issuer, and who would stand in for it. */
async function makeResponders(): Promise<Record<string, Responder>> {
  const keyOf = async (name: string): Promise<Responder> => {
    const pem = readFileSync(authority.file(`${name}.key`))
    const pkcs8 = new Uint8Array(createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }))
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
    return { certificate: authority.certificate(name), privateKey }
  }
  const issuing = await keyOf('issuing')
  const purpose = der.encodeSequence(der.encodeOid('1.3.6.1.5.5.7.3.9'))
  const extensions = [
    der.encodeSequence(der.encodeOid('2.5.29.37'), der.encodeOctetString(purpose)),
    der.encodeSequence(
      der.encodeOid('1.3.6.1.5.5.7.48.1.5'),
      der.encodeOctetString(der.encodeNull()),
    ),
  ]
  const ended = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') }
  const issue = (issuedBy: Responder, wish: object) =>
    makeCertificate('ES256', { subject: 'OCSP', issuedBy, ...wish })
  return {
    issuing,
    deputy: await issue(issuing, { extensions }),
    ended: await issue(issuing, { extensions, ...ended }),
    plain: await issue(issuing, {}),
    'another authority’s': await issue(await keyOf('deputy'), { extensions }),
  }
}

/** What a server says to a request. */
type Answering = (body: Buffer) => Uint8Array | Promise<Uint8Array>

function answerWith(place: string, answering: Answering): void {
  servers.replace(place, (_request, response, body) => {
    void Promise.resolve(answering(body)).then((answer) => response.end(answer))
  })
}

/** What is wrong with an answer on its way, whoever gives it. */
const ON_THE_WAY: readonly (readonly [string, string, (response: ServerResponse) => void])[] = [
  ['garbage', 'invalid der', (response) => response.end('<html>xin chào</html>')],
  ['nothing', 'invalid der', (response) => response.end()],
  ['an error', 'unreachable', (response) => response.writeHead(503).end()],
  ['a closed socket', 'unreachable', (response) => response.destroy()],
  [
    'half of it',
    'unreachable',
    (response) => {
      response.writeHead(200, { 'Content-Length': '5000' })
      response.write(Buffer.alloc(100), () => response.destroy())
    },
  ],
]
/** Of lists more is allowed, and it takes the relay's test to send so much. */
const TOO_MUCH = [
  [
    'more than it may',
    'unreachable',
    (response: ServerResponse) => response.end(Buffer.alloc((1 << 20) + 1)),
  ],
] as const

const TIMESTAMPS: readonly (readonly [string, string, TimestampWish])[] = [
  ['of other octets', 'invalid imprint', { imprint: new Uint8Array(32) }],
  ['of another question', 'invalid nonce', { nonce: der.encodeInteger(9) }],
  ['without the nonce', 'invalid nonce', { nonce: null }],
  ['by who is not for stamping', 'invalid usage', { usage: ['1.3.6.1.5.5.7.3.3'] }],
  ['by who has no purpose', 'invalid usage', { usage: [] }],
  ['by who has ended', 'invalid validity', { time: '20410101000000Z' }],
  ['that names another certificate', 'invalid signer', { names: 'another' }],
  ['without its certificate', 'invalid signer', { hasCertificate: false }],
  ['with another signature', 'invalid signature', { spoil: 'signature' }],
  ['that is refused', 'refused timeNotAvailable', { status: [2, 14] }],
  // Before the signer's certificate began, by a clock that is behind.
  ['of last summer', 'invalid time', { time: '20260701000000Z' }],
]

const hour = 3600
const ANSWERS: readonly (readonly [string, string, string, OcspWish])[] = [
  ['unknown', 'unknown', 'issuing', { status: 'unknown' }],
  ['by a responder that has ended', 'invalid responder', 'ended', {}],
  ['by who is no responder', 'invalid responder', 'plain', {}],
  ['by another authority’s responder', 'invalid responder', 'another authority’s', {}],
  ['by SHA-1', 'invalid signature', 'issuing', { hash: 'SHA-1' }],
  ['that has ended', 'invalid time', 'issuing', { thisUpdate: -3 * hour, nextUpdate: -hour }],
  ['of tomorrow', 'invalid time', 'issuing', { thisUpdate: 24 * hour, nextUpdate: 25 * hour }],
  [
    'of yesterday without an end',
    'invalid time',
    'issuing',
    { thisUpdate: -25 * hour, nextUpdate: null },
  ],
  [
    'to another question',
    'invalid nonce',
    'issuing',
    { nonce: der.encodeOctetString(new Uint8Array(16)) },
  ],
  ['that nobody understands', 'invalid extension', 'issuing', { extension: 'single' }],
]
const REFUSALS = [
  ['tryLater', 3],
  ['sigRequired', 5],
  ['unauthorized', 6],
] as const

const LISTS: readonly (readonly [string, string, CrlWish])[] = [
  ['that has ended', 'invalid time', { from: -3 * hour, to: -hour }],
  ['of tomorrow', 'invalid time', { from: 24 * hour, to: 25 * hour }],
  ['of authorities, for a person', 'invalid scope', idp('onlyCA:TRUE')],
  ['of attribute certificates', 'invalid scope', idp('onlyAA:TRUE')],
  ['for some reasons', 'invalid scope', idp('onlysomereasons:keyCompromise')],
  ['of others too', 'invalid scope', idp('indirectCRL:TRUE')],
  ['of another place', 'invalid scope', idp('fullname:URI:http://ca.example/other.crl')],
  ['that is a part', 'invalid extension', { extensions: ['2.5.29.27=critical,ASN1:INTEGER:1'] }],
  [
    'that is a part and says so quietly',
    'invalid extension',
    { extensions: ['2.5.29.27=ASN1:INTEGER:1'] },
  ],
  ['that nobody understands', 'invalid extension', { extensions: ['1.2.3.4=critical,ASN1:NULL'] }],
]

function idp(line: string): CrlWish {
  return { extensions: [`issuingDistributionPoint=critical,${line}`] }
}

describe.each(Object.keys(FORMATS))('%s', (format) => {
  /** Builds on it, and makes sure that nothing was half-written. @returns the code and why */
  async function fail(from: 'B-B' | 'B-T', options: UpgradeOptions): Promise<string> {
    const before = signed.get(format)![from]
    const given = new Uint8Array(before)
    const error = (await upgrade(given, options).catch((reason: unknown) => reason)) as {
      readonly code: string
      readonly details: Readonly<Record<string, string>>
      readonly signed: Bytes
    }
    expect(Buffer.compare(given, before)).toBe(0)
    expect(Buffer.compare(error.signed, before)).toBe(0)
    const { reason, what } = error.details
    return [error.code, reason, what].filter((word) => word !== undefined).join(' ')
  }
  const failStamp = (timestampTimeoutMs?: number) =>
    fail('B-B', {
      to: 'B-LTA',
      timestamp: tsa(),
      authorities: httpAuthorities(),
      timestampTimeoutMs,
    })
  const failStatus = () =>
    fail('B-T', { to: 'B-LTA', timestamp: tsa(), authorities: httpAuthorities() })
  const silence = (place: string) =>
    servers.replace(place, (_request, response) => void response.writeHead(503).end())

  test.each(TIMESTAMPS)('a time stamp %s: %s', async (_, why, wish) => {
    const wrong = await createTimestampAuthority(wish)
    answerWith('/tsa', (body) => wrong(body, { signal: new AbortController().signal }))
    expect(await failStamp()).toBe(`TRUST_TIMESTAMP ${why}`)
  })

  test.each([...ON_THE_WAY, ...TOO_MUCH])('a time stamp that is %s: %s', async (_, why, answer) => {
    servers.replace('/tsa', (_request, response) => answer(response))
    expect(await failStamp()).toBe(`TRUST_TIMESTAMP ${why}`)
  })

  test('a time stamp that does not come', async () => {
    servers.replace('/tsa', () => {})
    expect(await failStamp(50)).toBe('TRUST_TIMESTAMP late')
  })

  test.each(ANSWERS)('an OCSP answer %s: %s', async (_, why, who, wish) => {
    silence('/issuing.crl')
    answerWith('/ocsp', (body) => makeOcspAnswer(body, responders[who]!, wish))
    expect(await failStatus()).toBe(`TRUST_STATUS ${why}`)
  })

  test.each([...ON_THE_WAY, ...TOO_MUCH])(
    'an OCSP answer that is %s: %s',
    async (_, why, answer) => {
      silence('/issuing.crl')
      servers.replace('/ocsp', (_request, response) => answer(response))
      expect(await failStatus()).toBe(`TRUST_STATUS ${why}`)
    },
  )

  test.each(REFUSALS)('an OCSP answer that is %s', async (what, status) => {
    silence('/issuing.crl')
    answerWith('/ocsp', () => Uint8Array.of(0x30, 3, 0x0a, 1, status))
    expect(await failStatus()).toBe(`TRUST_STATUS invalid ${what}`)
  })

  test('an OCSP answer of another certificate, or by another key', async () => {
    silence('/issuing.crl')
    const other = authority.ocspRequest('colleague', { nonce: true })
    answerWith('/ocsp', () => authority.ocspAnswer(other))
    expect(await failStatus()).toBe('TRUST_STATUS invalid nonce')
    const plain = authority.ocspRequest('colleague')
    answerWith('/ocsp', () => authority.ocspAnswer(plain))
    expect(await failStatus()).toBe('TRUST_STATUS invalid certificate')
    const signedBy = responders['plain']!.privateKey
    answerWith('/ocsp', (body) => makeOcspAnswer(body, responders['issuing']!, { signedBy }))
    expect(await failStatus()).toBe('TRUST_STATUS invalid signature')
  })

  test.each(LISTS)('a list %s: %s', async (_, why, wish) => {
    silence('/ocsp')
    const list = makeCrl(wish)
    answerWith('/issuing.crl', () => list)
    expect(await failStatus()).toBe(`TRUST_STATUS ${why}`)
  })

  test.each(ON_THE_WAY)('a list that is %s: %s', async (_, why, answer) => {
    silence('/ocsp')
    servers.replace('/issuing.crl', (_request, response) => answer(response))
    expect(await failStatus()).toBe(`TRUST_STATUS ${why}`)
  })

  test('of another authority', async () => {
    silence('/ocsp')
    const root = makeRootCrl()
    answerWith('/issuing.crl', () => root)
    expect(await failStatus()).toBe('TRUST_STATUS invalid issuer')
  })

  test('of users, for an authority', async () => {
    const users = makeRootCrl(idp('onlyuser:TRUE'))
    answerWith('/root.crl', () => users)
    expect(await failStatus()).toBe('TRUST_STATUS invalid scope')
  })

  test('whoever was revoked, by either', async () => {
    const status = new Date('2026-11-01T00:00:00Z')
    answerWith('/ocsp', (body) => makeOcspAnswer(body, responders['deputy']!, { status }))
    expect(await failStatus()).toBe('TRUST_REVOKED unspecified')
    silence('/ocsp')
    const list = makeCrl({ revoked: [serialOf(authority.certificate('signer'))] })
    answerWith('/issuing.crl', () => list)
    expect(await failStatus()).toBe('TRUST_REVOKED keyCompromise')
  })

  test('an issuer that nobody brings', async () => {
    silence('/root.crl')
    expect(await failStatus()).toBe('TRUST_STATUS unreachable')
  })

  test('all of them in order again, and B-LTA is reached from what was left', async () => {
    const before = signed.get(format)!['B-T']
    const options = { to: 'B-LTA', timestamp: tsa(), authorities: httpAuthorities() } as const
    const lasting = await upgrade(new Uint8Array(before), options)
    expect(lasting.length).toBeGreaterThan(before.length)
  })
})

describe('a list of 100,000', () => {
  test.each(['CMS', 'PDF'])('is embedded whole in %s', async (format) => {
    servers.replace('/ocsp', (_request, response) => void response.writeHead(503).end())
    const revoked = Array.from({ length: 100_000 }, (_, at) => (0xabc0000 + at).toString(16))
    const list = makeCrl({ revoked: revoked.map((serial) => `0${serial}`.toUpperCase()) })
    answerWith('/issuing.crl', () => list)
    const options = { to: 'B-LT', timestamp: tsa(), authorities: httpAuthorities() } as const
    const lasting = await upgrade(signed.get(format)!['B-T'], options)
    expect(list.length).toBeGreaterThan(3_000_000)
    const whole = Buffer.from(list)
    const crls = format === 'CMS' ? crlsInCms(lasting) : await crlsInPdf(lasting)
    expect(crls.filter((crl) => whole.equals(crl))).toHaveLength(1)
  })
})

const crlsInCms = (cms: Bytes): readonly Uint8Array[] =>
  listIn(parseSignedData(cms, 'signature'), 1)

async function crlsInPdf(pdf: Bytes): Promise<readonly Uint8Array[]> {
  return (await readStoredData(await openDocument(pdf, undefined))).crls
}
