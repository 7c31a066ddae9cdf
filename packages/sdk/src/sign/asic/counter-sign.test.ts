import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../../test/helpers/certificate.ts'
import { createTimestampAuthority } from '../../../../../test/helpers/timestamp-authority.ts'
import { watched } from '../../../../../test/helpers/watched-signer.ts'
import { requestTimestamp } from '../../trust/request-timestamp.ts'
import { encodeUtf8, equalBytes } from '../../bytes.ts'
import { idAaTimeStampToken } from '../../asn1/authority-oid.ts'
import { withCounterSigners } from '../../cms/counter-signers.ts'
import { parseAttributes, parseSignedData } from '../../cms/parse.ts'
import { digestBytes } from '../../digest.ts'
import { softwareSigner } from '../../provider/webcrypto.ts'
import { openZip, readEntry } from '../../zip/archive.ts'
import { addAsicSignature, counterSignAsic, packAsic, signAsic } from '../asic.ts'
import { createRungs } from '../upgrade-asic.ts'

const signer = softwareSigner(await makeCertificate('ES256'))
const colleague = softwareSigner(await makeCertificate('RS256', { serial: 4661 }))
const timestamp = await createTimestampAuthority()
const files = [
  { name: 'Đơn.txt', data: encodeUtf8('một'), mediaType: 'text/plain' },
  { name: 'a.bin', data: Uint8Array.of(1, 2) },
]
const KINDS = ['CAdES', 'XAdES'] as const
type Zip = Uint8Array | Blob

/** All entries by name. */
async function readAll(zip: Zip): Promise<ReadonlyMap<string, Uint8Array>> {
  const archive = await openZip(zip)
  const read = archive.entries.map(async (entry) => {
    return [entry.name, await readEntry(archive, entry, 1e6)] as const
  })
  return new Map(await Promise.all(read))
}

/** Names of the entries that are others, or new. */
async function changedIn(before: Zip, after: Zip): Promise<readonly string[]> {
  const [old, all] = [await readAll(before), await readAll(after)]
  expect([...all.keys()]).toEqual([...old.keys()])
  return [...all.keys()].filter((name) => !equalBytes(all.get(name)!, old.get(name)!))
}

/** How many counter-signatures, and how many time stamps, a file of signatures has. */
function countIn(file: Uint8Array): readonly [counters: number, stamps: number] {
  const text = Buffer.from(file).toString('latin1')
  if (text.startsWith('<')) {
    const count = (name: string) => text.split(`<xades:${name}`).length - 1
    return [count('CounterSignature'), count('SignatureTimeStamp')]
  }
  const { signerInfos } = parseSignedData(file, 'signature')
  const all = withCounterSigners(signerInfos)
  const stamped = all.filter(({ unsignedAttributes }) =>
    parseAttributes(unsignedAttributes).some(({ oid }) => oid === idAaTimeStampToken),
  )
  return [all.length - signerInfos.length, stamped.length]
}

const countAfter = async (zip: Zip, name: string) => countIn((await readAll(zip)).get(name)!)

