import { openAsBlob } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { hybridFile, streamFile, tableFile } from '../../../../test/helpers/pdf-file.ts'
import { covered, readSigned, textIn } from '../../../../test/helpers/read-signed-pdf.ts'
import { concatBytes, encodeHex, equalBytes, type Bytes } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { asKind, integerOf, nameOf } from '../pdf/objects.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import type { Signer, SigningRequest } from '../types.ts'
import { completePdf, preparePdf, signPdf } from './pdf.ts'

let signer: Signer
beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('ES256'))
})

describe('signPdf', () => {
  it.each<[string, () => Bytes]>([
    ['table', tableFile],
    ['stream', streamFile],
    ['hybrid', hybridFile],
  ])('signs a %s file so that all but the gap is covered', async (_, make) => {
    const input = make()
    const output = await signPdf(input, { signer })
    expect(equalBytes(output.subarray(0, input.length), input)).toBe(true)
    const { signatures, fields, page, form, document } = await readSigned(output)
    expect(fields.map(({ name, type }) => [name, type])).toEqual([['Signature1', 'Sig']])
    const { signed, contents } = covered(output, signatures[0]!)
    const digest = await digestBytes('SHA-256', signed)
    expect(encodeHex(contents)).toContain(encodeHex(digest))
    expect(nameOf(signatures[0]!.entries.get('SubFilter'))).toBe('ETSI.CAdES.detached')
    expect(integerOf(form?.dict.entries.get('SigFlags'))).toBe(3)
    const annotations = asKind(await document.resolve(page.dict.entries.get('Annots')), 'array')
    expect(annotations?.items).toEqual([fields[0]?.ref])
    expect(integerOf(fields[0]?.dict.entries.get('F'))).toBe(132)
  })

  it('writes what the person says in Vietnamese, and the time once, in /M', async () => {
    const options = { reason: 'Phê duyệt', location: 'Hà Nội', name: 'Nguyễn Thị Ánh' }
    const signingTime = new Date('2026-11-21T18:30:00Z')
    const output = await signPdf(tableFile(), { signer, signingTime, ...options })
    const [signature] = (await readSigned(output)).signatures
    expect(textIn(signature, 'Reason')).toBe('Phê duyệt')
    expect(textIn(signature, 'Location')).toBe('Hà Nội')
    expect(textIn(signature, 'Name')).toBe('Nguyễn Thị Ánh')
    expect(textIn(signature, 'M')).toBe("D:20261121183000+00'00'")
    // id-signingTime, 1.2.840.113549.1.9.5
    const { contents } = covered(output, signature!)
    expect(encodeHex(contents)).not.toContain('06092a864886f70d010905')
  })

  it('gives a Blob for a Blob, of the same bytes but for what differs by chance', async () => {
    const input = tableFile()
    const output = await signPdf(new Blob([input]), { signer })
    expect(output.type).toBe('application/pdf')
    const bytes = new Uint8Array(await output.arrayBuffer())
    expect(equalBytes(bytes.subarray(0, input.length), input)).toBe(true)
    const [signature] = (await readSigned(bytes)).signatures
    const { signed, contents } = covered(bytes, signature!)
    expect(encodeHex(contents)).toContain(encodeHex(await digestBytes('SHA-256', signed)))
  })

  it('signs again and again, and leaves each earlier byte range whole', async () => {
    let file = streamFile()
    const seen: Bytes[] = [file]
    for (let round = 0; round < 3; round++) seen.push((file = await signPdf(file, { signer })))
    const { fields } = await readSigned(file)
    expect(fields.map(({ name }) => name)).toEqual(['Signature1', 'Signature2', 'Signature3'])
    for (const [index, earlier] of seen.entries()) {
      expect(equalBytes(file.subarray(0, earlier.length), earlier)).toBe(true)
      if (index > 0) {
        const signature = asKind(fields[index - 1]!.value, 'dict')!
        covered(file.slice(0, earlier.length), signature)
      }
    }
  })

  it('tells the signer of the document, and hands over signed attributes alone', async () => {
    const asked: SigningRequest[] = []
    const keeper: Signer = {
      ...signer,
      sign: (requests, options) => {
        asked.push(...requests)
        return signer.sign(requests, options)
      },
    }
    const input = tableFile()
    await signPdf(new File([input], 'đơn.pdf'), { signer: keeper })
    expect(asked[0]?.document).toEqual({
      name: 'đơn.pdf',
      mediaType: 'application/pdf',
      size: input.length,
    })
    expect(asked[0]?.toBeSigned[0]).toBe(0x31)
  })

  it('notices a document that is written to while the person enters the PIN', async () => {
    const input = tableFile()
    const slow: Signer = {
      ...signer,
      sign: async (requests) => {
        const values = await signer.sign(requests)
        input[20]! ^= 1
        return values
      },
    }
    await expect(signPdf(input, { signer: slow })).rejects.toMatchObject({ code: 'FORMAT_CHANGED' })
  })

  it('notices a file that is written to on disk after it was chosen', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'trien-changed-'))
    const file = path.join(folder, 'a.pdf')
    await writeFile(file, tableFile())
    const blob = await openAsBlob(file)
    await writeFile(file, concatBytes(tableFile(), Uint8Array.of(0x0a)))
    await expect(signPdf(blob, { signer })).rejects.toMatchObject({ code: 'FORMAT_CHANGED' })
    await rm(folder, { recursive: true })
    await expect(signPdf(blob, { signer })).rejects.toMatchObject({ code: 'FORMAT_CHANGED' })
  })

  it('stops when the signal aborts', async () => {
    const signal = AbortSignal.abort()
    for (const input of [tableFile(), new Blob([tableFile()])]) {
      const signing = signPdf(input as Bytes, { signer, signal })
      await expect(signing).rejects.toMatchObject({ code: 'USER_CANCELLED' })
    }
  })

  it('asks nobody for a PIN where the room would be too small', async () => {
    const never: Signer = { ...signer, sign: () => Promise.reject(new Error('asked')) }
    await expect(signPdf(tableFile(), { signer: never, reserveBytes: 100 })).rejects.toMatchObject({
      code: 'FORMAT_PLACEHOLDER_TOO_SMALL',
      details: { reserved: 100, needed: expect.any(Number) },
    })
  })

  it('keeps exactly the room that was asked for', async () => {
    const output = await signPdf(tableFile(), { signer, reserveBytes: 3000 })
    const [signature] = (await readSigned(output)).signatures
    expect(covered(output, signature!).contents).toHaveLength(3000)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['signer', () => (signPdf as (pdf: unknown) => Promise<unknown>)(tableFile())],
    ['certificate', () => (preparePdf as (pdf: unknown) => Promise<unknown>)(tableFile())],
    [
      'chain',
      () => preparePdf(tableFile(), { ...signer, algorithm: 'ES256', chain: 'x' as never }),
    ],
  ])('names the %s that is missing or wrong', async (argument, call) => {
    const wrong = {
      code: 'USAGE_ARGUMENT',
      details: expect.objectContaining({ argument }) as unknown,
    }
    await expect(call()).rejects.toMatchObject(wrong)
  })

  it.each<[string, object]>([
    ['reason', { reason: 5 }],
    ['reserveBytes', { reserveBytes: 1.5 }],
    ['signingTime', { signingTime: 'now' }],
    ['fieldName', { fieldName: 'a.b' }],
    ['fieldName', { fieldName: '' }],
  ])('refuses a wrong %s', async (argument, wrong) => {
    const options = { signer, ...wrong } as Parameters<typeof signPdf>[1]
    await expect(signPdf(tableFile(), options)).rejects.toMatchObject({
      code: 'USAGE_ARGUMENT',
      details: { argument },
    })
  })
})

