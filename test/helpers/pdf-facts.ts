/**
 * What pyHanko says of a PDF before and after, compared.
 * @module
 */
import type { PdfFacts, PdfSignatureFacts } from './referees/pyhanko.ts'

/** Changes that signing may bring. */
export const HARMLESS = ['NONE', 'LTA_UPDATES', 'FORM_FILLING']

/** Tells what an earlier signature lost; undefined where none lost anything. */
export function findLoss(before: PdfFacts, after: PdfFacts): string | undefined {
  if ('error' in before || 'error' in after) return undefined
  for (const old of before.signatures) {
    const now = after.signatures.find(({ field }) => field === old.field)
    if (now === undefined || !isAsGood(old, now)) {
      return `${JSON.stringify(old)} is now ${JSON.stringify(now)}`
    }
  }
  return undefined
}

/** Tells whether an earlier signature lost nothing by what came later. */
function isAsGood(old: PdfSignatureFacts, now: PdfSignatureFacts): boolean {
  // What it would not judge had nothing to lose.
  if ('error' in old) return true
  if ('error' in now) return false
  return (
    now.intact === old.intact &&
    now.docmdpOk === old.docmdpOk &&
    (HARMLESS.includes(now.modification) || now.modification === old.modification)
  )
}
