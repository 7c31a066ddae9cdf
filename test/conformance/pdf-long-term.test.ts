import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Level } from '@trien/sdk/cms'
import type { Authorities, Bytes, Signer, TimestampSource } from '@trien/sdk/types'
import { signPdf } from '@trien/sdk/pades'
import { timestampPdf, upgrade } from '@trien/sdk/upgrade'
import { type IssuedKey, type TestAuthority, createTestAuthority } from '../helpers/pki.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'
import { ALL_REFEREES, type SignedFile, presentReferees } from '../helpers/referees/index.ts'
import { PYTHON, describePdfs } from '../helpers/referees/pyhanko.ts'
import { root } from '../helpers/referees/tool.ts'
import { tamper } from '../helpers/referees/tamper.ts'

const SIGN = fileURLToPath(new URL('../helpers/referees/python/sign.py', import.meta.url))

const referees = presentReferees(ALL_REFEREES).filter(({ kinds }) => kinds.includes('pdf'))
const folder = mkdtempSync(path.join(tmpdir(), 'trien-document-timestamps-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let authority: TestAuthority
let key: IssuedKey
let signer: Signer
let timestamp: TimestampSource
let authorities: Authorities

beforeAll(async () => {
  authority = createTestAuthority(folder)
  timestamp = authority.openTimestamps()
  authorities = authority.openAuthorities()
  key = authority.issue('P-256', 'signer')
  signer = await softwareSignerOf(key, 'ES256', authority)
})

const form = (): Bytes =>
  new Uint8Array(readFileSync(path.join(root, 'packages/demo/sample/application.pdf')))

/** What pyHanko signs, twice or in a way that nothing here does yet. */
async function signByPyhanko(...how: readonly ('certified' | 'locked')[]): Promise<Bytes> {
  const out = path.join(folder, 'pyhanko.pdf')
  await promisify(execFile)(PYTHON, [
    ...[SIGN, key.keyFile, key.certificateFile, authority.certificateFile, out, ...how],
  ])
  return new Uint8Array(readFileSync(out))
}

const INPUTS: Readonly<Record<string, () => Promise<Bytes>>> = {
  'two signatures': async () => signPdf(await signPdf(form(), { signer }), { signer }),
  'a signature that ends before the file does': async () =>
    new Uint8Array(Buffer.concat([await signPdf(form(), { signer }), Buffer.of(10)])),
  'two signatures of others': () => signByPyhanko(),
  'a certification that allows no changes': () => signByPyhanko('certified'),
  'a signature that locks all fields': () => signByPyhanko('locked'),
}

describe(`${Object.keys(INPUTS).join(', ')}: brought to a level later`, () => {
  const files: SignedFile[] = []
  const tampered: SignedFile[] = []

  async function keep(title: string, level: Level, pdf: Bytes): Promise<void> {
    const signature = path.join(folder, `${title.replaceAll(' ', '-')}-${level}.pdf`)
    writeFileSync(signature, pdf)
    files.push({ kind: 'pdf', level, signature })
    tampered.push(await tamper(files.at(-1)!, folder))
  }

  beforeAll(async () => {
    for (const [title, sign] of Object.entries(INPUTS)) {
      const stamped = await timestampPdf(await sign(), { timestamp })
      await keep(title, 'B-T', stamped)
      const nobody = (): Promise<never> => Promise.reject(new Error('asked again'))
      const again = await upgrade(stamped, { to: 'B-T', timestamp: nobody })
      expect(Buffer.compare(again, stamped)).toBe(0)
      const long = await upgrade(stamped, { to: 'B-LT', timestamp, authorities })
      await keep(title, 'B-LTA', await upgrade(long, { to: 'B-LTA', timestamp, authorities }))
    }
  })

  test.each(referees)('by $name', async (referee) => {
    const verdicts = await referee.judge([...files, ...tampered], authority.certificateFile)
    expect(verdicts.slice(0, files.length).filter(({ accepted }) => !accepted)).toEqual([])
    const refused = verdicts.slice(files.length).filter(({ accepted }) => !accepted)
    expect(refused).toHaveLength(referee.seesTampering ? tampered.length : 0)
  })
})

describe('a document time stamp', () => {
  test('is over a file that nobody signed, and over an earlier one', async () => {
    const once = await timestampPdf(form(), { timestamp })
    const twice = await timestampPdf(new Blob([once]), { timestamp })
    const file = path.join(folder, 'stamped-twice.pdf')
    writeFileSync(file, new Uint8Array(await twice.arrayBuffer()))
    const [facts] = await describePdfs([{ file }])
    expect(facts).toEqual({
      strict: true,
      signatures: [],
      stamps: [
        { field: 'Timestamp1', coverage: 'ENTIRE_REVISION', modification: 'LTA_UPDATES' },
        { field: 'Timestamp2', coverage: 'ENTIRE_FILE', modification: 'NONE' },
      ].map((one) => ({ ...one, intact: true })),
    })
  })
})