describe('preparePdf and completePdf', () => {
  it('make a signed file across a structured clone, from bytes or Blob', async () => {
    const input = tableFile()
    const { certificate } = signer
    const prepared = await preparePdf(input, { certificate, algorithm: 'ES256' })
    expect(Object.isFrozen(prepared) && Object.isFrozen(prepared.state)).toBe(true)
    expect(prepared.state.revision.length).toBeLessThan(30_000)
    const [value] = await signer.sign([structuredClone(prepared)])
    const output = await completePdf(input, structuredClone(prepared), value!)
    const [signature] = (await readSigned(output)).signatures
    covered(output, signature!)
    const blob = await completePdf(new Blob([input]), prepared, value!)
    expect(equalBytes(new Uint8Array(await blob.arrayBuffer()), output)).toBe(true)
  })

  it('refuse another document, another revision, another signature', async () => {
    const input = tableFile()
    const prepared = await preparePdf(input, {
      certificate: signer.certificate,
      algorithm: 'ES256',
    })
    const [value] = await signer.sign([prepared])
    const changed = { code: 'FORMAT_CHANGED' }
    const other = new Uint8Array(input)
    other[20]! ^= 1
    await expect(completePdf(other, prepared, value!)).rejects.toMatchObject(changed)
    await expect(completePdf(input.slice(1), prepared, value!)).rejects.toMatchObject(changed)
    const clone = structuredClone(prepared)
    clone.state.revision[5]! ^= 1
    await expect(completePdf(input, clone, value!)).rejects.toMatchObject(changed)
    const moved = { ...prepared.state, gap: { start: 5, end: 99_999_999 } }
    const misplaced = completePdf(input, { ...prepared, state: moved }, value!)
    await expect(misplaced).rejects.toMatchObject(changed)
    await expect(
      completePdf(
        input,
        prepared,
        value!.map((byte) => byte ^ 1),
      ),
    ).rejects.toMatchObject({ code: 'TOKEN_SIGNATURE_INVALID' })
  })
})
