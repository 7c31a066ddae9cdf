/**
 * What pyHanko and pdfsig make of what a signature permits: certifications, locks, and what is done after them.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bytes, concatBytes } from '@trien/sdk/bytes'
import { signPdf } from '@trien/sdk/pades'
import { addSignatureField } from '@trien/sdk/signature-field'
import type { Signer } from '@trien/sdk/types'
import { softwareSigner } from '@trien/sdk/webcrypto'
import { openPdf } from '../../packages/sdk/src/pdf/document.ts'
import { asKind, withEntries, type PdfRef } from '../../packages/sdk/src/pdf/objects.ts'
import { Revision } from '../../packages/sdk/src/pdf/revision.ts'
import { encodeTextString } from '../../packages/sdk/src/pdf/text-string.ts'
import { makeCertificate } from '../helpers/certificate.ts'
import { ONE_PAGE, tableFile } from '../helpers/pdf-file.ts'
import { presentReferees } from '../helpers/referees/index.ts'
import { describePdfs, pyhanko } from '../helpers/referees/pyhanko.ts'
import { runTool } from '../helpers/referees/tool.ts'

const TEXT_FIELD: PdfRef = { kind: 'ref', number: 4, generation: 0 }
/** The text field has no appearance: of a locked one that has, pyHanko takes every later revision for an update of it. */
const FORM = tableFile({
  1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R 6 0 R 7 0 R] >> >>',
  2: ONE_PAGE[2]!,
  3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [4 0 R 6 0 R 7 0 R] >>',
  4: '<< /FT /Tx /T (Ten) /V (An) /Subtype /Widget /Rect [0 40 90 70] /P 3 0 R >>',
  5: 'null',
  6: `<< /FT /Sig /T (Khoa) /Subtype /Widget /Rect [0 0 90 30] /P 3 0 R
      /Lock << /Type /SigFieldLock /Action /Include /Fields [(Ten)] >> >>`,
  7: `<< /FT /Sig /T (Mau) /Subtype /Widget /Rect [0 80 90 99] /P 3 0 R
      /SV << /Type /SV /Ff 202 /SubFilter [/ETSI.CAdES.detached] /Reasons [(x)] /DigestMethod [(SHA256)]
      /MDP << /P 2 >> /LockDocument /false >> >>`,
})

const isReady = presentReferees([pyhanko]).length > 0
let folder = ''
let signer: Signer
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'trien-changes-'))
  signer = softwareSigner(await makeCertificate('RS256'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What the two say of each signature, in the order of the fields. */
async function judge(pdf: Bytes) {
  const file = path.join(folder, 'judged.pdf')
  await writeFile(file, pdf)
  const [facts] = await describePdfs([{ file }])
  if (facts === undefined || 'error' in facts) throw new Error(JSON.stringify(facts))
  const { stdout } = await runTool('pdfsig', ['-nocert', file])
  const valid = stdout.match(/Signature Validation: Signature is Valid\./g) ?? []
  expect(valid).toHaveLength(facts.signatures.length)
  return facts.signatures.map((each) =>
    'error' in each ? each.error : [each.field, each.intact, each.docmdpOk, each.modification],
  )
}

/** The same document with another text in its field. */
async function fillIn(pdf: Bytes): Promise<Bytes> {
  const document = await openPdf(pdf)
  const field = asKind(await document.get(TEXT_FIELD), 'dict')!
  const revision = new Revision(document)
  revision.set(TEXT_FIELD, withEntries(field, { V: encodeTextString('Binh') }))
  return concatBytes(pdf, (await revision.encode()).bytes)
}

test.runIf(isReady)('a certification lets others do what it says, and no more', async () => {
  const open = await signPdf(FORM, { signer, certify: 2, fieldName: 'A' })
  expect(await judge(open)).toEqual([['A', true, true, 'NONE']])
  expect(await judge(await signPdf(open, { signer, fieldName: 'B' }))).toEqual([
    ['A', true, true, 'FORM_FILLING'],
    ['B', true, true, 'NONE'],
  ])
  expect(await judge(await fillIn(open))).toEqual([['A', true, true, 'FORM_FILLING']])
  const closed = await signPdf(FORM, { signer, certify: 1, fieldName: 'A' })
  expect(await judge(closed)).toEqual([['A', true, true, 'NONE']])
  expect(await judge(await fillIn(closed))).toEqual([['A', true, false, 'FORM_FILLING']])
})

test.runIf(isReady)('a lock keeps its fields, the author’s and the signer’s own', async () => {
  const lock = { action: 'include', fields: ['Ten'] } as const
  const [own, theirs] = [
    await signPdf(FORM, { signer, fieldName: 'A', lock }),
    await signPdf(FORM, { signer, fieldName: 'Khoa' }),
  ]
  for (const [name, pdf] of [
    ['A', own],
    ['Khoa', theirs],
  ] as const) {
    expect(await judge(pdf)).toEqual([[name, true, true, 'NONE']])
    const signed = await judge(await signPdf(pdf, { signer, fieldName: 'B' }))
    expect(signed).toContainEqual([name, true, true, 'FORM_FILLING'])
    const [filled] = await judge(await fillIn(pdf))
    expect(filled).not.toEqual([name, true, true, 'FORM_FILLING'])
    expect(filled?.slice(0, 2)).toEqual([name, true])
  }
  const permissions = { ...lock, fields: ['Khac'], permissions: 1 } as const
  const closed = await signPdf(FORM, { signer, fieldName: 'A', lock: permissions })
  expect(await judge(closed)).toEqual([['A', true, true, 'NONE']])
  expect(await judge(await fillIn(closed))).toEqual([['A', true, false, 'FORM_FILLING']])
})

test.runIf(isReady)('a field may be added after a signature that is no last word', async () => {
  const at = { x: 20, y: 30, width: 60, height: 20 }
  const name = 'Moi'
  for (const [options, field] of [
    [{}, { name, at }],
    [{ certify: 2 }, { name }],
    [{ lock: { action: 'include', fields: ['Ten'] } }, { name }],
  ] as const) {
    const form = await addSignatureField(
      await signPdf(FORM, { signer, fieldName: 'A', ...options }),
      field,
    )
    const [added] = await judge(form)
    expect(added).toEqual(['A', true, true, expect.stringMatching(/^(LTA_UPDATES|FORM_FILLING)$/)])
    expect(await judge(await signPdf(form, { signer, fieldName: name }))).toEqual([
      ['A', true, true, 'FORM_FILLING'],
      [name, true, true, 'NONE'],
    ])
  }
})

test.runIf(isReady)('a seed value is met', async () => {
  const pdf = await signPdf(FORM, { signer, fieldName: 'Mau', reason: 'x' })
  expect(await judge(pdf)).toEqual([['Mau', true, true, 'NONE']])
  const file = path.join(folder, 'judged.pdf')
  const [facts] = await describePdfs([{ file }])
  expect(facts).toMatchObject({ signatures: [{ field: 'Mau', seedValueOk: true }] })
})
