import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bytes, equalBytes } from '@trien/sdk/bytes'
import { signPdf } from '@trien/sdk/pades'
import { repairPdf } from '@trien/sdk/repair'
import type { Signer } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import { softwareSigner } from '@trien/sdk/webcrypto'
import { makeCertificate } from '../helpers/certificate.ts'
import { ONE_PAGE, tableFile } from '../helpers/pdf-file.ts'
import { readSigned, textIn } from '../helpers/read-signed-pdf.ts'
import { runTool } from '../helpers/referees/tool.ts'
import { createTimestampAuthority } from '../helpers/timestamp-authority.ts'
import { hasTools } from '../helpers/tools.ts'

/** A page and a form that hold strings which signing writes again, and an empty signature field. */
const PLAIN = tableFile(
  {
    1: '<< /Type /Catalog /Pages 2 0 R /Lang (vi-VN) /AcroForm << /DA (/F 0 Tf) /Fields [4 0 R 5 0 R] >> >>',
    2: ONE_PAGE[2]!,
    3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /LastModified (D:2026) /Annots [4 0 R 5 0 R] >>',
    4: '<< /FT /Sig /T (Trong) /Subtype /Widget /Rect [0 0 90 30] /P 3 0 R >>',
    5: '<< /FT /Tx /T (Ten) /V (An) /Subtype /Widget /Rect [0 40 90 70] /P 3 0 R /AP << /N 6 0 R >> >>',
    6: '<< /Type /XObject /Subtype /Form /BBox [0 0 90 30] /Length 1 >>\nstream\nn\nendstream',
    7: '<< /Title (Nhap) >>',
  },
  '/Info 7 0 R /ID [<00112233> <00112233>]',
)

/** qpdf's own words for each way of encrypting. */
const SCHEMES: readonly [string, readonly string[]][] = [
  ['R2, RC4-40', ['40']],
  ['R3, RC4-128', ['128', '--use-aes=n']],
  ['R4, RC4 by a crypt filter', ['128', '--use-aes=n', '--force-V4']],
  ['R4, AES-128', ['128', '--use-aes=y']],
  ['R4, AES-128, metadata in the clear', ['128', '--use-aes=y', '--cleartext-metadata']],
  ['R5, AES-256', ['256', '--force-R5']],
  ['R6, AES-256', ['256']],
  ['R6, AES-256, metadata in the clear', ['256', '--cleartext-metadata']],
]

const isReady = hasTools('qpdf', 'pdfsig', 'mutool')
const folder = mkdtempSync(path.join(tmpdir(), 'trien-encrypted-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let signer: Signer
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('RS256'))
})

let count = 0
function write(bytes: Uint8Array): string {
  const file = path.join(folder, `${count++}.pdf`)
  writeFileSync(file, bytes)
  return file
}

interface Passwords {
  readonly user: string
  readonly owner: string
}

async function encrypt(
  scheme: readonly string[],
  { user, owner }: Passwords,
  layout: 'disable' | 'generate' = 'disable',
): Promise<Bytes> {
  const output = path.join(folder, `${count++}.pdf`)
  const how = ['--allow-weak-crypto', `--object-streams=${layout}`]
  const [bits = '', ...options] = scheme
  const { status, stderr } = await runTool('qpdf', [
    ...[...how, '--encrypt', user, owner, bits, ...options, '--', write(PLAIN), output],
  ])
  if (status !== 0) throw new Error(stderr)
  return new Uint8Array(readFileSync(output))
}

/** What three readers that are not ours say of a file. */
async function judge(file: string, password: string, signatures: number): Promise<void> {
  const check = await runTool('qpdf', ['--check', `--password=${password}`, file])
  expect([check.status, check.stdout + check.stderr]).toEqual([0, expect.any(String)])
  const { stdout } = await runTool('pdfsig', ['-nocert', '-upw', password, '-opw', password, file])
  expect(stdout.match(/Signature Validation: Signature is Valid\./g)).toHaveLength(signatures)
  expect(stdout.match(/ - Total document signed/g)).toHaveLength(1)
  const seen = await runTool('mutool', ['sign', '-v', '-p', password, file])
  const said = seen.stdout + seen.stderr
  expect(said.match(/The document is unchanged since signing\./g)?.length, said).toBe(1)
}

/** What qpdf's decryption leaves for a reader that knows no encryption. */
async function decrypted(file: string, password: string) {
  const output = path.join(folder, `${count++}.pdf`)
  const { status } = await runTool('qpdf', ['--decrypt', `--password=${password}`, file, output])
  expect(status).toBe(0)
  return readSigned(new Uint8Array(readFileSync(output)))
}

