/**
 * The demo token before the referees: whoever tries Trien for the first time will put its signatures into one of them.
 * @module
 */
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signCms } from '@trien/sdk/cms'
import type { Signer } from '@trien/sdk/types'
import { DEMO_PIN, createDemoSource } from '../../packages/bridge/src/soft/demo-source.ts'
import type { TokenCertificate, TokenSource } from '../../packages/bridge/src/token/types.ts'
import { type Referee, type SignedFile, presentReferees } from './referees/index.ts'

const { signal } = new AbortController()
const DATA = new TextEncoder().encode('Đơn đề nghị')

/** The token without bridge and prompt. */
function directSigner(source: TokenSource, listed: TokenCertificate): Signer {
  const { certificate, chain, algorithms, id } = listed
  return {
    certificate,
    chain,
    algorithms,
    async sign(items) {
      const signatures: Uint8Array[] = []
      const onSigned = (_: number, made: readonly Uint8Array[]) => void signatures.push(...made)
      await source.sign({ certificateId: id, pin: DEMO_PIN, items, onSigned, signal })
      return signatures
    },
  }
}

/** Lets each referee judge a CMS by each algorithm of each certificate of the demo token. */
export function describeDemoToken(referees: readonly Referee[]): void {
  describe('the demo token’s signatures', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'trien-demo-token-'))
    const caFile = path.join(folder, 'ca.pem')
    const files: SignedFile[] = []
    const names: string[] = []

    beforeAll(async () => {
      const source = await createDemoSource()
      const data = path.join(folder, 'data.txt')
      writeFileSync(data, DATA)
      for (const listed of await source.listCertificates(signal)) {
        writeFileSync(caFile, new X509Certificate(listed.chain[0]!).toString())
        for (const algorithm of listed.algorithms) {
          const signer = directSigner(source, listed)
          const signature = path.join(folder, `${files.length}.p7s`)
          writeFileSync(signature, await signCms(DATA, { signer, algorithm }))
          files.push({ kind: 'detached', signature, data })
          names.push(algorithm)
        }
      }
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    const judges = presentReferees(referees).filter(({ kinds }) => kinds.includes('detached'))
    test.each(judges)('are accepted by $name', async (referee) => {
      const verdicts = await referee.judge(files, caFile)
      const refused = verdicts.flatMap(({ accepted, summary }, index) => {
        const name = names[index]!
        return accepted || referee.doubts?.(name) !== undefined ? [] : [`${name}: ${summary}`]
      })
      expect(verdicts).toHaveLength(8)
      expect(refused).toEqual([])
    })
  })
}
