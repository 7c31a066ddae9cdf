import { describe, expect, test } from 'vitest'
import { ALGORITHMS } from '@trien/sdk/algorithms'
import { prepareCms } from '@trien/sdk/cms'
import type { SignItem } from '@trien/sdk/wire'
import { assertClaims } from '../../packages/bridge/src/claims.ts'
import { createDemoSource } from '../../packages/bridge/src/soft/demo-source.ts'

/** Both ends were written apart, each after the standards: what one builds the other must admit. */
describe('the bridge admits what the sdk asks it to sign', async () => {
  const { signal } = new AbortController()
  const certificates = await (await createDemoSource()).listCertificates(signal)
  const cases = certificates.flatMap(({ certificate, chain, algorithms }) =>
    algorithms.map((algorithm) => ({ algorithm, certificate, chain })),
  )

  test.each(cases)('CMS by $algorithm', async ({ algorithm, certificate, chain }) => {
    const data = new TextEncoder().encode('đơn đề nghị')
    const prepared = await prepareCms(data, { certificate, chain, algorithm })
    const item: SignItem = {
      id: '1',
      kind: prepared.kind,
      algorithm,
      toBeSigned: new Uint8Array(prepared.toBeSigned),
      document: {
        ...prepared.document,
        digest: {
          algorithm: ALGORITHMS[algorithm].digest,
          value: new Uint8Array(prepared.documentDigest),
        },
      },
    }
    assertClaims(item, certificate)
    for (const other of certificates.filter((one) => one.certificate !== certificate)) {
      expect(() => assertClaims(item, other.certificate)).toThrow(
        expect.objectContaining({ details: { claim: 'signing-certificate' } }),
      )
    }
  })
})
