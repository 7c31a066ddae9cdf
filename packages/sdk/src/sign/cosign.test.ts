import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { createTimestampAuthority } from '../../../../test/helpers/timestamp-authority.ts'
import { ALGORITHM_NAMES, getAlgorithm } from '../algorithms.ts'
import { idAaTimeStampToken } from '../asn1/authority-oid.ts'
import { TAG, encodeSequence, encodeOid, encodeExplicit, encodeElement } from '../asn1/der.ts'
import { idContentType, idMessageDigest, idSignedData } from '../asn1/oid.ts'
import {
  idAaErInternal,
  idAaEtsArchiveTimestampV2,
  idCountersignature,
} from '../asn1/signature-oid.ts'
import { type Bytes, compareBytes, encodeUtf8, equalBytes } from '../bytes.ts'
import { addUnsignedAttribute } from '../cms/add-attribute.ts'
import { findValue, parseAttributes, parseSignedData } from '../cms/parse.ts'
import { digestBytes } from '../digest.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer, TimestampSource } from '../types.ts'
import { signCms } from './cms.ts'
import { addSignature, counterSign } from './cosign.ts'
import { upgrade } from './upgrade.ts'

const DATA = encodeUtf8('Biên bản họp'.repeat(50))
let first: Signer
let second: Signer
let third: Signer
let timestamp: TimestampSource

beforeAll(async () => {
  const make = async (name: 'RS256' | 'ES256' | 'ES384', subject: string, serial: number) =>
    softwareSigner(await makeCertificate(name, { subject, serial }))
  first = await make('RS256', 'Một', 1)
  second = await make('ES384', 'Hai', 2)
  third = await make('ES256', 'Ba', 3)
  timestamp = await createTimestampAuthority()
})

const read = (cms: Bytes) => parseSignedData(cms, 'signature')
const isSorted = (elements: readonly Uint8Array[]) =>
  elements.every((one, at) => at === 0 || compareBytes(elements[at - 1]!, one) < 0)
const signerInfosOf = (cms: Bytes) =>
  read(cms).signerInfos.map(({ signerInfo }) => signerInfo.bytes)
const holds = (all: readonly Uint8Array[], one: Uint8Array) =>
  all.some((other) => equalBytes(other, one))

/** The counter-signatures on a signer, as SignerInfo. */
const countersOf = (cms: Bytes, at = 0) =>
  parseAttributes(read(cms).signerInfos[at]!.unsignedAttributes)
    .filter(({ oid }) => oid === idCountersignature)
    .flatMap(({ values }) => values)

