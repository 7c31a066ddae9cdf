/**
 * What the journal says: entries of three kinds, and never a content or a PIN.
 * @module
 */
import type { ErrorCode } from '@trien/sdk/errors'
import type { DigestName } from '@trien/sdk/types'

/** A document that was asked to be signed. */
export interface JournalDocument {
  /** One plain line; what the page called it. */
  readonly name: string
  readonly size: number
  readonly digest: { readonly algorithm: DigestName; readonly hex: string }
}

/** The person is about to be asked. Written, and on the disk, before the dialog opens. */
export interface AskedEntry {
  readonly kind: 'asked'
  readonly origin: string
  readonly documents: readonly JournalDocument[]
  /** `id`: SHA-256 of the certificate's DER, hexadecimal. */
  readonly certificate: { readonly id: string; readonly holder: string }
  readonly token: { readonly label: string; readonly serial: string }
  /** Where bare digests were signed, of what the page alone knows. */
  readonly blind?: true
}

/** The person is about to be asked for a new PIN. Written before the dialog opens, and holds no secret. */
export interface PinAskedEntry {
  readonly kind: 'pin-asked'
  readonly deed: 'change-pin' | 'unblock'
  /** Null where the person asked from the command line. */
  readonly origin: string | null
  readonly token: { readonly label: string; readonly serial: string }
}

/** How it ended. */
export interface EndedEntry {
  readonly kind: 'ended'
  /** The number of the `asked` entry. */
  readonly asked: number
  /** `done` where a PIN was changed or unlocked. */
  readonly result: 'signed' | 'done' | ErrorCode
  /** How many documents the signatures that were handed out cover: the first so many. */
  readonly signed: number
}

/**
 * What a bridge found when it went on writing: `torn-line` where an earlier one was cut off in the middle of a line,
 * which is now gone; `lines-lost` and `head-lost` where somebody took something away.
 */
export type Trouble = 'torn-line' | 'lines-lost' | 'head-lost'

/** Said in the journal itself, so that going on hides nothing. */
export interface RecoveredEntry {
  readonly kind: 'recovered'
  readonly trouble: Trouble
}

/** Any entry. */
export type Entry = AskedEntry | PinAskedEntry | EndedEntry | RecoveredEntry

/** An entry in its place in the chain. */
export type Body = Entry & {
  /** From 1, without a gap, across all files. */
  readonly n: number
  /** SHA-256 of the line before, hexadecimal; zeros before the first. */
  readonly prev: string
  /** ISO 8601, UTC. */
  readonly time: string
}
