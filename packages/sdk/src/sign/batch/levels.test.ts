import { beforeAll, describe, expect, it } from 'vitest'
import { MIXED, counting } from '../../../../../test/helpers/batch-items.ts'
import { makeCertificate } from '../../../../../test/helpers/certificate.ts'
import { createTimestampAuthority } from '../../../../../test/helpers/timestamp-authority.ts'
import { softwareSigner } from '../../provider/webcrypto.ts'
import type { Signer, TimestampSource } from '../../types.ts'
import { signMany } from '../batch.ts'
import { signXml } from '../xml.ts'

let software: Signer
let timestamp: TimestampSource
beforeAll(async () => {
  software = softwareSigner(await makeCertificate('ES256'))
  timestamp = await createTimestampAuthority()
})

describe('levels of a batch', () => {
  it('are built after the key has signed all, and a slow authority holds nobody up', async () => {
    let isSigned = false
    const { signer } = counting(software, async (...all) => {
      const values = await software.sign(...all)
      isSigned = true
      return values
    })
    const slow: TimestampSource = async (...asked) => {
      // With values told as they come, the first stamp is asked for while others are still being signed.
      while (!isSigned) await new Promise((resolve) => setTimeout(resolve))
      return timestamp(...asked)
    }
    const options = { signer, level: 'B-T', timestamp: slow, concurrency: 1 } as const
    expect(await signMany(MIXED, options)).toMatchObject({ done: MIXED.length, failed: 0 })
  })

  it('are of the new signature alone, as where one is signed', async () => {
    const colleague = softwareSigner(await makeCertificate('RS256'))
    const file = new TextEncoder().encode('<a/>')
    const once = await signXml(file, { signer: colleague, moreSignatures: true })
    const item = {
      id: 'x',
      format: 'xml',
      document: once,
      options: { moreSignatures: true },
    } as const
    const { items } = await signMany([item], { signer: software, level: 'B-T', timestamp })
    const [{ signed }] = items as unknown as [{ signed: Uint8Array }]
    expect(new TextDecoder().decode(signed).split('<xades:SignatureTimeStamp')).toHaveLength(2)
  })

  it('are tried again without the key', async () => {
    const { signer, calls } = counting(software)
    const store = new Map()
    const silent: TimestampSource = () => Promise.reject(new Error('down'))
    const first = await signMany(MIXED, { signer, store, level: 'B-T', timestamp: silent })
    expect(first).toMatchObject({ done: 0, failed: MIXED.length })
    for (const item of first.items) {
      expect(item).toMatchObject({ error: { code: 'TRUST_TIMESTAMP', signed: expect.anything() } })
    }
    expect(store.get('pdf')).toMatchObject({ step: 'signed', failure: { code: 'TRUST_TIMESTAMP' } })
    const second = await signMany(MIXED, { signer, store, level: 'B-T', timestamp })
    expect(second).toMatchObject({ done: MIXED.length, failed: 0 })
    expect(calls).toHaveLength(1)
  })
})
