/**
 * Authorities on loopback that can be made to fail, and documents of each format that they are to build on.
 * @module
 */
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { signAsic } from '@trien/sdk/asic'
import { type Level, signCms } from '@trien/sdk/cms'
import { httpTimestamp } from '@trien/sdk/http'
import { signJson } from '@trien/sdk/jades'
import { signPdf } from '@trien/sdk/pades'
import type { Bytes, Signer, TimestampSource } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import { signXml } from '@trien/sdk/xades'
import * as der from '../../packages/sdk/src/asn1/der.ts'
import { type AuthorityServers, startAuthorityServers } from './authority-servers.ts'
import { makeCertificate } from './certificate.ts'
import {
  type CertificationAuthority,
  createCertificationAuthority,
} from './certification-authority.ts'
import { type CrlWish, createCrlMaker } from './crl-maker.ts'
import type { Responder } from './ocsp-answer.ts'
import { tableFile } from './pdf-file.ts'
import type { SignedFile } from './referees/index.ts'
import { softwareSignerOf } from './software-signer.ts'
import { APPLICATION } from './xml/forms.ts'

const CONTENT = new TextEncoder().encode('Quyết định về việc cấp phép')

/** Each signs at B-B. */
export const FORMATS: Readonly<Record<string, (signer: Signer) => Promise<Uint8Array | Blob>>> = {
  CMS: (signer) => signCms(CONTENT, { signer }),
  PDF: (signer) => signPdf(tableFile(), { signer }),
  XML: (signer) => signXml(new TextEncoder().encode(APPLICATION), { signer }),
  JSON: (signer) => signJson(CONTENT, { signer }),
  ASiC: (signer) => signAsic([{ name: 'a.txt', data: CONTENT }], { signer }),
}

/** What each is to a referee. */
const KINDS: Readonly<Record<string, SignedFile['kind']>> = {
  ...{ CMS: 'detached', PDF: 'pdf', XML: 'xades', JSON: 'jades', ASiC: 'asic-xades' },
}

/** Where they answer. */
const PLACES = ['/tsa', '/ocsp', '/issuing.crl', '/root.crl', '/issuing.p7b']

/** What a server says to a request. */
type Answering = (body: Buffer) => Uint8Array | Promise<Uint8Array>

export interface FailingAuthorities {
  readonly authority: CertificationAuthority
  /** The root, the issuer, and who would stand in for it. */
  readonly responders: Readonly<Record<string, Responder>>
  readonly makeCrl: (wish?: CrlWish) => Bytes
  readonly makeRootCrl: (wish?: CrlWish) => Bytes
  /** By format. */
  readonly signed: ReadonlyMap<string, { readonly 'B-B': Bytes; readonly 'B-T': Bytes }>
  readonly tsa: () => TimestampSource
  readonly replace: AuthorityServers['replace']
  answerWith(place: string, answering: Answering): void
  /** Has nothing but an error there. */
  silence(place: string): void
  /** All are as they should be again. */
  restore(): void
  close(): void
}

export async function openFailingAuthorities(): Promise<FailingAuthorities> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-failing-'))
  const servers = await startAuthorityServers()
  const authority = createCertificationAuthority(folder, servers.address)
  servers.serve(authority)
  const pair = (name: string) => ({
    certificateFile: authority.file(`${name}.pem`),
    keyFile: authority.file(`${name}.key`),
  })
  const tsa = (): TimestampSource => httpTimestamp(`${servers.address}/tsa`)
  const { replace } = servers
  return {
    ...{ authority, tsa, replace },
    makeCrl: createCrlMaker(folder, pair('issuing')),
    makeRootCrl: createCrlMaker(folder, pair('root')),
    responders: await makeResponders(authority),
    signed: await signAll(authority, tsa()),
    answerWith(place, answering) {
      replace(place, (_request, response, body) => {
        void Promise.resolve(answering(body)).then((answer) => response.end(answer))
      })
    },
    silence: (place) => replace(place, (_request, response) => void response.writeHead(503).end()),
    restore() {
      for (const place of PLACES) replace(place, undefined)
    },
    close() {
      servers.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Writes for referees what a failure left. */
export function writeLeft(
  folder: string,
  {
    format,
    level,
    bytes,
  }: { readonly format: string; readonly level: Level; readonly bytes: Bytes },
): SignedFile {
  const signature = path.join(folder, `${format}-${level}`)
  const data = path.join(folder, 'content')
  writeFileSync(signature, bytes)
  writeFileSync(data, CONTENT)
  const kind = KINDS[format]!
  if (kind === 'pdf') return { kind, level, signature }
  if (kind === 'detached') return { kind, level, signature, data }
  // Nobody tampers with these.
  return { kind, level, signature, tampered: signature } as SignedFile
}

async function signAll(
  authority: CertificationAuthority,
  timestamp: TimestampSource,
): Promise<FailingAuthorities['signed']> {
  const issuer = { certificate: authority.certificate('issuing') }
  const signer = await softwareSignerOf(authority.signer, 'ES256', issuer)
  const signed = new Map<string, { readonly 'B-B': Bytes; readonly 'B-T': Bytes }>()
  for (const [format, sign] of Object.entries(FORMATS)) {
    const plain = (await sign(signer)) as Bytes
    signed.set(format, { 'B-B': plain, 'B-T': await upgrade(plain, { to: 'B-T', timestamp }) })
  }
  return signed
}

async function makeResponders(
  authority: CertificationAuthority,
): Promise<Record<string, Responder>> {
  const keyOf = async (name: string): Promise<Responder> => {
    const pem = readFileSync(authority.file(`${name}.key`))
    const pkcs8 = new Uint8Array(createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }))
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign'])
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
    root: await keyOf('root'),
    deputy: await issue(issuing, { extensions }),
    ended: await issue(issuing, { extensions, ...ended }),
    plain: await issue(issuing, {}),
    'another authority’s': await issue(await keyOf('deputy'), { extensions }),
  }
}

/** What a server does with a response. */
type Answers = (response: ServerResponse) => void

/** What is wrong with an answer on its way, whoever gives it, by the names of the table of failures. */
export const BROKEN = {
  'HTTP error': (response) => response.writeHead(503).end(),
  'broken off'(response) {
    response.writeHead(200, { 'Content-Length': '5000' })
    response.write(Buffer.alloc(100), () => response.destroy())
  },
  garbage: (response) => response.end('<html>xin chào</html>'),
} as const satisfies Readonly<Record<string, Answers>>

/** What that table does not tell apart. */
export const ON_THE_WAY: readonly (readonly [string, string, Answers])[] = [
  ['nothing', 'invalid der', (response) => response.end()],
  ['a closed socket', 'unreachable', (response) => response.destroy()],
]
/** Of lists more is allowed, and it takes the relay's test to send so much. */
export const TOO_MUCH = [
  [
    'more than it may',
    'unreachable',
    (response: ServerResponse) => response.end(Buffer.alloc((1 << 20) + 1)),
  ],
] as const
