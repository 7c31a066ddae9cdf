/**
 * What the rest of the bridge knows of a token: a PKCS#11 module in its own process, or the embedded one.
 * @module
 */
import type { AlgorithmName, Bytes } from '@trien/sdk/types'

/** How many wrong PINs are left, as far as the token says (PKCS#11 CKF_USER_PIN_COUNT_LOW, _FINAL_TRY, _LOCKED). */
export type PinState = 'ok' | 'low' | 'final' | 'locked'

/** A token as its driver describes it, trimmed. */
export interface TokenDescription {
  readonly label: string
  readonly manufacturer: string
  readonly serial: string
  readonly pinState: PinState
  /** The reader has its own keypad: the PIN must not be asked here. */
  readonly protectedAuthentication: boolean
  /** As `pinState`, of the PUK (the SO PIN of PKCS#11); left out where nothing is known. */
  readonly pukState?: PinState
  /** Bytes of UTF-8 that a PIN may have; left out where the token does not say. */
  readonly pinLength?: PinLength
  /** The token wants another PIN before it does anything (CKF_USER_PIN_TO_BE_CHANGED). */
  readonly mustChangePin?: boolean
}

/** Bounds of a PIN, both included. */
export interface PinLength {
  readonly min: number
  readonly max: number
}

/** A new PIN for a token. */
export interface TokenPinRequest {
  /** As listed; another token with the same name makes the request fail. */
  readonly token: Pick<TokenDescription, 'label' | 'manufacturer' | 'serial'>
  /** The PIN so far, or the PUK; undefined, as the new PIN, where the reader has its own keypad. */
  readonly secret: string | undefined
  readonly newPin: string | undefined
  readonly signal: AbortSignal
}

/** A certificate whose private key is on the token. */
export interface TokenCertificate {
  /** SHA-256 of the certificate's DER. */
  readonly id: Bytes
  readonly certificate: Bytes
  /** Issuers found on the token, the issuer of `certificate` first. */
  readonly chain: readonly Bytes[]
  /** What key and token can do together, the preferred first. */
  readonly algorithms: readonly AlgorithmName[]
  readonly token: TokenDescription
}

/** A token and what it has; it may have nothing yet. */
export interface SeenToken {
  readonly token: TokenDescription
  readonly certificates: readonly TokenCertificate[]
  /** What the driver said where its objects cannot be read, `CKR_…`. */
  readonly problem?: string
}

/** One thing for the token to sign: bytes that are hashed by the algorithm's own hash, or a digest made by that hash. */
export type TokenSignItem =
  | { readonly algorithm: AlgorithmName; readonly toBeSigned: Uint8Array }
  | { readonly algorithm: AlgorithmName; readonly digest: Uint8Array }

/** One signing run: session opened, logged in, signed, logged out, closed. */
export interface TokenSignRequest {
  readonly certificateId: Uint8Array
  /** Undefined where the reader has its own keypad. */
  readonly pin: string | undefined
  readonly items: readonly TokenSignItem[]
  /** Called when the token has taken the PIN. */
  readonly onLoggedIn?: () => void
  /**
   * Called with those of the items from index `first` on, in order: with each as it is made, or with some of a token that
   * makes many in no time. The value is RSA's octets, or ECDSA's r‖s at fixed width.
   */
  readonly onSigned: (first: number, signatures: readonly Bytes[]) => void
  readonly signal: AbortSignal
}

/** A place where tokens live. */
export interface TokenSource {
  /** For the log and the command line: the module's path, or `embedded`. Never sent to a page. */
  readonly name: string
  /** Drives cards of many makes: a vendor's own module that has the same certificate is preferred. */
  readonly isGeneric?: boolean
  /** Another number when what was read may no longer hold, as its token was gone since; absent where none can. */
  readonly generation?: number
  /** Whether it does something else than to be read: its tokens are there, and a list need not wait for it. */
  isAtWork?(): boolean
  /**
   * Looks which slots hold a token, and at nothing else: a word that is another one when tokens may have come or gone.
   * Undefined at once where the module is busy; absent where tokens cannot come and go.
   * @throws {TokenError}
   */
  look?(signal: AbortSignal): Promise<string | undefined>
  /** @throws {TokenError} */
  listCertificates(signal: AbortSignal): Promise<readonly TokenCertificate[]>
  /**
   * @throws {TokenError} TOKEN_PIN_INCORRECT {remaining}, TOKEN_PIN_LOCKED, TOKEN_REMOVED, TOKEN_DRIVER_CRASHED,
   *   TOKEN_TIMEOUT, TOKEN_MECHANISM, TOKEN_KEY_NOT_FOUND, TOKEN_DEVICE {ckr}
   * @throws {UserError} USER_CANCELLED when the signal aborts
   */
  sign(request: TokenSignRequest): Promise<void>
  /**
   * Replaces the PIN; left out where the source cannot.
   * @throws as `sign`; {TokenError} TOKEN_PIN_INVALID {min, max}, TOKEN_UNSUPPORTED {operation}
   */
  changePin?(request: TokenPinRequest): Promise<void>
  /**
   * Gives the token a new PIN by its PUK; left out where the source cannot.
   * @throws as `changePin`; {TokenError} TOKEN_PUK_INCORRECT {remaining}, TOKEN_PUK_LOCKED
   */
  unblock?(request: TokenPinRequest): Promise<void>
  close(): Promise<void>
}
