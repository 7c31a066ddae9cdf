import { expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { encodeUtf8 } from '../bytes.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { signXml } from '../sign/xml.ts'
import { C14N_URIS } from '../xml/c14n-methods.ts'
import { canonicalize } from '../xml/canonicalize.ts'
import { parseXml } from '../xml/parse.ts'
import { collectArchived } from './archive-imprint.ts'
import { listChildren } from './children.ts'
import { DSIG } from './uris.ts'

// EN 319 132-1 §5.5.2.2: all Objects but the one with the properties, whether a Reference leads to them or not.
it('is over an Object that is signed by its Id once more', async () => {
  const signer = softwareSigner(await makeCertificate('ES256'))
  const signed = await signXml(encodeUtf8('<a/>'), { signer, packaging: 'enveloping' })
  const xml = await parseXml(signed)
  const [signature] = xml.dom.getElementsByTagNameNS(DSIG, 'Signature')
  const objects = listChildren(signature!, DSIG, 'Object')
  const [content] = objects.filter(({ textContent }) => textContent === btoa('<a/>'))
  expect(objects).toHaveLength(2)
  const parts = collectArchived(xml, signature!, () => expect.unreachable())
  expect(parts.at(-1)).toEqual(canonicalize(content!, C14N_URIS.exclusive))
})