describe.runIf(isReady).each(SCHEMES)('a document encrypted by %s', (_, scheme) => {
  const passwords = { user: 'xem', owner: 'chủ' }
  const latin = { user: 'xem', owner: 'chu' }

  it.each<['disable' | 'generate']>([['disable'], ['generate']])(
    'is signed twice in place, object streams: %s',
    async (layout) => {
      const input = await encrypt(scheme, { user: '', owner: 'chu' }, layout)
      const once = await signPdf(input, { signer, reason: 'Phê duyệt (1)', fieldName: 'Trong' })
      expect(equalBytes(once.subarray(0, input.length), input)).toBe(true)
      const twice = await signPdf(new Blob([once]), { signer, reason: 'Second' })
      const file = write(new Uint8Array(await twice.arrayBuffer()))
      await judge(file, '', 2)
      const { signatures, catalog, page, fields } = await decrypted(file, '')
      const reasons = signatures.map((signature) => textIn(signature, 'Reason'))
      expect(reasons).toEqual(['Phê duyệt (1)', undefined, 'Second'])
      expect(textIn(catalog.dict, 'Lang')).toBe('vi-VN')
      expect(textIn(page.dict, 'LastModified')).toBe('D:2026')
      expect(fields.map(({ name }) => name)).toEqual(['Trong', 'Ten', 'Signature1'])
      expect(Buffer.from(twice.size > 0 ? once : input).includes('Second')).toBe(false)
    },
  )

  it('opens by the password of the user or the owner, and by no other', async () => {
    const input = await encrypt(scheme, scheme[0] === '256' ? passwords : latin)
    const owner = scheme[0] === '256' ? passwords.owner : latin.owner
    await expect(signPdf(input, { signer })).rejects.toMatchObject({
      code: 'FORMAT_PASSWORD',
      details: { reason: 'missing' },
    })
    const wrong = await signPdf(input, { signer, password: 'Xem-2026' }).catch((error) => error)
    expect(wrong).toMatchObject({ code: 'FORMAT_PASSWORD', details: { reason: 'wrong' } })
    expect(JSON.stringify(wrong) + String(wrong.stack)).not.toContain('Xem-2026')
    for (const password of ['xem', owner]) {
      await judge(write(await signPdf(input, { signer, password })), password, 1)
    }
  })
})

describe.runIf(isReady)('an encrypted document', () => {
  it('is stamped later in the room that was kept', async () => {
    const timestamp = await createTimestampAuthority()
    const input = await encrypt(['256'], { user: 'xem', owner: 'chu' })
    const signed = await signPdf(input, { signer, password: 'xem' })
    await expect(upgrade(signed, { to: 'B-T', timestamp })).rejects.toMatchObject({
      code: 'FORMAT_PASSWORD',
    })
    await judge(write(await upgrade(signed, { to: 'B-T', timestamp, password: 'xem' })), 'xem', 1)
  })

  it.each<['disable' | 'generate']>([['disable'], ['generate']])(
    'that is damaged is repaired by its password, object streams: %s',
    async (layout) => {
      const input = await encrypt(['256'], { user: 'xem', owner: 'chu' }, layout)
      const damaged = new Uint8Array(
        Buffer.from(
          Buffer.from(input)
            .toString('latin1')
            .replace(/startxref\s+/, '$&9'),
          'latin1',
        ),
      )
      await expect(repairPdf(damaged)).rejects.toMatchObject({ code: 'FORMAT_PASSWORD' })
      const { pdf } = await repairPdf(damaged, { password: 'xem' })
      const file = write(await signPdf(pdf, { signer, password: 'xem' }))
      await judge(file, 'xem', 1)
      const { catalog } = await decrypted(file, 'xem')
      expect(textIn(catalog.dict, 'Lang')).toBe('vi-VN')
    },
  )

  it.each<[string, readonly string[], string | undefined, boolean]>([
    ['nothing', ['--modify=none'], undefined, false],
    ['nothing', ['--modify=none'], 'Trong', false],
    ['filling in', ['--modify=form'], 'Trong', true],
    ['filling in', ['--modify=form'], undefined, false],
    ['annotating', ['--modify=annotate'], 'Trong', true],
    ['all', ['--modify=all'], undefined, true],
  ])('that allows %s (%j): the user, into %s: %s', async (_, options, fieldName, isAllowed) => {
    const input = await encrypt(['256', ...options], { user: '', owner: 'chu' })
    const refused = { code: 'FORMAT_NOT_ALLOWED', details: { rule: 'P' } }
    if (isAllowed) await judge(write(await signPdf(input, { signer, fieldName })), '', 1)
    else await expect(signPdf(input, { signer, fieldName })).rejects.toMatchObject(refused)
    const byOwner = await signPdf(input, { signer, fieldName, password: 'chu' })
    await judge(write(byOwner), 'chu', 1)
  })
})
