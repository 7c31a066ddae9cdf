/**
 * Poppler: digest and signature, and how much of the file the last signature covers. Blind to the chain (asked not to
 * look), to the rules of AdES, to what changed between revisions, and to document time stamps, of which it knows no more
 * than how far they reach. Its status is 0 whatever it finds: its words count.
 * @module
 */
import { findProgram, judgeEach, runTool } from './tool.ts'
import type { Referee, SignedFile } from './types.ts'

export const pdfsig: Referee = {
  name: 'pdfsig',
  kinds: ['pdf'],
  seesTampering: true,
  missing: () => (findProgram('pdfsig') ? undefined : 'pdfsig (poppler-utils)'),
  judge: (files) => judgeEach('pdfsig', files, judgeOne),
}

async function judgeOne({ signature, level }: SignedFile) {
  const { status, stdout, stderr } = await runTool('pdfsig', ['-nocert', signature])
  const signatures = stdout.split(/^Signature #\d+:$/m).filter((text) => !isTimestamp(text))
  const validations = signatures.flatMap(
    (text) => /Signature Validation: (.*)/.exec(text)?.[1] ?? [],
  )
  const whole = [...stdout.matchAll(/^ *- (Total|Not total) document signed$/gim)].map(
    (match) => match[1] === 'Total',
  )
  const accepted =
    status === 0 &&
    validations.length > 0 &&
    validations.every((text) => text === 'Signature is Valid.') &&
    // At B-LT the file ends with what is stored.
    (whole.includes(true) || level === 'B-LT')
  const coverage = whole.includes(true) ? 'total document signed' : 'not total document signed'
  const summary = validations.length > 0 ? [...validations, coverage].join(' ') : stdout + stderr
  return { accepted, summary }
}

/** RFC 3161 is a type it does not know; so is nonsense, but nobody writes that without being told of it by others. */
function isTimestamp(text: string): boolean {
  return /Signature Type: unknown$/m.test(text)
}
