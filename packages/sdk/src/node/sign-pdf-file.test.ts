import {
  appendFile,
  mkdtemp,
  open,
  readFile,
  readdir,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/helpers/certificate.ts'
import { tableFile } from '../../../../test/helpers/pdf-file.ts'
import { covered, readSigned } from '../../../../test/helpers/read-signed-pdf.ts'
import { writeSparsePdf } from '../../../../test/helpers/sparse-pdf.ts'
import { encodeHex } from '../bytes.ts'
import { digestBytes } from '../digest.ts'
import { softwareSigner } from '../provider/webcrypto.ts'
import { startsWith } from '../pades/starts-with.ts'
import type { SignPdfOptions } from '../sign/pdf.ts'
import type { Signer } from '../types.ts'
import { openCopiedFile } from './copied-file.ts'
import type { FileSystem } from './file-system.ts'
import { signPdfFile } from './sign-pdf-file.ts'

/** Several chunks, the last of them not full. */
const LARGE_BYTES = (9 << 20) + 321

/** A time that can be set again to the nanosecond. */
const WHOLE_SECOND = 1_790_000_000

let signer: Signer
let options: SignPdfOptions
let folder: string
let input: string
let output: string

beforeAll(async () => {
  signer = softwareSigner(await makeCertificate('RS256'))
  options = { signer, signingTime: new Date('2026-11-22T08:00:00Z') }
})
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'trien-files-'))
  input = path.join(folder, 'đơn.pdf')
  output = path.join(folder, 'đơn đã ký.pdf')
  await writeFile(input, tableFile())
})
afterEach(() => rm(folder, { recursive: true }))

/** What else is done while the person is asked. */
const meanwhile = (act: () => Promise<void>): SignPdfOptions => ({
  ...options,
  signer: {
    ...signer,
    async sign(requests, watch) {
      await act()
      return signer.sign(requests, watch)
    },
  },
})

/** Starts with the document, and the signature is over what stands there. */
async function expectSigned(file: string, document: Uint8Array): Promise<void> {
  const signed = new Uint8Array(await readFile(file))
  expect(startsWith(signed, document)).toBe(true)
  const [signature] = (await readSigned(signed)).signatures
  const { signed: hashed, contents } = covered(signed, signature!)
  const digest = await digestBytes('SHA-256', hashed)
  expect(encodeHex(contents)).toContain(encodeHex(digest))
  expect(hashed.length + contents.length * 2 + 2).toBe(signed.length)
}

describe('signPdfFile', () => {
  it.each([
    ['small', undefined],
    ['of several chunks', LARGE_BYTES],
  ])('writes a %s file, signed', async (_, streamBytes) => {
    if (streamBytes !== undefined) writeSparsePdf(input, streamBytes)
    await signPdfFile(input, output, options)
    await expectSigned(output, await readFile(input))
    expect(await readdir(folder)).toHaveLength(2)
  })

  it('replaces the file itself where it is told to', async () => {
    await signPdfFile(input, input, options)
    await expectSigned(input, tableFile())
    expect(await readdir(folder)).toHaveLength(1)
  })

  it('replaces another file at once', async () => {
    await writeFile(output, 'what was there')
    const other = meanwhile(async () => {
      expect(await readFile(output, 'utf8')).toBe('what was there')
    })
    await signPdfFile(input, output, other)
    await expectSigned(output, tableFile())
  })

  it.each<[string, () => Promise<void>, string]>([
    ['who signs says no', () => Promise.reject(new Error('no')), 'no'],
    ['the file has grown meanwhile', () => appendFile(input, ' '), 'FORMAT_CHANGED'],
    ['the file was written to meanwhile', () => writeFile(input, tableFile()), 'FORMAT_CHANGED'],
  ])('leaves everything as it was where %s', async (_, act, message) => {
    await writeFile(output, 'what was there')
    await expect(signPdfFile(input, output, meanwhile(act))).rejects.toThrow(message)
    expect(await readFile(output, 'utf8')).toBe('what was there')
    expect(await readdir(folder)).toHaveLength(2)
  })

  it('signs what it writes, though somebody changes the file and its time unseen', async () => {
    writeSparsePdf(input, LARGE_BYTES)
    await utimes(input, WHOLE_SECOND, WHOLE_SECOND)
    const expected = await readFile(input)
    const before = fs.statSync(input, { bigint: true })
    const sly = meanwhile(async () => {
      const file = await open(input, 'r+')
      await file.write('changed', LARGE_BYTES / 2)
      await file.close()
      await utimes(input, WHOLE_SECOND, WHOLE_SECOND)
      expect(fs.statSync(input, { bigint: true }).mtimeNs).toBe(before.mtimeNs)
    })
    await signPdfFile(input, output, sly)
    await expectSigned(output, expected)
  })

  it('keeps what was reached where a level is not', async () => {
    const failing = { ...options, level: 'B-T', timestamp: () => Promise.reject(new Error()) }
    const error: unknown = await signPdfFile(input, output, failing as SignPdfOptions).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'TRUST_TIMESTAMP' })
    const { signed } = error as { signed: Blob }
    const bytes = Buffer.from(await signed.arrayBuffer())
    expect(bytes.subarray(0, tableFile().length).equals(tableFile())).toBe(true)
    expect(bytes.length).toBeGreaterThan(tableFile().length)
    expect(await readdir(folder)).toHaveLength(1)
  })

  it.each<[string, unknown, unknown, string]>([
    ['no path', 17, 'a.pdf', 'USAGE_ARGUMENT (argument: input, '],
    ['an empty path', 'a.pdf', '', 'USAGE_ARGUMENT (argument: output, '],
    ['a path with a NUL', 'a\0.pdf', 'b.pdf', 'USAGE_ARGUMENT (argument: input, '],
    [
      'a folder',
      tmpdir(),
      path.join(tmpdir(), 'trien-none.pdf'),
      'USAGE_ARGUMENT (argument: input',
    ],
    ['a file that there is not', '/none/a.pdf', '/none/b.pdf', 'ENOENT'],
  ])('refuses %s', async (_, from, to, message) => {
    await expect(signPdfFile(from as string, to as string, options)).rejects.toThrow(message)
  })
})

describe('a copied file', () => {
  it('says why the copy could not be written', async () => {
    const from = await open(input, 'r')
    const to = await open(input, 'r')
    const type = 'application/pdf'
    const copied = await openCopiedFile(fs as unknown as FileSystem, input, { from, to, type })
    await copied.blob.slice(0, 100).arrayBuffer()
    await expect(copied.finish(new Uint8Array(1))).rejects.toThrow('EBADF')
    expect(copied.failure()).toMatchObject({ code: 'EBADF' })
    await Promise.all([from.close(), to.close()])
  })

  it('is not finished before all of it was read', async () => {
    const from = await open(input, 'r')
    const to = await open(output, 'wx')
    const copied = await openCopiedFile(fs as unknown as FileSystem, input, { from, to, type: '' })
    const whole = new Uint8Array(await copied.blob.slice(-10).arrayBuffer())
    expect(whole).toEqual(tableFile().slice(-10))
    await copied.blob.slice(0, 10).arrayBuffer()
    await expect(copied.finish(new Uint8Array(1))).rejects.toThrow('FORMAT_CHANGED')
    await Promise.all([from.close(), to.close()])
  })
})
