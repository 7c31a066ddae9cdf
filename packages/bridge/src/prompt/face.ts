/**
 * What a way of asking must be able to do: two dialogs, as Assuan's pinentries know them (CONFIRM and GETPIN). Whatever
 * the bridge asks is made of these by `createPrompt`, so that a new question works in every face, and a new face needs
 * to know no question.
 * @module
 */
import type { Language } from '@trien/sdk/errors'

/** A dialog in words; every face lays it out in its own manner. All text is plain: controls were replaced. */
export interface Words {
  /** The language of these words, for what a face adds of its own. */
  readonly language: Language
  readonly title: string
  /** Who asks: to be shown larger than all else where that is possible. */
  readonly heading: string
  readonly lines: readonly string[]
  /** What must not be overlooked, a line each. */
  readonly warnings: readonly string[]
  readonly accept: string
  readonly refuse: string
}

/** A dialog with one field whose content is not shown. */
export interface SecretWords extends Words {
  /** Stands beside the field. */
  readonly label: string
  /** What was wrong with the answer before this one. */
  readonly notice: string | undefined
}

/** The circumstances of one dialog. */
export interface Asking {
  /** Aborts when the page closes or cancels; the dialog then goes away, and its promise rejects with the reason. */
  readonly signal: AbortSignal
  /** How long the dialog may stay, in milliseconds. */
  readonly timeoutMs: number
  /** Tells the asking page where the person is asked, where that is a page of the bridge. */
  readonly announcePage: (url: string) => void
}

/** One way of asking. It shows one dialog at a time: the bridge's queue sees to that. */
export interface Face {
  /**
   * Asks yes or no. Where a face has a default answer it is no: a key that was struck for something else agrees to
   * nothing.
   * @returns whether the person agreed
   * @throws {UserError} USER_CANCELLED where the person broke off without an answer, USER_TIMEOUT
   * @throws {BridgeError} BRIDGE_NO_PROMPT where nobody could be asked
   */
  confirm(words: Words, asking: Asking): Promise<boolean>
  /**
   * Asks for a secret. It is never kept, logged or checked by the face.
   * @returns what was typed; empty where nothing was
   * @throws as `confirm`; USER_CANCELLED also where the person refused
   */
  askSecret(words: SecretWords, asking: Asking): Promise<string>
  /** Tells whether all of the words will be shown; left out where there is always room. */
  hasRoomFor?(words: Words | SecretWords): boolean
  /** Hears that the question is over, for a face that shows something between its dialogs. */
  end?(): void
}
