/**
 * Referees: validators that nobody here wrote, so that no claim of conformance rests on our own.
 * @module
 */

import type { Level } from '@trien/sdk/cms'

/** A signed file to be judged; all are paths. Its level is to be exactly this; by default B-B. */
export type SignedFile = { readonly level?: Level; readonly signature: string } &
  /** CAdES: `signature` is DER; `data` is what was signed, and also what must lie inside an attached one. */
  (
    | { readonly kind: 'detached' | 'attached'; readonly data: string }
    /** PAdES, signed once or more. */
    | { readonly kind: 'pdf' }
    /** Any other, over data that lies beside it. */
    | { readonly kind: OtherKind; readonly data: string; readonly tampered?: never }
    /** Any other that holds its data: who signs it also writes a copy with the data changed and all else as it was. */
    | { readonly kind: OtherKind; readonly tampered: string; readonly data?: never }
  )

type OtherKind = 'xades' | 'jades' | 'asic-cades' | 'asic-xades' | 'ooxml'

/** What a referee says of one file. */
export interface Verdict {
  readonly referee: string
  readonly accepted: boolean
  /** The referee's own words, on one line. */
  readonly summary: string
}

/** One validator. What it is blind to is said where it is wrapped. */
export interface Referee {
  readonly name: string
  readonly kinds: readonly SignedFile['kind'][]
  /** False where it judges syntax alone and so cannot refuse what was tampered with. */
  readonly seesTampering: boolean
  /** True where it does not look at counter-signatures: it cannot be asked about those who signed one. */
  readonly passesCounterSignatures?: boolean
  /**
   * Why it may refuse an algorithm for want of knowing it. Its refusal is excused only where it refuses OpenSSL's own
   * signature by that algorithm as well.
   */
  readonly doubts?: (algorithm: string) => string | undefined
  /** The program or file that is missing, undefined where it can work. */
  missing(): string | undefined
  /**
   * Judges many files at once.
   * @param caFile PEM of the only CA to trust, for those referees that look at the chain
   * @returns verdicts in the order of the files
   */
  judge(files: readonly SignedFile[], caFile: string): Promise<readonly Verdict[]>
}
