/**
 * pyHanko, through our own small script around it: integrity, coverage, what changed between revisions, the signing
 * certificate's hash, the chain; of each signer of a CMS, and of each counter-signature. Blind to a missing signing-certificate-v2, to a signing-time inside PAdES and to
 * unsorted attributes; refuses hybrid files.
 * @module
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { judgeByLines, root, runTool } from './tool.ts'
import type { Referee } from './types.ts'

/** The interpreter that has pyHanko. */
export const PYTHON = path.join(root, 'out/referees/python/bin/python')

const SCRIPT = fileURLToPath(new URL('python/judge.py', import.meta.url))

export const pyhanko: Referee = {
  name: 'pyhanko',
  kinds: ['detached', 'attached', 'pdf'],
  seesTampering: true,
  missing: () => (existsSync(PYTHON) ? undefined : 'pyHanko (node .ci/prepare.mjs conformance)'),
  judge: (files, caFile) => judgeByLines('pyhanko', files, PYTHON, [SCRIPT, 'judge', caFile]),
}

/** One signature of a PDF as pyHanko sees it; trust is not judged. */
export type PdfSignatureFacts =
  | {
      readonly field: string
      /** Digest and signature value are right. */
      readonly intact: boolean
      /** `SignatureCoverageLevel` by name, `ENTIRE_FILE` being the most. */
      readonly coverage: string
      /** `ModificationLevel` by name, or the reason why pyHanko could not compare. */
      readonly modification: string
      readonly docmdpOk: boolean
      /** The field's seed value is met, or there is none. */
      readonly seedValueOk: boolean
      /** Has a time stamp of its own, over its very value. */
      readonly stamped: boolean
    }
  /** pyHanko would not judge it. */
  | { readonly field: string; readonly error: string }

/** One document time stamp as pyHanko sees it. */
export type PdfStampFacts =
  | {
      readonly field: string
      readonly intact: boolean
      readonly coverage: string
      readonly modification: string
    }
  | { readonly field: string; readonly error: string }

/** A whole PDF as pyHanko sees it. */
export type PdfFacts =
  | {
      readonly signatures: readonly PdfSignatureFacts[]
      readonly stamps: readonly PdfStampFacts[]
      /** False where pyHanko reads it only leniently. */
      readonly strict: boolean
    }
  /** pyHanko would not read it. */
  | { readonly error: string }

/** A file, and the password that it opens with. */
export interface OpenablePdf {
  readonly file: string
  readonly password?: string | undefined
}

/** Describes the signatures of many PDFs in one run, trusting every signer. */
export async function describePdfs(files: readonly OpenablePdf[]): Promise<readonly PdfFacts[]> {
  const { status, stdout, stderr } = await runTool(
    PYTHON,
    [SCRIPT, 'describe'],
    files.map(({ file, password = '' }) => `${file}\t${password}\n`).join(''),
    1_200_000,
  )
  const facts = stdout.split('\n').filter((line) => line !== '')
  if (status !== 0 || facts.length !== files.length) {
    throw new Error(
      `pyhanko: ${facts.length} answers to ${files.length} files: ${stderr.slice(-2000)}`,
    )
  }
  return facts.map((line) => JSON.parse(line) as PdfFacts)
}
