import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bytes, Signer, TimestampSource } from '@trien/sdk/types'
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

beforeAll(async () => {
  authority = createTestAuthority(folder)
  timestamp = authority.openTimestamps()
  key = authority.issue('P-256', 'signer')
  signer = await softwareSignerOf(key, 'ES256', authority)
})

const form = (): Bytes =>
  new Uint8Array(readFileSync(path.join(root, 'packages/demo/sample/application.pdf')))

/** What pyHanko signs in a way that nothing here does yet. */
async function signByPyhanko(how: 'certified' | 'locked'): Promise<Bytes> {
  const out = path.join(folder, `${how}.pdf`)
  await promisify(execFile)(PYTHON, [
    ...[SIGN, key.keyFile, key.certificateFile, authority.certificateFile, out, how],
  ])
  return new Uint8Array(readFileSync(out))
}

const INPUTS: Readonly<Record<string, () => Promise<Bytes>>> = {
  'two signatures': async () => signPdf(await signPdf(form(), { signer }), { signer }),
  'a signature that ends before the file does': async () =>
    new Uint8Array(Buffer.concat([await signPdf(form(), { signer }), Buffer.of(10)])),
  'a certification that allows no changes': () => signByPyhanko('certified'),
  'a signature that locks all fields': () => signByPyhanko('locked'),
}

describe(`a document time stamp brings to B-T ${Object.keys(INPUTS).join(', ')}`, () => {
  const files: SignedFile[] = []
  const tampered: SignedFile[] = []

  beforeAll(async () => {
    for (const [title, sign] of Object.entries(INPUTS)) {
      const stamped = await timestampPdf(await sign(), { timestamp })
      const signature = path.join(folder, `${title.replaceAll(' ', '-')}.pdf`)
      writeFileSync(signature, stamped)
      files.push({ kind: 'pdf', level: 'B-T', signature })
      tampered.push(await tamper(files.at(-1)!, folder))
      const nobody = (): Promise<never> => Promise.reject(new Error('asked again'))
      const again = await upgrade(stamped, { to: 'B-T', timestamp: nobody })
      expect(Buffer.compare(again, stamped)).toBe(0)
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
