/**
 * Counter-signatures that were tampered with themselves, the data and the signature below as they were: those referees that
 * look at counter-signatures refuse them, at each level.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Level, signCms } from '@trien/sdk/cms'
import { counterSign } from '@trien/sdk/cosign'
import type { Bytes, Signer } from '@trien/sdk/types'
import { withCounterSigners } from '../../packages/sdk/src/cms/counter-signers.ts'
import { type SignerInfoParts, parseSignedData } from '../../packages/sdk/src/cms/parse.ts'
import { type TestAuthority, createTestAuthority } from '../helpers/pki.ts'
import { bouncyCastle } from '../helpers/referees/bouncy-castle.ts'
import { dss } from '../helpers/referees/dss.ts'
import { type SignedFile, presentReferees } from '../helpers/referees/index.ts'
import { pyhanko } from '../helpers/referees/pyhanko.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'

const CONTENT = new TextEncoder().encode('Tờ trình về việc phê duyệt')
const referees = presentReferees([bouncyCastle, pyhanko, dss])

/** What is changed of a counter-signature: the bytes that stand there, one of them changed. */
const SPOILT: Readonly<Record<string, (counter: SignerInfoParts) => Bytes>> = {
  'its value': ({ signature }) => signature.subarray(-8),
  'what it is over': ({ signedAttributes }) => signedAttributes!.bytes.subarray(-8),
}

const LEVELS: readonly Level[] = ['B-B', 'B-T', 'B-LT', 'B-LTA']
const MOVED = 'moved to another signature'
const NAMES = [
  ...LEVELS.flatMap((level) => [level, ...Object.keys(SPOILT).map(nameAt(level))]),
  MOVED,
]

describe.runIf(referees.length > 0)('a counter-signature', () => {
  let folder: string
  let authority: TestAuthority
  let first: Signer
  let second: Signer
  /** By the name of a file: who accepts it. */
  const found = new Map<string, readonly string[]>()

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'trien-counter-'))
    authority = createTestAuthority(folder)
    first = await softwareSignerOf(authority.issue('RSA-2048', 'first'), 'RS256', authority)
    second = await softwareSignerOf(authority.issue('P-256', 'second'), 'ES256', authority)
    const files: (readonly [string, SignedFile])[] = [
      [MOVED, write(MOVED, 'B-B', await makeMoved())],
    ]
    for (const level of LEVELS) {
      for (const [name, bytes] of await makeAt(level)) files.push([name, write(name, level, bytes)])
    }
    // Each referee once, for some take seconds to start.
    for (const referee of referees) {
      const verdicts = await referee.judge(
        files.map(([, file]) => file),
        authority.certificateFile,
      )
      for (const [at, [name]] of files.entries()) {
        const accepts = verdicts[at]!.accepted ? [referee.name] : []
        found.set(name, [...(found.get(name) ?? []), ...accepts])
      }
    }
  }, 600_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** A good one, and its spoilt copies. */
  async function makeAt(level: Level): Promise<readonly (readonly [string, Bytes])[]> {
    const timestamp = authority.openTimestamps()
    const authorities = authority.openAuthorities()
    const below = level === 'B-B' ? level : 'B-T'
    const one = await signCms(CONTENT, { signer: first, timestamp, level: below })
    const signed = await counterSign(one, { signer: second, timestamp, authorities, level })
    const [, counter] = withCounterSigners(parseSignedData(signed, 'signature').signerInfos)
    const spoilt = Object.entries(SPOILT).map(([what, find]) => {
      const copy = Buffer.from(signed)
      const at = copy.indexOf(find(counter!))
      if (at < 0) throw new Error(`${what} is not in the file`)
      copy[at + 4]! ^= 1
      return [nameAt(level)(what), new Uint8Array(copy)] as const
    })
    return [[level, signed], ...spoilt]
  }

  /** Under a signature that is another one over the same data: RSA's are all of one length. */
  async function makeMoved(): Promise<Bytes> {
    const signingTime = new Date(Date.now() - 60_000)
    const one = await signCms(CONTENT, { signer: first })
    const other = await signCms(CONTENT, { signer: first, signingTime })
    const signed = await counterSign(one, { signer: second })
    const [mine, theirs] = [signed, other].map((cms) => {
      const [signer] = parseSignedData(cms, 'signature').signerInfos
      return [signer!.signedAttributes!.bytes, signer!.signature]
    })
    const moved = Buffer.from(signed)
    for (const [at, part] of mine!.entries()) moved.set(theirs![at]!, moved.indexOf(part))
    return new Uint8Array(moved)
  }

  function write(name: string, level: Level, signed: Bytes): SignedFile {
    const [signature, data] = [`${NAMES.indexOf(name)}.p7s`, 'data'].map((file) =>
      path.join(folder, file),
    ) as [string, string]
    writeFileSync(signature, signed)
    writeFileSync(data, CONTENT)
    return { kind: 'detached', level, signature, data }
  }

  test.each(NAMES)('%s', (name) => {
    const isGood = (LEVELS as readonly string[]).includes(name)
    expect(found.get(name)).toEqual(isGood ? referees.map((referee) => referee.name) : [])
  })
})

function nameAt(level: Level): (what: string) => string {
  return (what) => `${level}, ${what} tampered with`
}
