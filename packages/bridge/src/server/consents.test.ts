import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ConsentFile, openConsentFile } from './consent-file.ts'
import { encodeRecords } from './consent-records.ts'
import { type Consents, createLastingConsents } from './consents.ts'

const A = 'https://a.gov.test'
const B = 'https://b.gov.test'
const asides: string[] = []
let folder: string
let file: ConsentFile
let consents: Consents

beforeEach(() => {
  asides.length = 0
  folder = path.join(fs.mkdtempSync(path.join(tmpdir(), 'trien-consents-')), 'trien')
  file = openConsentFile(folder, (reason) => asides.push(reason))
  consents = createLastingConsents(file)
})
afterEach(() => {
  fs.rmSync(path.dirname(folder), { recursive: true })
})

const names = (): string[] => fs.readdirSync(folder).sort()

describe('lasting consents', () => {
  it('are in a private file, and nothing else is left beside it', async () => {
    expect(consents.has(A)).toBe(false)
    await consents.grant(A)
    expect(consents.has(A)).toBe(true)
    expect(consents.has(B)).toBe(false)
    expect(names()).toEqual(['origins.json'])
    expect(fs.statSync(file.path).mode & 0o777).toBe(0o600)
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700)
  })

  it('are known to the next one who opens the file', async () => {
    await consents.grant(A)
    expect(createLastingConsents(openConsentFile(folder, () => {})).has(A)).toBe(true)
  })

  it('lose none when several programs write at once', async () => {
    const programs = Array.from({ length: 20 }, () =>
      createLastingConsents(openConsentFile(folder, () => {})),
    )
    await Promise.all(programs.map((program, n) => program.grant(`https://a${n}.test`)))
    expect(file.read()).toHaveLength(20)
  })

  it('end when they are taken out of the file, and no use brings them back', async () => {
    let today = new Date('2026-01-01')
    consents = createLastingConsents(file, () => today)
    await consents.grant(A)
    await consents.grant(B)
    today = new Date('2026-01-02')
    expect(consents.has(A)).toBe(true) // the use is noted in a moment …
    fs.writeFileSync(file.path, encodeRecords([])) // … but the person was faster
    await file.change((records) => records)
    expect(consents.has(A)).toBe(false)
    expect(consents.has(B)).toBe(false)
  })

  it('last a year from their last use', async () => {
    let today = new Date('2026-01-01')
    consents = createLastingConsents(file, () => today)
    await consents.grant(A)
    today = new Date('2026-12-31')
    expect(consents.has(A)).toBe(true)
    await expect.poll(() => file.read()[0]?.lastUsed).toBe('2026-12-31')
    today = new Date('2027-12-31')
    expect(consents.has(A)).toBe(true)
    await expect.poll(() => file.read()[0]?.lastUsed).toBe('2027-12-31')
    today = new Date('2029-01-02')
    expect(consents.has(A)).toBe(false)
  })

  it.each<[string, string, () => void]>([
    ['damaged', 'not JSON', () => fs.writeFileSync(file.path, '{"version":1,')],
    ['writable by everybody', 'writable by others', () => fs.chmodSync(file.path, 0o666)],
    ['writable by the group', 'writable by others', () => fs.chmodSync(file.path, 0o620)],
    ['endless', 'too large', () => fs.truncateSync(file.path, 1 << 30)],
    [
      'a link',
      'a link',
      () => {
        fs.renameSync(file.path, `${file.path}.elsewhere`)
        fs.symlinkSync(`${file.path}.elsewhere`, file.path)
      },
    ],
    [
      'a folder',
      'not a plain file',
      () => {
        fs.rmSync(file.path)
        fs.mkdirSync(file.path)
      },
    ],
  ])(
    'are not believed from a file that is %s, which is set aside once',
    async (_, reason, spoil) => {
      await consents.grant(A)
      spoil()
      expect(consents.has(A)).toBe(false)
      expect(consents.has(A)).toBe(false)
      expect(asides).toEqual([reason])
      expect(names()).toContain('origins.json.set-aside')
      await consents.grant(B)
      expect(file.read().map(({ origin }) => origin)).toEqual([B])
    },
  )

  it.runIf(process.getuid?.() === 0)('are not believed from another user’s file', async () => {
    await consents.grant(A)
    fs.chownSync(file.path, 65_534, 65_534)
    expect(consents.has(A)).toBe(false)
    expect(asides).toEqual(['of another user'])
  })

  it('end with the bridge where the folder is open to others', async () => {
    fs.mkdirSync(folder)
    fs.chmodSync(folder, 0o777)
    await consents.grant(A)
    expect(consents.has(A)).toBe(true)
    expect(names()).toEqual([])
    expect(createLastingConsents(file).has(A)).toBe(false)
  })

  it('pass by a lock that a dead program left, and its half of a file', async () => {
    fs.mkdirSync(folder, { mode: 0o700 })
    fs.writeFileSync(`${file.path}.lock`, '')
    fs.utimesSync(`${file.path}.lock`, 0, 0)
    fs.writeFileSync(`${file.path}.${process.pid}`, '{"ver')
    await consents.grant(A)
    expect(names()).toEqual(['origins.json'])
  })
})
