/** The appearance of a signature as the content of its page, for engines that give the text of nothing else. */
import { type Bytes, concatBytes, encodeUtf8 } from '@trien/sdk/bytes'
import { asKind, dict, withEntries } from '../../packages/sdk/src/pdf/objects.ts'
import { Revision } from '../../packages/sdk/src/pdf/revision.ts'
import { readSigned } from './read-signed-pdf.ts'

/** Appends a revision whose first page shows the form of the last signature, and nothing else. */
export async function showAppearance(signed: Bytes): Promise<Bytes> {
  const { document, page, fields } = await readSigned(signed)
  const looks = asKind(await document.resolve(fields.at(-1)!.dict.entries.get('AP')), 'dict')
  const form = asKind(looks?.entries.get('N'), 'ref')!
  const revision = new Revision(document)
  const content = revision.allocate()
  revision.set(content, { kind: 'new-stream', dict: dict({}), data: encodeUtf8('/Looks Do') })
  const Resources = dict({ XObject: dict({ Looks: form }) })
  revision.set(page.ref, withEntries(page.dict, { Contents: content, Resources }))
  return concatBytes(signed, (await revision.encode()).bytes)
}
