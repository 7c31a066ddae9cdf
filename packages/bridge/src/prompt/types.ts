/**
 * The trusted face of the bridge: where the person sees what is asked, by whom, and answers.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import type { Commitment } from '@trien/sdk/types'
import type { Validity } from '@trien/sdk/wire'
import type { PinLength, PinState } from '../token/types.ts'

/** A document as the person is shown it; its digest was compared with the bytes to be signed. */
export interface ShownDocument {
  readonly name: string
  readonly size: number
  readonly digestHex: string
  /** Where not the document is signed but a signature on it: whose. */
  readonly signatureOf?: string
}

/** What a signature says beside time and certificate, as it was read in the bytes to be signed. */
export interface ShownClaims {
  readonly commitment?: Commitment
  /** Its parts, from the city to the country. */
  readonly place?: readonly string[]
  readonly roles?: readonly string[]
}

/** A certificate as the person is shown it. */
export interface ShownCertificate {
  readonly holder: string
  readonly organization: string | undefined
  readonly issuer: string
  /** ISO 8601, UTC. */
  readonly notAfter: string
  /** At the moment of the question. */
  readonly validity: Validity
}

/** What is known of a PIN or PUK before it is tried. */
export interface Tries {
  /** What the token says. */
  readonly state: PinState
  /** Wrong ones in a row that were typed on this computer; 0 where none is remembered. */
  readonly wrong: number
}

/** What every question has. */
export interface Asked {
  /** Undefined where the person himself asks, from the command line. */
  readonly origin: string | undefined
  readonly language: Language
  /** Tells the asking page where the person is asked, where that is a page of the bridge. */
  readonly announcePage: (url: string) => void
}

/** "May this site see your certificates?" */
export interface ListQuestion extends Asked {
  readonly kind: 'list'
  readonly origin: string
}

/** A question about one token. */
export interface TokenAsked extends Asked {
  readonly tokenLabel: string
  readonly tokenSerial: string
}

/** "Sign these documents for this site with this certificate?", answered with the PIN in the same dialog. */
export interface SignQuestion extends TokenAsked {
  readonly kind: 'sign'
  readonly origin: string
  readonly documents: readonly ShownDocument[]
  /** The page sent digests alone: nobody here knows what is signed. */
  readonly isBlind?: boolean
  /** What is signed names no certificate, so that nobody here knows which one will stand beside the signature. */
  readonly namesNoCertificate?: boolean
  /** What the signatures say beside it, each once. */
  readonly said?: readonly ShownClaims[]
  /** The token wants another PIN before it signs, or soon. */
  readonly mustChangePin?: boolean
  readonly certificate: ShownCertificate
  readonly pinState: PinState
  /** As `Tries.wrong`. */
  readonly wrongPins: number
  /** False where the reader has its own keypad: then consent alone is asked. */
  readonly asksPin: boolean
}

/** "Change the PIN of this token?", "unlock it with the PUK?": answered with the secrets, each in a dialog of its own. */
export interface PinCareQuestion extends TokenAsked {
  readonly kind: 'change-pin' | 'unblock'
  /** Of the PIN that is replaced, or of the PUK. */
  readonly tries: Tries
  /** The bounds of the new PIN, in bytes of UTF-8. */
  readonly pinLength: PinLength
  /** False where the reader has its own keypad: then consent alone is asked. */
  readonly asksPin: boolean
}

/** What the person typed. */
export interface NewPin {
  /** The PIN so far, or the PUK. */
  readonly secret: string
  readonly newPin: string
}

/** What the bridge can ask. The signal aborts when the page closes or cancels; the dialog then goes away. */
export interface Prompt {
  /**
   * @throws {UserError} USER_DENIED, USER_CANCELLED, USER_TIMEOUT
   * @throws {BridgeError} BRIDGE_NO_PROMPT
   */
  confirmList(question: ListQuestion, signal: AbortSignal): Promise<void>
  /**
   * @returns the PIN, or undefined where the question does not ask it
   * @throws as `confirmList`
   */
  askSign(question: SignQuestion, signal: AbortSignal): Promise<string | undefined>
  /**
   * @returns undefined where the question does not ask PINs
   * @throws as `confirmList`
   */
  askNewPin(question: PinCareQuestion, signal: AbortSignal): Promise<NewPin | undefined>
}
