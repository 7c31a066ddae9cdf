/** What the sdk asks to be signed is what the bridge, which reads it with a parser of its own, agrees to sign. */
import { describe, expect, it } from 'vitest'
import { ALGORITHM_NAMES, getAlgorithm } from '@trien/sdk/algorithms'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { prepareCms } from '@trien/sdk/cms'
import type { AlgorithmName } from '@trien/sdk/types'
import { assertClaims } from '../../packages/bridge/src/claims.ts'
import { prepareSignedAttributes } from '../../packages/sdk/src/cms/prepare.ts'
import { makeCertificate } from '../helpers/certificate.ts'

const document = { name: 'đơn.txt', mediaType: 'text/plain', size: 3 }

function item(
  algorithm: AlgorithmName,
  { toBeSigned, documentDigest }: { toBeSigned: Uint8Array; documentDigest: Uint8Array },
) {
  const digest = {
    algorithm: getAlgorithm(algorithm).digest,
    value: new Uint8Array(documentDigest),
  }
  return {
    id: '1',
    kind: 'cms-signed-attributes' as const,
    algorithm,
    toBeSigned: new Uint8Array(toBeSigned),
    document: { ...document, digest },
  }
}

describe.each(ALGORITHM_NAMES)('the bridge agrees by %s', (algorithm) => {
  it('to what signCms asks', async () => {
    const { certificate } = await makeCertificate(algorithm)
    const prepared = await prepareCms(encodeUtf8('đơn'), { certificate, algorithm, document })
    expect(() => assertClaims([item(algorithm, prepared)], certificate)).not.toThrow()
  })

  it('to what signPdf asks, and not for another certificate or document', async () => {
    const { certificate } = await makeCertificate(algorithm)
    const { certificate: other } = await makeCertificate(algorithm)
    const documentDigest = new Uint8Array(getAlgorithm(algorithm).digestBytes).fill(1)
    const prepared = await prepareSignedAttributes({
      certificate,
      chain: [],
      algorithm,
      documentDigest,
      signingTime: undefined,
    })
    const mismatch = expect.objectContaining({ code: 'BRIDGE_CLAIM_MISMATCH' })
    const otherDigest = { ...prepared, documentDigest: new Uint8Array(documentDigest).fill(2) }
    expect(() => assertClaims([item(algorithm, prepared)], certificate)).not.toThrow()
    expect(() => assertClaims([item(algorithm, prepared)], other)).toThrowError(mismatch)
    expect(() => assertClaims([item(algorithm, otherDigest)], certificate)).toThrowError(mismatch)
  })
})
