import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signPdf } from '@trien/sdk/pades'
import type { Authorities, Bytes, Signer, TimestampSource } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import { readStoredData } from '../../packages/sdk/src/pades/security-store.ts'
import { openPdf } from '../../packages/sdk/src/pdf/document.ts'
import { streamFile, tableFile } from '../helpers/pdf-file.ts'
import { type IssuedKey, type TestAuthority, createTestAuthority } from '../helpers/pki.ts'
import { documentStampIn, stampIn } from '../helpers/read-stamp.ts'
import { SYSTEM_REFEREES, presentReferees } from '../helpers/referees/index.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'trien-long-term-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let authority: TestAuthority
let key: IssuedKey
let signer: Signer
let timestamp: TimestampSource
let authorities: Authorities

beforeAll(async () => {
  authority = createTestAuthority(folder)
  key = authority.issue('P-256', 'signer')
  signer = await softwareSignerOf(key, 'ES256', authority)
  timestamp = authority.openTimestamps()
  authorities = authority.openAuthorities({ hasDeputy: true })
})

const toBytes = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer())
const storedIn = async (pdf: Bytes) => readStoredData(await openPdf(pdf))
const startsWith = (pdf: Bytes, start: Bytes): boolean =>
  Buffer.compare(pdf.subarray(0, start.length), start) === 0

describe('a PDF for later years', () => {
  test.each([
    ['a table', tableFile()],
    ['a stream', streamFile()],
  ])('is a Blob where one was given, and is renewed: %s', async (title, input) => {
    const options = { signer, timestamp, authorities }
    const signed = await signPdf(new Blob([input]), { ...options, level: 'B-LTA' })
    const once = await toBytes(signed)
    const twice = await toBytes(await upgrade(signed, { ...options, to: 'B-LTA' }))
    expect(startsWith(twice, once)).toBe(true)
    for (const [index, pdf] of [once, twice].entries()) {
      expect(await documentStampIn(pdf)).toBe(true)
      const signature = path.join(folder, `${title}-${index}.pdf`)
      writeFileSync(signature, pdf)
      for (const referee of presentReferees(SYSTEM_REFEREES)) {
        if (!referee.kinds.includes('pdf')) continue
        const file = { kind: 'pdf', level: 'B-LTA', signature } as const
        const [verdict] = await referee.judge([file], authority.certificateFile)
        expect(verdict).toMatchObject({ accepted: true })
      }
    }
    // The signer's, the stamping authority's, the responder's and their issuer's: none twice, however often it is renewed.
    const { certificates } = await storedIn(twice)
    const hexes = certificates.map((der) => Buffer.from(der).toString('hex'))
    expect(new Set(hexes).size).toBe(hexes.length)
    expect((await storedIn(once)).certificates).toEqual(certificates)
  })

  test('gains what a second signature needs, and keeps what the first had', async () => {
    const options = { timestamp, authorities, level: 'B-LT' } as const
    const once = await signPdf(tableFile(), { ...options, signer })
    const colleague = await softwareSignerOf(
      authority.issue('P-384', 'colleague'),
      'ES384',
      authority,
    )
    const twice = await signPdf(once, { ...options, signer: colleague })
    const [before, after] = [await storedIn(once), await storedIn(twice)]
    expect(startsWith(twice, once)).toBe(true)
    expect(after.certificates.slice(0, before.certificates.length)).toEqual(before.certificates)
    expect(after.certificates).toContainEqual(new Uint8Array(colleague.certificate))
  })

  test('is at the level that was reached where nobody answers any more', async () => {
    const nobody: Authorities = { ocsp: () => Promise.reject(new Error('gone')) }
    const error = (await signPdf(tableFile(), {
      ...{ signer, timestamp, authorities: nobody, level: 'B-LTA', revocation: 'off' },
    }).catch((reason: unknown) => reason)) as { code: string; signed: Bytes }
    expect(error.code).toBe('TRUST_STATUS')
    expect(await stampIn(error.signed)).toBe(true)
    const finished = await upgrade(error.signed, { to: 'B-LTA', timestamp, authorities })
    expect(startsWith(finished, error.signed)).toBe(true)
    expect(await documentStampIn(finished)).toBe(true)
  })

  test('is not made of a signature whose certificate was taken back before', async () => {
    const lost = authority.issue('P-256', 'lost')
    const signed = await signPdf(tableFile(), {
      signer: await softwareSignerOf(lost, 'ES256', authority),
    })
    authority.revoke(lost, { since: new Date(Date.now() - 3_600_000) })
    const late = upgrade(signed, { to: 'B-LT', timestamp, authorities })
    await expect(late).rejects.toMatchObject({ code: 'TRUST_REVOKED' })
  })
})
