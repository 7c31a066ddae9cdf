/**
 * What pyHanko says of the corpus, signed: the new signature is intact, covers the whole file and changed nothing but
 * what signing must; earlier signatures are what they were before.
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import {
  CORPUS,
  createCorpusSigner,
  listCorpus,
  passwordOf,
  signCorpus,
} from '../helpers/pdf-corpus.ts'
import { findLoss } from '../helpers/pdf-facts.ts'
import { presentReferees } from '../helpers/referees/index.ts'
import { type PdfFacts, describePdfs, pyhanko } from '../helpers/referees/pyhanko.ts'

/** What is expected: counts, and the files that pyHanko will not judge. `UPDATE_CORPUS=1` writes it anew. */
const EXPECTED = fileURLToPath(new URL('pdf-corpus.json', import.meta.url))

/** What became of one file. */
type Finding =
  | { readonly kind: 'good'; readonly earlier: number }
  /** pyHanko will not judge the new signature. */
  | { readonly kind: 'unjudged'; readonly reason: string }
  | { readonly kind: 'bad'; readonly reason: string }

function judge(before: PdfFacts, after: PdfFacts): Finding {
  if ('error' in after) return { kind: 'unjudged', reason: after.error }
  const earlier = 'error' in before ? [] : before.signatures
  const fresh = after.signatures.filter(
    ({ field }) => !earlier.some((signature) => signature.field === field),
  )
  if (fresh.length !== 1) return { kind: 'bad', reason: `${fresh.length} new signatures` }
  const [signature] = fresh
  if ('error' in signature!) return { kind: 'unjudged', reason: signature.error }
  const { intact, coverage, modification, docmdpOk } = signature!
  if (!intact || coverage !== 'ENTIRE_FILE' || modification !== 'NONE' || !docmdpOk) {
    return { kind: 'bad', reason: `new signature: ${JSON.stringify(signature)}` }
  }
  const loss = findLoss(before, after)
  if (loss !== undefined) return { kind: 'bad', reason: loss }
  return { kind: 'good', earlier: earlier.length }
}

const files = listCorpus()
if (files.length === 0) {
  if (process.env['CI'] === 'true') throw new Error(`no PDF files in ${CORPUS}`)
  console.warn(`skipped, no PDF files in ${CORPUS}`)
}
const isReady = presentReferees([pyhanko]).length > 0 && files.length > 0

test.runIf(isReady)('pyHanko finds every signed file of the corpus intact', async () => {
  const outcomes = await signCorpus(files, await createCorpusSigner())
  const signed = outcomes.filter(
    (outcome) => outcome.kind === 'signed' || outcome.kind === 'repaired',
  )
  const before = await describePdfs(
    signed.map(({ file }) => ({ file: path.join(CORPUS, file), password: passwordOf(file) })),
  )
  const after = await describePdfs(
    signed.map(({ file, output }) => ({ file: output, password: passwordOf(file) })),
  )

  const bad: string[] = []
  const unjudged: Record<string, string> = {}
  let [good, leniently, earlierSignatures] = [0, 0, 0]
  for (const [index, { file }] of signed.entries()) {
    const finding = judge(before[index]!, after[index]!)
    if (finding.kind === 'bad') bad.push(`${file}: ${finding.reason}`)
    else if (finding.kind === 'unjudged') unjudged[file] = finding.reason
    else {
      good += 1
      earlierSignatures += finding.earlier
      const facts = after[index]!
      if ('strict' in facts && !facts.strict) leniently += 1
    }
  }
  const found = { good, leniently, earlierSignatures, unjudged }
  console.log(`pyHanko on ${signed.length} signed files:`, found)
  expect(bad).toEqual([])
  if (process.env['UPDATE_CORPUS'] === '1') {
    await writeFile(EXPECTED, `${JSON.stringify(found, null, 2)}\n`)
  }
  expect(found).toEqual(JSON.parse(await readFile(EXPECTED, 'utf8')))
})
