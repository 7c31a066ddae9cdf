/**
 * All that a lasting signature is built of, from certomancer over HTTP: a peer with manners of its own, such as time stamps
 * that name their certificate by SHA-1, fractions of a second everywhere, and lists that list nobody.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LevelChoice, signCms } from '@trien/sdk/cms'
import type { Signer } from '@trien/sdk/types'
import {
  CONTENT,
  type CertomancerDesk,
  FORMATS,
  type Instead,
  NO_LIST,
  NO_OCSP,
  openCertomancerDesk,
} from '../helpers/certomancer-desk.ts'
import { CERTOMANCER } from '../helpers/certomancer.ts'
import { ALL_REFEREES, type SignedFile, presentReferees } from '../helpers/referees/index.ts'
import { tamper } from '../helpers/referees/tamper.ts'
import { hasTools } from '../helpers/tools.ts'

const formats = Object.keys(FORMATS)
const isReady = hasTools(CERTOMANCER)
const referees = presentReferees(ALL_REFEREES)
let desk: CertomancerDesk
let signer: Signer

beforeAll(async () => {
  if (!isReady) return
  desk = await openCertomancerDesk()
  signer = await desk.signerOf('signer')
})
afterAll(() => desk?.close())

const isWritten = (kind: SignedFile['kind']): boolean => ['detached', 'pdf', 'xades'].includes(kind)

describe.runIf(isReady)('B-LTA by certomancer alone', () => {
  // libxmlsec1 looks for issuers beside the signer's certificate alone, and not where evidence is kept; in a PDF, so does OpenSSL.
  const judges = referees.filter(({ name, kinds }) => name !== 'libxmlsec' && kinds.some(isWritten))
  const files: SignedFile[] = []
  const tampered: SignedFile[] = []

  beforeAll(async () => {
    const how: Readonly<Record<string, Instead>> = { 'by OCSP': {}, 'by list': NO_OCSP }
    for (const [format, sign] of Object.entries(FORMATS)) {
      for (const [name, instead] of Object.entries(how)) {
        const who = { signer, timestamp: desk.tsa(), authorities: desk.asking(instead) }
        const signed = await sign({ ...who, level: 'B-LTA' })
        files.push(desk.write(format, name, 'B-LTA', signed))
        tampered.push(await tamper(files.at(-1)!, desk.folder))
      }
    }
  })

  test.each(judges)('$name', async (referee) => {
    const { name, kinds } = referee
    const judged = ({ kind }: SignedFile): boolean =>
      kinds.includes(kind) && !(name === 'openssl' && kind === 'pdf')
    const good = files.filter(judged)
    const verdicts = await referee.judge([...good, ...tampered.filter(judged)], desk.caFile)
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
    const revoked = await desk.signerOf('signer-revoked')
    let asked = 0
    const watched: Signer = {
      ...revoked,
      sign: (...request) => {
        asked += 1
        return revoked.sign(...request)
      },
    }
    const who = { signer: watched, timestamp: desk.tsa(), authorities: desk.asking(instead) }
    const error = await FORMATS[format]!({ ...who, ...choice }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'TRUST_REVOKED',
      details: { reason: 'keyCompromise', since: '2025-06-01T00:00:00.000Z', of: 'signer' },
    })
    expect(error).not.toHaveProperty('signed')
    expect(asked).toBe(0)
  })
})

describe.runIf(isReady)('a wrong answer and a right list', () => {
  const WRONG = [
    ...['ocsp/ended', 'ocsp/for-nothing', 'ocsp/of-another', 'ocsp/nobody'],
    ...['refusal', 'certificate', 'nonce', 'key'].map((how) => `plugin/wrong-ocsp/${how}`),
  ]
  const BASIC = Buffer.from('06092b0601050507300101', 'hex')

  // Who answers can be revoked as well, which the list says of him.
  test.each([
    ['ocsp/good', true],
    ['ocsp/revoked', false],
    ...WRONG.map((service) => [service, false] as const),
  ] as const)('%s: is the answer kept? %s', async (service, isKept) => {
    const who = {
      signer,
      timestamp: desk.tsa(),
      authorities: desk.asking({ 'ocsp/good': service }),
    }
    const signed = await signCms(CONTENT, { ...who, level: 'B-LTA' })
    expect(Buffer.from(signed).includes(BASIC)).toBe(isKept)
  })
})