describe('addSignature', () => {
  it.each([true, false])('leaves what is there as it is (detached: %s)', async (detached) => {
    const data = detached ? { data: DATA } : {}
    const one = await signCms(DATA, { signer: first, detached, level: 'B-T', timestamp })
    const two = await addSignature(one, { signer: second, ...data })
    const three = await addSignature(two, { signer: third, ...data })
    const parts = read(three)
    expect(signerInfosOf(three)).toHaveLength(3)
    for (const info of signerInfosOf(two)) expect(holds(signerInfosOf(three), info)).toBe(true)
    expect(holds(signerInfosOf(three), signerInfosOf(one)[0]!)).toBe(true)
    expect(isSorted(signerInfosOf(three))).toBe(true)
    expect(isSorted(parts.certificates)).toBe(true)
    expect(parts.certificates).toHaveLength(3)
    // SHA-256 once, though two used it.
    const digests = parts.signedData.getChild(1, TAG.SET).children
    expect(digests.map((one) => one.getChild(0, TAG.OID).readOid())).toEqual(
      ['ES256', 'ES384'].map((name) => getAlgorithm(name as 'ES256').digestOid),
    )
    expect(parts.content === undefined ? DATA : parts.content).toEqual(DATA)
  })

  it('is of a Blob a Blob, and takes a stream for data', async () => {
    const one = await signCms(DATA, { signer: first })
    const type = 'application/pkcs7-signature'
    const data = new Blob([DATA]).stream()
    const two = await addSignature(new Blob([one], { type }), { signer: third, data })
    expect(two.type).toBe(type)
    expect(signerInfosOf(new Uint8Array(await two.arrayBuffer()))).toHaveLength(2)
  })

  it('brings all to its level', async () => {
    const one = await signCms(DATA, { signer: first })
    const two = await addSignature(one, { signer: second, data: DATA, level: 'B-T', timestamp })
    for (const { unsignedAttributes } of read(two).signerInfos) {
      expect(findValue(parseAttributes(unsignedAttributes), idAaTimeStampToken)).toBeDefined()
    }
    const gone: TimestampSource = () => Promise.reject(new TypeError('Failed to fetch'))
    const failed = addSignature(one, { signer: second, data: DATA, level: 'B-T', timestamp: gone })
    const error = (await failed.catch((reason: unknown) => reason)) as { signed: Bytes }
    expect(signerInfosOf(error.signed)).toHaveLength(2)
  })

  it('gives no time to who signed too long ago, who keeps no other from one', async () => {
    const notAfter = new Date('2020-01-01')
    const ended = softwareSigner(await makeCertificate('ES256', { serial: 4, notAfter }))
    const old = await signCms(DATA, { signer: ended })
    const { signerInfos } = read(
      await addSignature(old, { signer: second, data: DATA, level: 'B-T', timestamp }),
    )
    const stamped = signerInfos.filter(({ unsignedAttributes }) =>
      findValue(parseAttributes(unsignedAttributes), idAaTimeStampToken),
    )
    expect(stamped).toHaveLength(1)
    const all = signerInfos.map(({ signerInfo }) => signerInfo.bytes)
    expect(all).toContainEqual(signerInfosOf(old)[0])
    await expect(upgrade(old, { to: 'B-T', timestamp })).rejects.toMatchObject({
      code: 'TRUST_TIMESTAMP',
      details: { reason: 'expired' },
    })
  })

  it('refuses data that somebody else did not sign, by whichever hash', async () => {
    const one = await signCms(DATA, { signer: first })
    for (const signer of [second, third]) {
      const other = addSignature(one, { signer, data: encodeUtf8('khác') })
      await expect(other).rejects.toMatchObject({ code: 'FORMAT_CHANGED' })
    }
  })

  it('wants the data of a detached one, and none of another', async () => {
    const [detached, attached] = await Promise.all(
      [true, false].map((is) => signCms(DATA, { signer: first, detached: is })),
    )
    const argument = { code: 'USAGE_ARGUMENT', details: { argument: 'data' } }
    await expect(addSignature(detached!, { signer: second })).rejects.toMatchObject(argument)
    const both = addSignature(attached!, { signer: second, data: DATA })
    await expect(both).rejects.toMatchObject(argument)
  })

  it('takes BER for the DER of the same', async () => {
    const one = await signCms(DATA, { signer: first, detached: false })
    const ber = new Uint8Array([0x30, 0x80, ...one.subarray(one[1]! - 0x80 + 2), 0, 0])
    // Of PKCS#1 v1.5, by which what is signed twice is the same.
    const options = { signer: first, signingTime: new Date('2026-11-22T01:02:04Z') }
    const ofDer = await addSignature(one, options)
    expect(read(ofDer).signerInfos).toHaveLength(2)
    expect(equalBytes(await addSignature(ber, options), ofDer)).toBe(true)
    const ofBlob = await addSignature(new Blob([ber]), options)
    expect(equalBytes(new Uint8Array(await ofBlob.arrayBuffer()), ofDer)).toBe(true)
    await expect(
      addSignature(new Uint8Array([...ber, 0]), { signer: second }),
    ).rejects.toMatchObject({ code: 'FORMAT_MALFORMED' })
  })

  it('refuses another kind of content, and what an old archive stamp closed', async () => {
    const one = await signCms(DATA, { signer: first, detached: false })
    for (const oid of [idAaEtsArchiveTimestampV2, idAaErInternal]) {
      const closed = addUnsignedAttribute(read(one), oid, new Map([[0, encodeSequence()]]))
      await expect(addSignature(closed, { signer: second })).rejects.toMatchObject({
        code: 'FORMAT_NOT_ALLOWED',
        details: { rule: 'archived' },
      })
    }
    const parts = read(one).signedData.children.map(({ bytes }) => bytes)
    parts[2] = encodeSequence(encodeOid('1.2.3'), encodeExplicit(0, encodeElement(0x04, DATA)))
    const other = encodeSequence(
      encodeOid(idSignedData),
      encodeExplicit(0, encodeSequence(...parts)),
    )
    await expect(addSignature(other, { signer: second })).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
  })

  it('puts in order what others left unsorted, and keeps each element', async () => {
    const two = await addSignature(await signCms(DATA, { signer: first }), {
      ...{ signer: second, data: DATA },
    })
    const parts = read(two).signedData.children.map(({ bytes }) => bytes)
    const reversed = parts.with(-1, encodeElement(TAG.SET, ...signerInfosOf(two).toReversed()))
    const unsorted = encodeSequence(
      encodeOid(idSignedData),
      encodeExplicit(0, encodeSequence(...reversed)),
    )
    expect(isSorted(signerInfosOf(unsorted))).toBe(false)
    const three = await addSignature(unsorted, { signer: third, data: DATA })
    expect(isSorted(signerInfosOf(three))).toBe(true)
    for (const info of signerInfosOf(two)) expect(holds(signerInfosOf(three), info)).toBe(true)
  })
})

