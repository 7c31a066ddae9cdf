import { describe, expect, it } from 'vitest'
import { isStamped } from '../../../../../test/helpers/asic-stamp.ts'
import { makeCertificate } from '../../../../../test/helpers/certificate.ts'
import { bytesOf, namesOf, readText } from '../../../../../test/helpers/read-zip.ts'
import { createTimestampAuthority } from '../../../../../test/helpers/timestamp-authority.ts'
import { encodeUtf8 } from '../../bytes.ts'
import { softwareSigner } from '../../provider/webcrypto.ts'
import { type RequestToken, requestTimestamp } from '../../trust/request-timestamp.ts'
import { digestEntry, findEntry, openZip } from '../../zip/archive.ts'
import { addAsicSignature, signAsic } from '../asic.ts'
import { createRungs } from '../upgrade-asic.ts'

const signer = softwareSigner(await makeCertificate('ES256'))
const timestamp = await createTimestampAuthority()
const signatures = 'CAdES'
const files = [
  { name: 'Đơn/tờ 1.txt', data: encodeUtf8('một'), mediaType: 'text/plain' },
  { name: 'a&b.bin', data: Uint8Array.of(1, 2) },
]

describe('an archive manifest', () => {
  const ask: RequestToken = (imprint) => requestTimestamp(imprint, { sources: [timestamp] })
  const referencesOf = (manifest: string) =>
    [...manifest.matchAll(/<asic:DataObjectReference([^>]*)>.*?<ds:DigestValue>([^<]*)</g)].map(
      ([, attributes = '', digest = '']) => ({
        uri: decodeURIComponent(/ URI="([^"]*)"/.exec(attributes)![1]!),
        isRoot: attributes.includes(' Rootfile="true"'),
        digest,
      }),
    )

  it('is over everything, and the next one over it', async () => {
    const { archive, embed } = createRungs()
    const once = await archive(await bytesOf(await signAsic(files, { signer, signatures })), ask)
    const proved = await embed(once, { certificates: [], ocspResponses: [], crls: [] })
    const twice = await archive(proved, ask)
    expect((await namesOf(twice)).slice(-4)).toEqual([
      ...['META-INF/ASiCArchiveManifest.xml', 'META-INF/timestamp001.tst'],
      ...['META-INF/ASiCArchiveManifest001.xml', 'META-INF/timestamp002.tst'],
    ])
    const last = referencesOf(await readText(twice, 'META-INF/ASiCArchiveManifest.xml'))
    const own = ['mimetype', 'META-INF/ASiCArchiveManifest.xml', 'META-INF/timestamp002.tst']
    const expected = (await namesOf(twice)).filter((name) => !own.includes(name))
    expect(last.map(({ uri }) => uri).toSorted()).toEqual(expected.toSorted())
    expect(last.filter(({ isRoot }) => isRoot).map(({ uri }) => uri)).toEqual([
      'META-INF/ASiCArchiveManifest001.xml',
    ])
    const opened = await openZip(twice)
    for (const { uri, digest } of last) {
      const value = await digestEntry(opened, findEntry(opened, uri)!, 'SHA-256')
      expect(Buffer.from(value).toString('base64')).toBe(digest)
    }
  })

  it('leaves what it is over as it is: only who signed later gets a stamp', async () => {
    const { archive, stamp } = createRungs()
    const once = await archive(await bytesOf(await signAsic(files, { signer, signatures })), ask)
    const both = await bytesOf(await addAsicSignature(await bytesOf(once), { signer }))
    const stamped = await stamp(both, ask)
    expect(await isStamped(stamped, 'META-INF/signature001.p7s')).toBe(false)
    expect(await isStamped(stamped, 'META-INF/signature002.p7s')).toBe(true)
  })
})
