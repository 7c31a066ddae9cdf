import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { addSignature, counterSign } from '@trien/sdk/cosign'
import { signCms } from '@trien/sdk/cms'
import { isSigningError } from '@trien/sdk/errors'
import type { Signer, SigningRequest } from '@trien/sdk/types'
import { softwareSigner } from '@trien/sdk/webcrypto'
import type { SignItem } from '@trien/sdk/wire'
import { makeCertificate } from '../helpers/certificate.ts'
import { assertClaims } from '../../packages/bridge/src/claims.ts'

const NAMES = ['RS256', 'PS384', 'ES256', 'ES512'] as const

/** A signer that keeps what it was asked. */
async function spy(name: (typeof NAMES)[number]) {
  const asked: SigningRequest[] = []
  const signer = softwareSigner(await makeCertificate(name))
  const sign: Signer['sign'] = (requests) => {
    asked.push(...requests)
    return signer.sign(requests)
  }
  return { signer: { ...signer, sign }, asked }
}

function toItem({ document, documentDigest, ...request }: SigningRequest): SignItem {
  const digest = { algorithm: 'SHA-256', value: documentDigest }
  return { ...request, id: '1', document: { ...document, digest } } as SignItem
}

let item: SignItem & { countersigned: NonNullable<SignItem['countersigned']> }
let plain: SignItem
let certificate: Uint8Array

/** A change to an item. */
type Change = { readonly [K in keyof SignItem]?: SignItem[K] | undefined }

/** The claim that failed, or undefined where all hold. */
function failedClaim(
  change: Change,
  of: SignItem = item,
  by: Uint8Array = certificate,
): string | undefined {
  try {
    assertClaims([{ ...of, ...change } as SignItem], by)
    return undefined
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'BRIDGE_CLAIM_MISMATCH') throw error
    return String(error.details['claim'])
  }
}

const flip = (bytes: Uint8Array, at: number) => {
  const copy = new Uint8Array(bytes)
  copy[at]! ^= 1
  return copy
}

beforeAll(async () => {
  const { signer, asked } = await spy('ES256')
  certificate = signer.certificate
  const parent = await signCms(encodeUtf8('Văn bản'), { signer: (await spy('RS256')).signer })
  await counterSign(parent, { signer })
  await addSignature(parent, { signer, data: encodeUtf8('Văn bản') })
  const [first, second] = asked.map(toItem)
  item = first as typeof item
  plain = second!
})

describe('a counter-signature', () => {
  test.each(NAMES)('is signed where it is over a signature by %s', async (name) => {
    const { signer, asked } = await spy('ES256')
    const parent = await signCms(encodeUtf8('Văn bản'), { signer: (await spy(name)).signer })
    await counterSign(parent, { signer })
    expect(asked[0]?.countersigned?.algorithm).toBe(name)
    expect(failedClaim({}, toItem(asked[0]!), signer.certificate)).toBeUndefined()
  })
})

describe('what is refused of a counter-signature', () => {
  const digestOf = (value: Uint8Array) => ({
    algorithm: 'SHA-256' as const,
    value: new Uint8Array(createHash('sha256').update(value).digest()),
  })

  test('one that confirms nothing', () => {
    expect(failedClaim({ countersigned: undefined })).toBe('countersigned')
  })

  test('what is no signature: a document in its place', () => {
    const value = encodeUtf8('Giấy nhận nợ một tỷ đồng')
    const document = { ...item.document, size: value.length, digest: digestOf(value) }
    const countersigned = { ...item.countersigned, value }
    expect(failedClaim({ countersigned, document })).toBe('countersigned')
  })

  test.each(['value', 'toBeSigned', 'certificate'] as const)(
    'a signature of which any byte of %s was changed',
    (part) => {
      const bytes = item.countersigned[part]
      for (let at = 0; at < bytes.length; at += 7) {
        const countersigned = { ...item.countersigned, [part]: flip(bytes, at) }
        const { value } = countersigned
        const document = { ...item.document, digest: digestOf(value) }
        const claim = failedClaim({ countersigned, document })
        // Of the certificate some bytes are neither the key nor the form.
        if (part !== 'certificate') expect(claim, `byte ${at}`).toBe('countersigned')
        else expect([undefined, 'countersigned']).toContain(claim)
      }
    },
  )

  test('a signature by another algorithm than is said', () => {
    for (const algorithm of ['PS256', 'RS384', 'ES256'] as const) {
      const countersigned = { ...item.countersigned, algorithm }
      expect(failedClaim({ countersigned })).toBe('countersigned')
    }
  })

  test('another digest, or size, than the signature’s', () => {
    const { document } = item
    const digest = { ...document.digest, value: flip(document.digest.value, 3) }
    expect(failedClaim({ document: { ...document, digest } })).toBe('document-digest')
    expect(failedClaim({ document: { ...document, size: 7 } })).toBe('document-size')
  })

  test('attributes of a document’s signature, and those of one under another’s', () => {
    const asCountersignature = { kind: 'cms-countersignature' as const }
    const { countersigned } = item
    const value = new Uint8Array(countersigned.value)
    const document = { ...item.document, digest: digestOf(value) }
    const mixed = { ...asCountersignature, countersigned, document }
    expect(failedClaim(mixed, plain)).toBe('message-digest')
    expect(failedClaim({ kind: 'cms-signed-attributes' })).toBe('countersigned')
    const bare = { kind: 'cms-signed-attributes' as const, countersigned: undefined }
    expect(failedClaim(bare)).toBe('content-type')
  })

  test.each(['xml-signed-info', 'jws-signing-input'] as const)('one called %s', (kind) => {
    expect(failedClaim({ kind })).toBe('countersigned')
  })
})