describe('counterSign', () => {
  it.each(ALGORITHM_NAMES)('signs the value of a signature, by %s', async (name) => {
    const signer = softwareSigner(await makeCertificate(name))
    const one = await signCms(DATA, { signer: first })
    const signed = await counterSign(one, { signer })
    const [parent] = read(signed).signerInfos
    const [counter, ...more] = countersOf(signed)
    expect(more).toEqual([])
    const attributes = parseAttributes(counter!.children[3])
    expect(attributes.map(({ oid }) => oid)).not.toContain(idContentType)
    const { digest } = getAlgorithm(name)
    expect(findValue(attributes, idMessageDigest)?.contents).toEqual(
      await digestBytes(digest, parent!.signature),
    )
    expect(read(signed).certificates).toHaveLength(2)
    // The parent but for its unsigned attributes.
    const before = read(one).signerInfos[0]!.signerInfo.children
    const after = parent!.signerInfo.children.slice(0, -1)
    expect(after.map(({ bytes }) => bytes)).toEqual(before.map(({ bytes }) => bytes))
  })

  it('stands beside others on the same signature, stamped or not', async () => {
    const one = await signCms(DATA, { signer: first, level: 'B-T', timestamp })
    const two = await counterSign(one, { signer: second, level: 'B-T', timestamp })
    const three = await counterSign(two, { signer: third })
    const counters = countersOf(three)
    expect(counters).toHaveLength(2)
    expect(
      holds(
        counters.map(({ bytes }) => bytes),
        countersOf(two)[0]!.bytes,
      ),
    ).toBe(true)
    const stamped = counters.filter((counter) => counter.children.at(-1)?.tag === 0xa1)
    expect(stamped).toHaveLength(1)
  })

  it('is kept where nobody stamps it', async () => {
    const gone: TimestampSource = () => Promise.reject(new TypeError('Failed to fetch'))
    const one = await signCms(DATA, { signer: first })
    const failed = counterSign(one, { signer: second, level: 'B-T', timestamp: gone })
    const error = (await failed.catch((reason: unknown) => reason)) as {
      code: string
      signed: Bytes
    }
    expect(error.code).toBe('TRUST_TIMESTAMP')
    expect(countersOf(error.signed)).toHaveLength(1)
    expect(read(error.signed).content).toBeUndefined()
  })

  it('is put on the one that is meant', async () => {
    const two = await addSignature(await signCms(DATA, { signer: first }), {
      ...{ signer: second, data: DATA },
    })
    await expect(counterSign(two, { signer: third })).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument: 'which' },
    })
    for (const which of [5, -1, third.certificate, 'Một']) {
      const wrong = counterSign(two, { signer: third, which: which as number })
      await expect(wrong).rejects.toMatchObject({ details: { argument: 'which' } })
    }
    for (const [at, which] of [first.certificate, second.certificate].entries()) {
      const signed = await counterSign(two, { signer: third, which })
      const counts = [0, 1].map((index) => countersOf(signed, index).length)
      expect(counts.toSorted()).toEqual([0, 1])
      const place = counts.indexOf(1)
      const byPlace = await counterSign(two, {
        ...{ signer: third, which: at },
        signingTime: new Date('2026-11-22'),
      })
      expect(
        countersOf(
          byPlace,
          [0, 1].find((index) => countersOf(byPlace, index).length)!,
        ),
      ).toHaveLength(1)
      const { sid } = read(signed).signerInfos[place]!
      const serial = sid.children[1]!.contents
      expect([...serial]).toEqual([which === first.certificate ? 1 : 2])
    }
  })

  it('refuses a signature that is not its certificate’s, and levels that cannot be', async () => {
    const one = await signCms(DATA, { signer: first })
    const { signature } = read(one).signerInfos[0]!
    const broken = new Uint8Array(one)
    broken[Buffer.from(one).indexOf(signature) + 9]! ^= 1
    await expect(counterSign(broken, { signer: second })).rejects.toMatchObject({
      code: 'FORMAT_CHANGED',
    })
    for (const level of ['B-LT', 'B-X' as 'B-T'] as const) {
      // Above B-T somebody must be there who answers for certificates.
      await expect(counterSign(one, { signer: second, level, timestamp })).rejects.toMatchObject({
        code: 'USAGE_ARGUMENT',
      })
    }
  })
})
