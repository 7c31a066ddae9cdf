/**
 * All that a lasting signature is built of, from certomancer over HTTP: a peer with manners of its own, such as time stamps
 * that name their certificate by SHA-1, fractions of a second everywhere, and lists that list nobody.
 *
 * What it does wrong it does by certificates that are not for it (`pki.yml`), by a clock of another year (it takes the time
 * from a header), or by services that answer wrongly (`faults.py`).
 */
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Level, type LevelChoice, signCms } from '@trien/sdk/cms'
import { httpAuthorities, httpTimestamp } from '@trien/sdk/http'
import { signPdf } from '@trien/sdk/pades'
import type { Authorities, Bytes, Signer, TimestampSource } from '@trien/sdk/types'
import { signXml } from '@trien/sdk/xades'
import { CERTOMANCER, type Certomancer, startCertomancer } from '../helpers/certomancer.ts'
import { tableFile } from '../helpers/pdf-file.ts'
import { ALL_REFEREES, type SignedFile, presentReferees } from '../helpers/referees/index.ts'
import { tamper } from '../helpers/referees/tamper.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'
import { hasTools } from '../helpers/tools.ts'
import { APPLICATION } from '../helpers/xml/forms.ts'

type Options = LevelChoice & { readonly signer: Signer }

const CONTENT = new TextEncoder().encode('Quyết định về việc cấp phép')
const FORMATS: Readonly<Record<string, (options: Options) => Promise<Bytes>>> = {
  CMS: (options) => signCms(CONTENT, options),
  PDF: (options) => signPdf(tableFile(), options),
  XML: (options) => signXml(new TextEncoder().encode(APPLICATION), options),
}
const formats = Object.keys(FORMATS)
const CLOCK = 'X-Certomancer-Fake-Time'

const isReady = hasTools(CERTOMANCER)
const referees = presentReferees(ALL_REFEREES)
const dss = referees.find(({ name }) => name === 'dss')
const folder = mkdtempSync(path.join(tmpdir(), 'trien-certomancer-'))
const caFile = path.join(folder, 'root.pem')
let peer: Certomancer
let signer: Signer

