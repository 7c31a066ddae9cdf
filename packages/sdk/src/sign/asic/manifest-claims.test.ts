import { describe, expect, test } from 'vitest'
import { createHash } from 'node:crypto'
import { encodeUtf8 } from '@trien/sdk/bytes'
import { isSigningError } from '@trien/sdk/errors'
import { softwareSigner } from '@trien/sdk/webcrypto'
import type { SignItem } from '@trien/sdk/wire'
import { assertClaims } from '../../../../bridge/src/claims.ts'
import { makeCertificate } from '../../../../../test/helpers/certificate.ts'
import { packAsic, prepareAsic } from '../asic.ts'

const NOW = new Date('2026-11-21T10:00:00Z')
const { certificate } = softwareSigner(await makeCertificate('RS256'))
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const container = await packAsic([
  { name: 'Đơn/một.txt', data: encodeUtf8('một') },
  { name: 'hai.pdf', data: encodeUtf8('hai') },
])
const prepared = await prepareAsic(container, {
  ...{ certificate, algorithm: 'RS256', signingTime: NOW },
  ...{ mediaTypes: { 'hai.pdf': 'application/pdf' }, signatures: 'CAdES' },
})
const manifest = prepared.signedProperties!
const text = new TextDecoder().decode(manifest)
const shown = (name: string, mediaType: string, content: string) => ({
  ...{ name, mediaType, size: 3 },
  digest: { algorithm: 'SHA-256' as const, value: sha256(encodeUtf8(content)) },
})
const documents = [
  shown('Đơn/một.txt', 'application/octet-stream', 'một'),
  shown('hai.pdf', 'application/pdf', 'hai'),
]

const plain = { id: '1', kind: 'cms-signed-attributes', algorithm: 'RS256' } as const

/** The claim that failed, or undefined where all hold; the attributes are over whatever manifest comes along. */
function failedClaim(given: Uint8Array | string, shownDocuments = documents): string | undefined {
  const bytes = typeof given === 'string' ? encodeUtf8(given) : given
  const [document, ...alsoSigned] = shownDocuments
  const attributes = Buffer.from(prepared.toBeSigned)
  const at = attributes.indexOf(sha256(manifest))
  attributes.set(sha256(bytes), at)
  const item: SignItem = {
    ...plain,
    ...{ toBeSigned: new Uint8Array(attributes), signedProperties: new Uint8Array(bytes) },
    ...{ document: document!, ...(alsoSigned.length === 0 ? {} : { alsoSigned }) },
  }
  try {
    assertClaims([item], certificate, NOW)
    return undefined
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'BRIDGE_CLAIM_MISMATCH') throw error
    return String(error.details['claim'])
  }
}

describe('a manifest that the signed attributes name', () => {
  test('passes as signAsic writes it, each of its files shown', () => {
    expect(failedClaim(text)).toBeUndefined()
  })

  test.each<[string, string, string]>([
    ['manifest', 'no XML', 'x'],
    ['manifest', 'space between', text.replace('><', '> <')],
    ['manifest', 'an empty element in short', text.replace('></ds:DigestMethod>', '/>')],
    ['manifest', 'a comment', text.replace('<ds:', '<!-- --><ds:')],
    ['manifest', 'another root', text.replaceAll('ASiCManifest', 'ASiCArchive')],
    ['manifest', 'another namespace', text.replaceAll('02918/v1.2.1', '02918/v1.2.2')],
    ['manifest', 'a signature elsewhere', text.replace('META-INF/signature001.p7s', 'a.p7s')],
    [
      'manifest',
      'a reference with more in it',
      text.replace('</asic:Data', '<asic:X></asic:X></asic:Data'),
    ],
    ['manifest', 'a root file', text.replace(' URI="hai', ' Rootfile="true" URI="hai')],
    ['digest-algorithm', 'another hash', text.replace('xmlenc#sha256', 'xmlenc#sha512')],
    ['document-name', 'another name', text.replace('hai.pdf', 'ba.pdf')],
    ['document-name', 'a path that leads up', text.replace('hai.pdf', '../hai.pdf')],
    ['document-name', 'an address', text.replace('hai.pdf', 'https://x.test/?hai.pdf')],
    ['media-type', 'another type', text.replace('application/pdf', 'text/html')],
  ])('%s: %s', (claim, _, given) => {
    expect(given).not.toBe(text)
    expect(failedClaim(given)).toBe(claim)
  })

  test('names no document that is not shown, and all that are, in order', () => {
    expect(failedClaim(text, documents.slice(0, 1))).toBe('documents')
    expect(failedClaim(text, [...documents, documents[1]!])).toBe('documents')
    expect(failedClaim(text, documents.toReversed())).toBe('document-digest')
    expect(failedClaim(text, [documents[0]!, shown('hai.pdf', 'application/pdf', 'ba')])).toBe(
      'document-digest',
    )
  })

  test('is the one whose digest is signed', () => {
    const item: SignItem = {
      ...plain,
      toBeSigned: prepared.toBeSigned as Uint8Array<ArrayBuffer>,
      signedProperties: encodeUtf8(text.replace('hai.pdf', 'x/hai.pdf')),
      ...{ document: documents[0]!, alsoSigned: documents.slice(1) },
    }
    expect(() => assertClaims([item], certificate, NOW)).toThrow('message-digest')
  })

  test('with any byte changed to any other is refused, unless only what nothing depends on changed', () => {
    const passed = new Set<number>()
    for (let at = 0; at < manifest.length; at++) {
      const damaged = new Uint8Array(manifest)
      damaged[at]! ^= 1
      if (failedClaim(damaged) === undefined) passed.add(at)
    }
    // What the signature file is called, and what it is said to be: of no document.
    const changed = [...passed].map((at) => text.slice(0, at).lastIndexOf('SigReference') > 0)
    const end = encodeUtf8(text.slice(0, text.indexOf('</asic:SigReference'))).length
    expect(changed.every(Boolean) && Math.max(...passed) < end).toBe(true)
  })
})
