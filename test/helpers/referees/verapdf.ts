/**
 * veraPDF, through our own small program around it: whether a file is PDF/A or PDF/UA, every clause of it that a machine
 * can tell. Knows of signatures only what these standards say of them.
 * @module
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { findProgram, root, runTool } from './tool.ts'
import type { Verdict } from './types.ts'

const FOLDER = path.join(root, 'out/referees/verapdf')

/** A part of ISO 19005 with its level, or of ISO 14289. */
export type Flavour = '1a' | '1b' | '2a' | '2b' | '2u' | '3a' | '3b' | '3u' | '4' | '4f' | 'ua1'

/** A file, and what it must be. */
export interface ArchivalFile {
  readonly flavour: Flavour
  readonly file: string
}

/** What is missing to ask it; undefined where nothing is. */
export function missingVeraPdf(): string | undefined {
  if (!findProgram('java')) return 'java'
  const isBuilt = existsSync(path.join(FOLDER, 'classes/VeraJudge.class'))
  return isBuilt ? undefined : 'veraPDF (node .ci/prepare.mjs conformance)'
}

/** Judges many files in one run; verdicts in their order. */
export async function judgeByVeraPdf(files: readonly ArchivalFile[]): Promise<readonly Verdict[]> {
  const classpath = [path.join(FOLDER, 'classes'), path.join(FOLDER, 'lib', '*')]
  const cases = files.map(({ flavour, file }) => `${flavour}\t${file}\n`).join('')
  const args = ['-cp', classpath.join(path.delimiter), 'VeraJudge']
  const { stdout, stderr } = await runTool('java', args, cases)
  const answers = stdout.split('\n').filter((line) => line !== '')
  if (answers.length !== files.length) throw new Error(`veraPDF: ${stderr.slice(-2000)}`)
  return answers.map((answer) => {
    const [verdict, summary = ''] = answer.split('\t')
    return { referee: 'verapdf', accepted: verdict === 'accepted', summary }
  })
}
