/**
 * Real PDF files that nobody here wrote, each signed by `signPdf` and judged by qpdf and pdfsig before and after.
 * @module
 */
import { createPrivateKey } from 'node:crypto'
import { readdirSync, type Dirent } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isSigningError } from '@trien/sdk/errors'
import { signPdf } from '@trien/sdk/pades'
import { type Repair, repairPdf } from '@trien/sdk/repair'
import type { Signer } from '@trien/sdk/types'
import { softwareSigner } from '@trien/sdk/webcrypto'
import { createTestAuthority } from './pki.ts'
import { runTool } from './referees/tool.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Lies beside the repository: the files keep licences of their own. */
export const CORPUS = path.join(ROOT, '..', 'shared', 'corpora', 'pdf')
/** Where the signed files are left for referees of other tiers. */
export const SIGNED = path.join(ROOT, 'out', 'corpus')

/** Passwords of encrypted files, as their own projects' tests and notes tell them; normalised, for pdfsig does not. */
const PASSWORDS: Readonly<Record<string, string>> = {
  'pdfjs/issue21579.pdf': 'pässwört',
  'pdfjs/issue6010_2.pdf': 'æøå',
  'pdfjs/encrypted-attachment.pdf': '000000',
  'pyhanko/embedded-encrypted-nocf.pdf': 'secret',
  'pyhanko/minimal-aes256-empty-encrypted-string.pdf': 'secret',
  'safedocs/unicode-corrigendum5-fixed.pdf': '\u1100\u0300\u1161\u0323',
  'safedocs/unicode-corrigendum5-unicode32-once.pdf': '\uac00\u0300\u0323',
  'safedocs/unicode-corrigendum5-unicode32-twice.pdf': '\uac00\u0323\u0300',
  'safedocs/unicode-test-U2F874-correct.pdf': 'Password\u5f33!',
  'safedocs/unicode-test-U2F874-wrong.pdf': 'Password\u5f53!',
}
/** What pyHanko's other encrypted files open with. */
const PYHANKO_PASSWORD = 'ownersecret'

/** The password that a file of the corpus opens with; undefined where none is known or needed. */
export function passwordOf(file: string): string | undefined {
  const isTheirs = /^pyhanko\/.*(aes256|rc4|encrypt)/.test(file)
  return PASSWORDS[file] ?? (isTheirs ? PYHANKO_PASSWORD : undefined)
}

/** No file may take longer. */
const MAX_MS = 5000

/** What became of one file. */
export type Outcome =
  | { readonly file: string; readonly kind: 'signed'; readonly output: string }
  /** Refused as damaged, then repaired and signed. */
  | {
      readonly file: string
      readonly kind: 'repaired'
      readonly output: string
      readonly reason: string
      readonly repairs: readonly Repair[]
    }
  | { readonly file: string; readonly kind: 'refused'; readonly reason: string }
  | { readonly file: string; readonly kind: 'failed'; readonly reason: string }

/** Paths of all files relative to the corpus, sorted; empty where there is no corpus. */
export function listCorpus(): string[] {
  let entries: Dirent[]
  try {
    entries = readdirSync(CORPUS, { recursive: true, withFileTypes: true })
  } catch {
    return []
  }
  return entries
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.pdf'))
    .map((entry) => path.relative(CORPUS, path.join(entry.parentPath, entry.name)))
    .sort()
}

