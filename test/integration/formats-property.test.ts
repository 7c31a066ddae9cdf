/**
 * Documents and options of CMS, XML, JSON and ASiC by a fixed sequence of numbers: whatever they are, what was signed is read
 * again and built on, nothing but signatures is new, and programs that are not ours find every signature valid.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Level } from '@trien/sdk/cms'
import type { Authorities, TimestampSource } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import { withOneList } from '../helpers/openssl-authorities.ts'
import { createTestAuthority } from '../helpers/pki.ts'
import { RANDOM_FORMATS, type RandomlySigned, type Signers } from '../helpers/random-documents.ts'
import { type SignedFile, SYSTEM_REFEREES, presentReferees } from '../helpers/referees/index.ts'
import { Sequence } from '../helpers/sequence.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'
import { hasTools } from '../helpers/tools.ts'

const LEVELS: readonly Level[] = ['B-B', 'B-T', 'B-LT', 'B-LTA']
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1)
const SIGNATURE = /<ds:Signature[ >].*?<\/ds:Signature>/gs

const isReady = hasTools('openssl')
const folder = mkdtempSync(path.join(tmpdir(), 'trien-property-'))
let caFile: string
let signers: Signers
let timestamp: TimestampSource
let authorities: Authorities
beforeAll(async () => {
  if (!isReady) return
  const authority = createTestAuthority(folder)
  caFile = authority.certificateFile
  signers = {
    one: await softwareSignerOf(authority.issue('P-256', 'one'), 'ES256', authority),
    other: await softwareSignerOf(authority.issue('RSA-2048', 'other'), 'RS256', authority),
  }
  timestamp = authority.openTimestamps()
  authorities = withOneList(authority.openAuthorities())
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const files: SignedFile[] = []

function write(name: string, level: Level, { kind, bytes, data }: RandomlySigned): SignedFile {
  const place = path.join(folder, name)
  mkdirSync(place)
  const signature = path.join(place, 'signed')
  writeFileSync(signature, bytes)
  // Nobody tampers with these.
  if (data === undefined) return { kind, level, signature, tampered: signature } as SignedFile
  writeFileSync(path.join(place, 'data.txt'), data)
  return { kind, level, signature, data: path.join(place, 'data.txt') } as SignedFile
}

describe.runIf(isReady)('a document by chance that is none', () => {
  describe.each(Object.entries(RANDOM_FORMATS))('%s', (format, make) => {
    it.each(SEEDS)('number %i is signed, and built on', async (seed) => {
      const next = new Sequence(seed * 7919)
      const made = await make(next, signers)
      const to = next.one(LEVELS)
      let level: Level = 'B-B'
      let { bytes } = made
      if (to !== 'B-B' && made.isFinal !== true) {
        const outside = format === 'JSON' || made.kind === 'xades' ? documentsOf(made) : {}
        bytes = await upgrade(bytes, { to, timestamp, authorities, ...outside })
        level = to
      }
      if (made.unsigned !== undefined) {
        const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
        expect(text.replace(SIGNATURE, '')).toBe(made.unsigned)
      }
      files.push(write(`${format}-${seed}`, level, { ...made, bytes }))
    })
  })

  const judges = presentReferees(SYSTEM_REFEREES)
  it.each(judges.filter(({ kinds }) => !kinds.includes('pdf') || kinds.length > 1))(
    'is good for $name',
    async ({ kinds, judge }) => {
      expect(files).toHaveLength(SEEDS.length * Object.keys(RANDOM_FORMATS).length)
      const its = files.filter(({ kind }) => kinds.includes(kind))
      const verdicts = await judge(its, caFile)
      const refused = verdicts.flatMap(({ accepted, summary }, index) =>
        accepted ? [] : [`${its[index]!.signature}: ${summary}`],
      )
      expect(refused).toEqual([])
      expect(its.length).toBeGreaterThan(SEEDS.length - 1)
    },
  )
})

/** What an archive time stamp is over besides. */
function documentsOf({ data }: RandomlySigned): object {
  const names = ['data.txt', 'phụ lục/đơn 1.txt']
  return data === undefined ? {} : { documents: names.map((name) => ({ name, data })) }
}
