/**
 * What the words of an error are.
 * @module
 */

import type { Language } from '../error-catalogue.ts'

export type { Language }

/** One sentence. */
export type Text = Readonly<Record<Language, string>>

/** Words for people; `{name}` stands for that detail of the error. */
export interface ErrorText {
  /** What happened. */
  readonly sentence: Text
  /** The one thing to do next. */
  readonly remedy: Text
  /** What to do instead where the error's detail `reason` is one of these. */
  readonly remedyByReason?: Readonly<Record<string, Text>>
  /** What happened, and what to do, where the error's detail `rule` is one of these. */
  readonly byRule?: Readonly<Record<string, { readonly sentence: Text; readonly remedy: Text }>>
}