beforeAll(async () => {
  if (!isReady) return
  peer = await startCertomancer(folder)
  const authority = new X509Certificate(await peer.certificate('root'))
  writeFileSync(caFile, authority.toString())
  signer = await signerOf('signer')
})
afterAll(async () => {
  await peer?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** @param issuer comes along; without it whoever wants it has to ask */
async function signerOf(label: string, issuer?: string): Promise<Signer> {
  const key = { keyFile: peer.keyFile('signer'), certificate: await peer.certificate(label) }
  if (issuer === undefined) return softwareSignerOf(key, 'ES256')
  return softwareSignerOf(key, 'ES256', { certificate: await peer.certificate(issuer) })
}

/** @param clock ISO 8601 */
function tsa(service = 'tsa/good', clock?: string): TimestampSource {
  return httpTimestamp(
    peer.url(service),
    clock === undefined ? {} : { headers: { [CLOCK]: clock } },
  )
}

/** Who is asked instead of whom, where a certificate names another. */
type Instead = Readonly<Record<string, string>>

const NO_OCSP: Instead = { 'ocsp/good': 'ocsp/nobody' }
const NO_LIST: Instead = { 'crls/issuing': 'crls/nobody' }

function authorities(instead: Instead = {}, clock?: string): Authorities {
  return httpAuthorities({
    ...(clock === undefined ? {} : { headers: { [CLOCK]: clock } }),
    fetch: (url, init) => {
      const found = Object.entries(instead).find(([from]) => url.startsWith(peer.url(from)))
      return fetch(found === undefined ? url : url.replace(...found), init)
    },
  })
}

const isWritten = (kind: SignedFile['kind']): boolean => ['detached', 'pdf', 'xades'].includes(kind)

/** Writes a signed file for referees. */
async function write(
  format: string,
  name: string,
  level: Level,
  bytes: Bytes,
): Promise<SignedFile> {
  const signature = path.join(folder, `${name}-${level}.${format.toLowerCase()}`)
  writeFileSync(signature, bytes)
  if (format === 'PDF') return { kind: 'pdf', level, signature }
  if (format === 'CMS') {
    const data = path.join(folder, 'data')
    writeFileSync(data, CONTENT)
    return { kind: 'detached', level, signature, data }
  }
  const text = Buffer.from(bytes).toString('utf8')
  const tampered = `${signature}.tampered`
  writeFileSync(tampered, text.replace('Cấp lại', 'Cấp mới'))
  return { kind: 'xades', level, signature, tampered }
}

describe.runIf(isReady)('B-LTA by certomancer alone', () => {
  // xmlsec1 looks for issuers beside the signer's certificate alone, and not where evidence is kept.
  const judges = referees.filter(({ name, kinds }) => name !== 'xmlsec' && kinds.some(isWritten))
  const files: SignedFile[] = []
  const tampered: SignedFile[] = []

  beforeAll(async () => {
    const how: Readonly<Record<string, Instead>> = { 'by OCSP': {}, 'by list': NO_OCSP }
    for (const [format, sign] of Object.entries(FORMATS)) {
      for (const [name, instead] of Object.entries(how)) {
        const who = { signer, timestamp: tsa(), authorities: authorities(instead) }
        const signed = await sign({ ...who, level: 'B-LTA' })
        files.push(await write(format, name, 'B-LTA', signed))
        tampered.push(await tamper(files.at(-1)!, folder))
      }
    }
  })

  test.each(judges)('$name', async (referee) => {
    const judged = (file: SignedFile): boolean => referee.kinds.includes(file.kind)
    const good = files.filter(judged)
    const verdicts = await referee.judge([...good, ...tampered.filter(judged)], caFile)
    expect(verdicts.slice(0, good.length).filter(({ accepted }) => !accepted)).toEqual([])
    const refused = verdicts.slice(good.length).filter(({ accepted }) => !accepted)
    expect(refused).toHaveLength(referee.seesTampering ? good.length : 0)
  })
})

describe.runIf(isReady).each(formats)('who was revoked does not sign %s', (format) => {
  test.each<readonly [string, Instead, LevelChoice]>([
    ['by OCSP', NO_LIST, { level: 'B-LTA' }],
    ['by list', NO_OCSP, { level: 'B-LTA' }],
    ['where it is asked only if it can be', {}, { revocation: 'if-available' }],
  ])('%s', async (_, instead, choice) => {
    const revoked = await signerOf('signer-revoked')
    let asked = 0
    const watched: Signer = {
      ...revoked,
      sign: (...request) => {
        asked += 1
        return revoked.sign(...request)
      },
    }
    const who = { signer: watched, timestamp: tsa(), authorities: authorities(instead) }
    const error = await FORMATS[format]!({ ...who, ...choice }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'TRUST_REVOKED',
      details: { reason: 'keyCompromise', since: '2025-06-01T00:00:00.000Z', of: 'signer' },
    })
    expect(error).not.toHaveProperty('signed')
    expect(asked).toBe(0)
  })
})

/** Who stamps, at what time, and why not. */
const STAMPS: readonly (readonly [string, string, string?])[] = [
  ['tsa/for-nothing', 'invalid usage'],
  ['tsa/nobody', 'unreachable'],
  ['plugin/wrong-tsa/garbage', 'invalid der'],
  ['plugin/wrong-tsa/imprint', 'invalid imprint'],
  ['plugin/wrong-tsa/nonce', 'invalid nonce'],
  ['plugin/wrong-tsa/no-nonce', 'invalid nonce'],
  ['plugin/wrong-tsa/key', 'invalid signature'],
  // Before the signer's certificate began, after it ended, after the authority's own did.
  ['tsa/good', 'invalid time', '2024-06-01T00:00:00Z'],
  ['tsa/good', 'expired', '2046-06-01T00:00:00Z'],
  ['tsa/good', 'invalid validity', '2049-06-01T00:00:00Z'],
]

/** Who answers for the signer's certificate, and why not. */
const ANSWERS: readonly (readonly [string, string])[] = [
  ['ocsp/ended', 'invalid responder'],
  ['ocsp/for-nothing', 'invalid responder'],
  ['ocsp/of-another', 'invalid unauthorized'],
  ['ocsp/nobody', 'unreachable'],
  ['plugin/wrong-ocsp/garbage', 'invalid der'],
  ['plugin/wrong-ocsp/refusal', 'invalid tryLater'],
  ['plugin/wrong-ocsp/certificate', 'invalid certificate'],
  ['plugin/wrong-ocsp/nonce', 'invalid nonce'],
  ['plugin/wrong-ocsp/key', 'invalid signature'],
]

/** What is had instead of the list, and why not. */
const LISTS: readonly (readonly [string, string])[] = [
  ['crls/root/latest.crl', 'invalid issuer'],
  ['crls/issuing/archive-1.crl', 'invalid time'],
  ['crls/issuing/archive-9999.crl', 'invalid time'],
  ['certs/issuing/ca.crt', 'invalid der'],
]

/** Of an answer that has ended, and of one that has not begun. */
const CLOCKS = ['2024-06-01T00:00:00Z', '2040-06-01T00:00:00Z']

/** What failed, at the level that it reached. */
const left: SignedFile[] = []

describe.runIf(isReady).each(formats)('%s fails', (format) => {
  let brought: Signer
  beforeAll(async () => {
    brought = await signerOf('signer', 'issuing')
  })

  /** Signs. @param level what is left, to be judged in the end @returns the code and why */
  async function fail(level: Level, choice: LevelChoice): Promise<string> {
    const error = (await FORMATS[format]!({
      ...{ signer: brought, timestamp: tsa(), authorities: authorities() },
      ...{ level: 'B-LTA', revocation: 'off', ...choice },
    }).catch((reason: unknown) => reason)) as {
      readonly code: string
      readonly details: Readonly<Record<string, string>>
      readonly signed: Bytes
    }
    left.push(await write(format, `left-${left.length}`, level, error.signed))
    const { reason, what } = error.details
    return [error.code, reason, what].filter((word) => word !== undefined).join(' ')
  }

  test.each(STAMPS)('a time stamp by %s: %s', async (service, why, clock) => {
    expect(await fail('B-B', { timestamp: tsa(service, clock) })).toBe(`TRUST_TIMESTAMP ${why}`)
  })

  test('a time stamp that does not come', async () => {
    const why = await peer.whileSilent(() => fail('B-B', { timestampTimeoutMs: 50 }))
    expect(why).toBe('TRUST_TIMESTAMP late')
  })

  test('a time stamp by who was revoked', async () => {
    const why = await fail('B-T', { timestamp: tsa('tsa/revoked') })
    expect(why).toBe('TRUST_REVOKED keyCompromise')
  })

  test.each(ANSWERS)('a status by %s, and no list: %s', async (service, why) => {
    const instead = { ...NO_LIST, 'ocsp/good': service }
    const said = await fail('B-T', { authorities: authorities(instead) })
    expect(said).toBe(`TRUST_STATUS ${why}`)
  })

  test.each(LISTS)('%s for a list, and no other status: %s', async (file, why) => {
    const instead = { ...NO_OCSP, 'crls/issuing/latest.crl': file }
    const said = await fail('B-T', { authorities: authorities(instead) })
    expect(said).toBe(`TRUST_STATUS ${why}`)
  })

  test.each(CLOCKS)('a status by a clock at %s', async (clock) => {
    const said = await fail('B-T', { authorities: authorities({}, clock) })
    expect(said).toBe('TRUST_STATUS invalid time')
  })

  test('an issuer who cannot be had', async () => {
    const said = await fail('B-T', { authorities: authorities({ 'certs/root': 'certs/nobody' }) })
    expect(said).toBe('TRUST_STATUS no-issuer')
  })
})

describe.runIf(isReady && dss)('what is left of those that failed', () => {
  test('is whole, at the level that was reached, for DSS', async () => {
    const failures = STAMPS.length + ANSWERS.length + LISTS.length + CLOCKS.length + 3
    expect(left).toHaveLength(formats.length * failures)
    const verdicts = await dss!.judge(left, caFile)
    expect(verdicts.filter(({ accepted }) => !accepted)).toEqual([])
  })
})

describe.runIf(isReady)('a wrong answer and a right list', () => {
  const BASIC = Buffer.from('06092b0601050507300101', 'hex')

  // Who answers can be revoked as well, which the list says of him.
  test.each([
    ['ocsp/good', true],
    ['ocsp/revoked', false],
    ...ANSWERS.map(([service]) => [service, false] as const),
  ] as const)('%s: is the answer kept? %s', async (service, isKept) => {
    const who = { signer, timestamp: tsa(), authorities: authorities({ 'ocsp/good': service }) }
    const signed = await signCms(CONTENT, { ...who, level: 'B-LTA' })
    expect(Buffer.from(signed).includes(BASIC)).toBe(isKept)
  })
})