describe.each(KINDS)('counterSignAsic on %s', (signatures) => {
  const [one, two] =
    signatures === 'CAdES'
      ? ['META-INF/signature001.p7s', 'META-INF/signature002.p7s']
      : ['META-INF/signatures001.xml', 'META-INF/signatures002.xml']
  const alone = signatures === 'CAdES' ? 'META-INF/signature.p7s' : 'META-INF/signatures.xml'

  it('changes nothing but the file that has the signature', async () => {
    const once = await signAsic(files, { signer, signatures })
    const both = await counterSignAsic(once, { signer: colleague })
    expect(await changedIn(once, both)).toEqual([one])
    expect(await countAfter(both, one)).toEqual([1, 0])
    const again = await counterSignAsic(both, { signer })
    expect(await countAfter(again, one)).toEqual([2, 0])
  })

  it('in ASiC-S signs the one that is chosen of those in one file', async () => {
    const options = { signatures, container: 'ASiC-S' } as const
    const once = await signAsic(files.slice(0, 1), { ...options, signer })
    const twice = await addAsicSignature(once, { signer: colleague })
    const makings = [{ which: 2 }, { which: -1 }, { which: Uint8Array.of(1) }, { which: 'a' }, {}]
    for (const choice of makings) {
      const wrong = { signer, ...choice } as Parameters<typeof counterSignAsic>[1]
      await expect(counterSignAsic(twice, wrong)).rejects.toMatchObject({
        code: 'USAGE_ARGUMENT',
        details: { argument: 'which' },
      })
    }
    const both = await counterSignAsic(twice, { signer, which: colleague.certificate })
    expect(await changedIn(twice, both)).toEqual([alone])
    expect(await countAfter(both, alone)).toEqual([1, 0])
  })

  it('signs the one of a place or a certificate', async () => {
    const once = await signAsic(files, { signer, signatures })
    const twice = await addAsicSignature(once, { signer: colleague })
    const byPlace = await counterSignAsic(twice, { signer, which: 1 })
    expect(await changedIn(twice, byPlace)).toEqual([two])
    const byName = await counterSignAsic(twice, { signer, which: signer.certificate })
    expect(await changedIn(twice, byName)).toEqual([one])
  })

  it('tells the person of the container, and asks for the signature value', async () => {
    const keeper = watched(colleague)
    const once = await signAsic(files, { signer, signatures })
    const file = new File([once as Uint8Array<ArrayBuffer>], 'hồ sơ.asice', { type: 'x/y' })
    const signingTime = new Date('2026-11-22T01:02:04Z')
    const both = await counterSignAsic(file, { signer: keeper, signingTime })
    expect(both).toMatchObject({ type: 'x/y' })
    const mediaType = 'application/vnd.etsi.asic-e+zip'
    expect(keeper.asked[0]!.document).toMatchObject({ name: 'hồ sơ.asice', mediaType })
    await counterSignAsic(once, { signer: keeper, document: { name: 'hai' } })
    expect(keeper.asked[1]!.document).toMatchObject({ name: 'hai', mediaType })
    if (signatures === 'XAdES') return
    const { signature } = parseSignedData((await readAll(once)).get(one)!, 's').signerInfos[0]!
    expect(keeper.asked[0]!.kind).toBe('cms-countersignature')
    expect(keeper.asked[0]!.documentDigest).toEqual(await digestBytes('SHA-256', signature))
  })

  it('builds on the signatures of its file, and on no others', async () => {
    const once = await signAsic(files, { signer, signatures })
    const twice = await addAsicSignature(once, { signer: colleague })
    const level = { level: 'B-T', timestamp, which: 1 } as const
    const both = await counterSignAsic(twice, { signer, ...level })
    expect(await changedIn(twice, both)).toEqual([two])
    expect(await countAfter(both, two)).toEqual([1, 2])
    const silent = () => Promise.reject(new TypeError('Failed to fetch'))
    const failing = { signer, ...level, timestamp: silent }
    const error = (await counterSignAsic(twice, failing).catch((reason: unknown) => reason)) as {
      readonly code: string
      readonly signed: Uint8Array
    }
    expect(error.code).toBe('TRUST_TIMESTAMP')
    expect(await countAfter(error.signed, two)).toEqual([1, 0])
  })

  it('refuses a container that nobody has signed', async () => {
    const packed = await packAsic(files)
    await expect(counterSignAsic(packed, { signer })).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    })
    const none = undefined as unknown as Parameters<typeof counterSignAsic>[1]
    await expect(counterSignAsic(packed, none)).rejects.toMatchObject({ code: 'USAGE_ARGUMENT' })
  })

  it('leaves alone what an archive manifest is over', async () => {
    const once = await signAsic(files, { signer, signatures, level: 'B-T', timestamp })
    const archived = await createRungs().archive(once as Uint8Array<ArrayBuffer>, (imprint) =>
      requestTimestamp(imprint, { sources: [timestamp] }),
    )
    const signing = counterSignAsic(archived, { signer: colleague })
    if (signatures === 'CAdES') {
      await expect(signing).rejects.toMatchObject({
        code: 'FORMAT_NOT_ALLOWED',
        details: { rule: 'archived' },
      })
    } else {
      expect(await countAfter(await signing, one)).toEqual([1, 1])
    }
  })
})
