import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { tableFile } from '../../../../test/helpers/pdf-file.ts'
import { documentStampIn, stampIn } from '../../../../test/helpers/read-stamp.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import type { Bytes } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer, TimestampSource } from '../types.ts'
import { signPdf } from './pdf.ts'

let signer: Signer
let timestamp: TimestampSource

beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
  timestamp = await createTimestampAuthority()
})

const bytesOf = async (file: Bytes | Blob): Promise<Bytes> =>
  file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file

describe('signPdf at B-T', () => {
  it('stamps the signature inside its own gap', async () => {
    const options = { signer, level: 'B-T', timestamp } as const
    expect(await stampIn(await signPdf(tableFile(), options))).toBe(true)
    const ofBlob = await signPdf(new Blob([tableFile()]), options)
    expect(await stampIn(await bytesOf(ofBlob))).toBe(true)
    expect(await stampIn(await signPdf(tableFile(), { signer }))).toBeUndefined()
  })

  it.each([
    ['bytes', tableFile()],
    ['a Blob', new Blob([tableFile()])],
  ])('keeps the signature that was made where nobody stamps it: %s', async (_, input) => {
    const timestamp: TimestampSource = () => Promise.reject(new TypeError('Failed to fetch'))
    const error: unknown = await signPdf(input as Bytes, {
      ...{ signer, level: 'B-T', timestamp },
    }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'TRUST_TIMESTAMP', details: { reason: 'unreachable' } })
    const { signed } = error as { signed: Bytes | Blob }
    expect(signed instanceof Blob).toBe(input instanceof Blob)
    expect(await stampIn(await bytesOf(signed))).toBeUndefined()
  })

  it('stamps the file where there is no room for a stamp of the signature', async () => {
    const sign = (reserveBytes: number) =>
      signPdf(tableFile(), { signer, level: 'B-T', timestamp, reserveBytes })
    const refused = (await sign(0).catch((reason: unknown) => reason)) as {
      details: { needed: number }
    }
    expect(refused).toMatchObject({ code: 'FORMAT_PLACEHOLDER_TOO_SMALL' })
    const stamped = await sign(refused.details.needed)
    expect(await documentStampIn(stamped)).toBe(true)
  })
})