/** Makes a signer with a key of its own under an authority of its own. */
export async function createCorpusSigner(): Promise<Signer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'trien-corpus-'))
  try {
    const authority = createTestAuthority(folder)
    const { keyFile, certificate } = authority.issue('RSA-2048', 'corpus')
    const pkcs8 = createPrivateKey(await readFile(keyFile)).export({ type: 'pkcs8', format: 'der' })
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
    return softwareSigner({ privateKey, certificate, chain: [authority.certificate] })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Signs every file, one after another. */
export async function signCorpus(files: readonly string[], signer: Signer): Promise<Outcome[]> {
  await rm(SIGNED, { recursive: true, force: true })
  await mkdir(SIGNED, { recursive: true })
  const outcomes: Outcome[] = []
  for (const file of files) outcomes.push(await signOne(file, signer))
  return outcomes
}

async function signOne(file: string, signer: Signer): Promise<Outcome> {
  const input = new Uint8Array(await readFile(path.join(CORPUS, file)))
  const start = performance.now()
  const output = path.join(SIGNED, file.replaceAll(/[/ ]/g, '_'))
  const password = passwordOf(file)
  /** Undefined where it was signed, else why not. */
  const sign = async (pdf: Uint8Array): Promise<string | undefined> => {
    try {
      const signed = await signPdf(pdf, { signer, reason: 'Phê duyệt', password })
      const startsWithInput = Buffer.compare(signed.subarray(0, pdf.length), pdf) === 0
      if (!startsWithInput) throw new Error('the output does not start with the input')
      await writeFile(output, signed)
      return undefined
    } catch (error) {
      return reasonOf(error)
    }
  }
  try {
    const reason = await sign(input)
    if (reason === undefined) return { file, kind: 'signed', output }
    if (!reason.startsWith('FORMAT_MALFORMED')) return { file, kind: 'refused', reason }
    const repaired = await repairPdf(input, { password }).catch(reasonOf)
    if (typeof repaired === 'string') return { file, kind: 'refused', reason }
    const left = await sign(repaired.pdf)
    if (left !== undefined) return { file, kind: 'failed', reason: `repaired, ${left}` }
    return { file, kind: 'repaired', output, reason, repairs: repaired.repairs }
  } catch (error) {
    return { file, kind: 'failed', reason: String(error) }
  } finally {
    const ms = performance.now() - start
    if (ms > MAX_MS) outcomesTooSlow.push(`${file}: ${Math.round(ms)} ms`)
  }
}

/** @throws what is no error of a document */
function reasonOf(error: unknown): string {
  if (!isSigningError(error) || !error.code.startsWith('FORMAT_')) throw error
  const { what, expected, feature, rule } = error.details
  return `${error.code} ${feature ?? rule ?? `${what}: ${expected}`}`
}

/** Files that took too long in this run. */
export const outcomesTooSlow: string[] = []

/** What is wrong with a signed file; empty where nothing is. */
export async function judgeSigned(file: string, output: string): Promise<string[]> {
  const input = path.join(CORPUS, file)
  const problems: string[] = []
  const password = passwordOf(file) ?? ''
  const check = ['--check', `--password=${password}`]
  const before = (await runTool('qpdf', [...check, input])).status
  const after = (await runTool('qpdf', [...check, output])).status
  if (severity(after) > severity(before)) problems.push(`qpdf ${before} → ${after}`)
  const old = await verdictsOf(input, password)
  const all = await verdictsOf(output, password)
  const fresh = all.findIndex((verdict) => verdict === 'Signature is Valid. Total')
  if (fresh === -1) problems.push(`pdfsig sees no valid signature of the whole: ${all.join(', ')}`)
  const others = all.filter((_, index) => index !== fresh).map(withoutCoverage)
  const expected = old.map(withoutCoverage)
  if (others.sort().join() !== expected.sort().join()) {
    problems.push(`pdfsig judged [${expected.join()}] and now [${others.join()}]`)
  }
  return problems
}

/** qpdf: 0 good, 3 warnings, 2 errors. */
function severity(status: number | null): number {
  return [0, 3, 2].indexOf(status ?? 2)
}

const withoutCoverage = (verdict: string): string => verdict.replace(/ (Total|Not total)$/, '')

/** pdfsig's words on each signature, and whether it covers the file. */
async function verdictsOf(file: string, password: string): Promise<string[]> {
  const key = ['-upw', password, '-opw', password]
  const { stdout } = await runTool('pdfsig', ['-nocert', ...key, file])
  return stdout
    .split(/^Signature #\d+:$/m)
    .slice(1)
    .map((text) => {
      const validation = /Signature Validation: (.*)/.exec(text)?.[1] ?? 'not signed'
      return `${validation} ${/ - Total document signed/.test(text) ? 'Total' : 'Not total'}`
    })
}
