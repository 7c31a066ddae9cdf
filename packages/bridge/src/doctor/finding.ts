/**
 * What the doctor finds: one sentence a finding, and the one thing to do.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import type { Machine } from './machine.ts'

/** How it stands. `bad`: signing cannot work, or works unsafely. `unknown`: this system does not tell. */
export type FindingState = 'good' | 'warning' | 'bad' | 'unknown'

/** One thing, said in each language of ours. */
export type InBoth = Readonly<Record<Language, string>>

/** One finding. */
export interface Finding {
  /** Stable, for programs: the check, a dot, and what was looked at. */
  readonly id: string
  readonly state: FindingState
  /**
   * One line that may be pasted into a public place: names no person, computer, folder of a person, site, or anything
   * that stands on a token.
   */
  readonly text: InBoth
  /** What to do; stands with everything that is not good and can be mended. */
  readonly remedy?: InBoth
  /** What the text must not say: shown with `--full` alone, a line each. */
  readonly personal?: readonly string[]
}

/**
 * Looks at one thing. Throws nothing for what it finds wrong; what it throws all the same becomes an `unknown`.
 * @see checks.ts for all of them
 */
export type Check = (machine: Machine) => Promise<readonly Finding[]>

/** A sentence in both languages, Vietnamese first. */
export function say(vi: string, en: string): InBoth {
  return { vi, en }
}
