/**
 * What others signed with attributes out of order: whoever accepts it, accepts it after it was signed further or built on, and
 * nobody else does. OpenSSL takes attributes as they stand; GnuTLS, BouncyCastle and DSS put them in order (RFC 5652 §5.4).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Level } from '@trien/sdk/cms'
import { addSignature, counterSign } from '@trien/sdk/cosign'
import { upgrade } from '@trien/sdk/upgrade'
import type { Bytes, Signer } from '@trien/sdk/types'
import { parseSignedData } from '../../packages/sdk/src/cms/parse.ts'
import { type TestAuthority, createTestAuthority } from '../helpers/pki.ts'
import { bouncyCastle } from '../helpers/referees/bouncy-castle.ts'
import { certtool } from '../helpers/referees/certtool.ts'
import { dss } from '../helpers/referees/dss.ts'
import { type SignedFile, presentReferees } from '../helpers/referees/index.ts'
import { openssl } from '../helpers/referees/openssl.ts'
import { softwareSignerOf } from '../helpers/software-signer.ts'
import { SIGNED_ORDERS, type SignedOrder, signUnsorted } from '../helpers/unsorted-cms.ts'

const CONTENT = new TextEncoder().encode('Tờ trình về việc phê duyệt')
const referees = presentReferees([openssl, certtool, bouncyCastle, dss])
const ACCEPTING: Readonly<Record<SignedOrder, readonly string[]>> = {
  'as they stand': ['openssl'],
  'in order': ['certtool', 'bouncycastle', 'dss'],
}
const DEEDS = ['as it is', 'signed further', 'countersigned', 'B-T', 'B-LT', 'B-LTA'] as const
type Deed = (typeof DEEDS)[number]

const CASES = SIGNED_ORDERS.flatMap((order) => DEEDS.map((deed) => [order, deed] as const))

describe.runIf(referees.length > 0)('attributes out of order', () => {
  let folder: string
  let authority: TestAuthority
  let second: Signer
  /** In the order of the cases: who accepts each. */
  const found = CASES.map((): string[] => [])

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'trien-unsorted-'))
    authority = createTestAuthority(folder)
    const first = await softwareSignerOf(authority.issue('RSA-2048', 'first'), 'RS256', authority)
    second = await softwareSignerOf(authority.issue('P-256', 'second'), 'ES256', authority)
    writeFileSync(path.join(folder, 'data'), CONTENT)
    const files: SignedFile[] = []
    for (const order of SIGNED_ORDERS) {
      const cms = await signUnsorted(CONTENT, first, order)
      const standing = parseSignedData(cms, 'signature').signerInfos[0]!.signedAttributes!.bytes
      for (const deed of DEEDS) {
        const changed = await change(cms, deed)
        expect(Buffer.from(changed).includes(Buffer.from(standing)), deed).toBe(true)
        files.push(write(`${files.length}.p7m`, changed, deed))
      }
    }
    // Each referee once, for some take seconds to start.
    for (const referee of referees) {
      const verdicts = await referee.judge(files, authority.certificateFile)
      for (const [at, { accepted }] of verdicts.entries())
        if (accepted) found[at]!.push(referee.name)
    }
  }, 600_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function change(cms: Bytes, deed: Deed): Bytes | Promise<Bytes> {
    const timestamp = authority.openTimestamps()
    if (deed === 'as it is') return cms
    if (deed === 'signed further') return addSignature(cms, { signer: second })
    if (deed === 'countersigned') return counterSign(cms, { signer: second })
    return upgrade(cms, { to: deed, timestamp, authorities: authority.openAuthorities() })
  }

  function write(name: string, bytes: Bytes, deed: Deed): SignedFile {
    const signature = path.join(folder, name)
    writeFileSync(signature, bytes)
    const level = (deed.startsWith('B-') ? deed : 'B-B') as Level
    return { kind: 'attached', level, signature, data: path.join(folder, 'data') }
  }

  test.each(CASES)('signed %s: %s', (order, deed) => {
    const present = referees.map(({ name }) => name)
    const at = CASES.findIndex((one) => one[0] === order && one[1] === deed)
    expect(found[at]).toEqual(present.filter((name) => ACCEPTING[order].includes(name)))
  })
})
