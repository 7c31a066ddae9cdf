/**
 * What the page knows, in one value. Views read it; actions replace parts of it.
 * @module
 */
import type { BatchProgress, BatchStore } from '@trien/sdk/batch'
import type { BridgeCertificate } from '@trien/sdk/bridge'
import type { ErrorCode, Language } from '@trien/sdk/errors'
import type { FormatName } from './formats.ts'

/** The document to sign. */
export interface ChosenDocument {
  readonly name: string
  readonly format: FormatName
  readonly content: Blob
  /** The portal's own form, of which it knows where people sign. */
  readonly isSample: boolean
}

/** What is seen of a signature: nothing, the picture of a hand, or name and time. */
export const LOOKS = ['none', 'hand', 'block'] as const
export type Looks = (typeof LOOKS)[number]

/** What went wrong, and which step can be tried again. */
export interface Trouble {
  readonly step: 'document' | 'certificate' | 'pin' | 'sign'
  /** A code of the catalogue, or what is not in it. */
  readonly code: ErrorCode | 'NO_CERTIFICATE' | 'PAGE'
  /** How many PINs are left, where the token says: `low`, `final`. */
  readonly remaining: unknown
  describe(language: Language): { sentence: string; remedy: string }
}

/** One file for the person to keep. */
export interface SignedFile {
  readonly name: string
  readonly url: string
  readonly size: number
}

/** One of several files that are signed together. */
export interface BatchFile {
  readonly document: ChosenDocument
  readonly step: 'waiting' | BatchProgress['step']
  readonly file?: SignedFile | undefined
  /** Why it failed. */
  readonly trouble?: Trouble | undefined
}

/** Several files, and how far each has come: who is stopped or fails goes on from there. */
export interface Batch {
  readonly files: readonly BatchFile[]
  readonly store: BatchStore
}

/** What was made, and what to tell of it. */
export interface Outcome {
  readonly file: SignedFile
  readonly format: FormatName
  readonly documentName: string
  readonly holder: string
  readonly organization: string | undefined
  readonly algorithm: string
  readonly signedAt: Date
  readonly addedBytes: number
}

/** What was done to the PIN of a token. */
export interface PinDone {
  readonly deed: 'change-pin' | 'unblock'
  readonly token: string
}

/** What the page waits for: one thing at a time. */
export type Waiting =
  | { readonly for: 'nothing' }
  | { readonly for: 'connection' }
  | { readonly for: 'permission' }
  | { readonly for: 'list'; readonly page: string | undefined }
  | { readonly for: 'pin'; readonly deed: PinDone['deed']; readonly page: string | undefined }
  | { readonly for: 'hash'; readonly share: number }
  | { readonly for: 'prompt'; readonly page: string | undefined }
  /** Of several files: the PIN is entered. */
  | { readonly for: 'signing'; readonly share: number }

/** The whole page. */
export interface State {
  readonly language: Language
  readonly sample: ChosenDocument | undefined
  readonly own: ChosenDocument | undefined
  /** In place of one of the person's own. */
  readonly batch: Batch | undefined
  readonly picked: 'sample' | 'own'
  /** The step the person is at; later ones are closed, earlier ones shown in brief. */
  readonly step: 'document' | 'certificate' | 'sign' | 'result'
  readonly certificates: readonly BridgeCertificate[] | undefined
  readonly chosen: BridgeCertificate | undefined
  readonly looks: Looks
  readonly waiting: Waiting
  readonly trouble: Trouble | undefined
  readonly outcome: Outcome | undefined
  readonly pinDone: PinDone | undefined
}

/** Holds the state and tells whoever draws it of each change. */
export interface Store {
  get(): State
  set(change: Partial<State>): void
  onChange(listener: (state: State) => void): void
}

/** Makes a store. Changes of one turn are drawn together. */
export function createStore(initial: State): Store {
  let state = initial
  let scheduled = false
  const listeners: ((state: State) => void)[] = []
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change }
      if (scheduled) return
      scheduled = true
      queueMicrotask(() => {
        scheduled = false
        for (const listener of listeners) listener(state)
      })
    },
    onChange(listener) {
      listeners.push(listener)
    },
  }
}

/** Goes back to step 1; all that was chosen stays chosen. */
export function changeDocument(store: Store): void {
  store.set({ step: 'document', trouble: undefined })
}

/** The several files that the person picked. */
export function pickedBatch({ picked, batch }: State): Batch | undefined {
  return picked === 'own' ? batch : undefined
}

/** The one document that the person picked, once it is there. */
export function pickedDocument(state: State): ChosenDocument | undefined {
  return state.picked === 'sample' ? state.sample : state.own
}
