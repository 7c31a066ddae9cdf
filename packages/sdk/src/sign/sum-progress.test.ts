import { expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { signJson } from './json.ts'
import { signXml } from './xml.ts'

const signer = softwareSigner(await makeCertificate('ES256'))

it.each<
  [
    string,
    (
      documents: readonly { name: string; data: Uint8Array; mediaType: string }[],
      onProgress: (done: number, total: number) => void,
    ) => Promise<unknown>,
  ]
>([
  [
    'signXml',
    (documents, onProgress) => signXml(documents, { signer, packaging: 'detached', onProgress }),
  ],
  [
    'signJson',
    (documents, onProgress) => signJson(documents, { signer, detached: true, onProgress }),
  ],
])('%s counts the documents of a list as one', async (_, sign) => {
  const told: [number, number][] = []
  const documents = ['a', 'b', 'c'].map((name, index) => ({
    ...{ name, mediaType: 'text/plain' },
    data: new Uint8Array(1000 * (index + 1)),
  }))
  await sign(documents, (done, total) => void told.push([done, total]))
  expect(told).toEqual([1000, 3000, 6000].map((done) => [done, 6000]))
})
