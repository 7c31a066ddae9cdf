/**
 * One change of a PIN, by the old one or by the PUK, whoever asks for it: a page, or the person from the command line.
 *
 * ```
 * token as it is now → lock → journal: asked → dialogs (who asks, which token; old, new, new again) → token → journal
 * ```
 * @module
 */
import { type Language, TokenError, isSigningError } from '@trien/sdk/errors'
import { toPinAskedEntry } from '../journal/asking.ts'
import type { Journal } from '../journal/journal.ts'
import type { PinMemory, SecretKind } from '../pin-memory.ts'
import type { NewPin, PinCareQuestion, Prompt } from '../prompt/types.ts'
import type { TokenDescription, TokenPinRequest, TokenSource } from '../token/types.ts'
import { withAccount } from './account.ts'

/** What is to be done. */
export type PinDeed = 'change-pin' | 'unblock'

/** Who asks, and for which token. */
export interface PinCare {
  readonly deed: PinDeed
  readonly source: TokenSource
  /** As it was just read. */
  readonly token: TokenDescription
  /** Undefined where the person asks from the command line. */
  readonly origin: string | undefined
  readonly language: Language
  readonly announcePage: (url: string) => void
  readonly signal: AbortSignal
}

/** What it takes. */
export interface PinCareTools {
  readonly prompt: Prompt
  readonly journal: Journal | undefined
  readonly pinMemory: PinMemory
  /** Waits for the turn of the dialog. */
  readonly takeDialog: <T>(show: (signal: AbortSignal) => Promise<T>) => Promise<T>
}

/** Where the token does not say. */
const ANY_LENGTH = { min: 1, max: 64 }

/**
 * @throws {TokenError} TOKEN_UNSUPPORTED {operation}, and as `TokenSource.changePin` or `unblock`
 * @throws {UserError} USER_CANCELLED, USER_TIMEOUT
 * @throws {BridgeError} BRIDGE_NO_PROMPT, BRIDGE_INTERNAL where the journal cannot be written
 */
export async function runPinCare(care: PinCare, tools: PinCareTools): Promise<void> {
  const { deed, source, token, origin = null, signal } = care
  const act = deed === 'unblock' ? source.unblock : source.changePin
  if (act === undefined) throw new TokenError('TOKEN_UNSUPPORTED', { details: { operation: deed } })
  assertUnlocked(care)
  const asked = toPinAskedEntry({ deed, origin, token })
  await withAccount(tools.journal, asked, async (account) => {
    const given = await tools.takeDialog(async (dialog) => {
      await account.open()
      dialog.throwIfAborted()
      return tools.prompt.askNewPin(describeQuestion(care, tools.pinMemory), dialog)
    })
    signal.throwIfAborted()
    await withMemory(care, tools.pinMemory, () => act(toRequest(care, given)))
  })
}

/** A secret that the token will not try is not asked. */
function assertUnlocked({ deed, token }: PinCare): void {
  if (deed === 'unblock' && token.pukState === 'locked') throw new TokenError('TOKEN_PUK_LOCKED')
  if (deed === 'change-pin' && token.pinState === 'locked') throw new TokenError('TOKEN_PIN_LOCKED')
}

/**
 * Once the secrets are given the token is let finish, whoever goes away: a driver that is ended in the middle of this
 * leaves a PIN of which nobody knows whether it is the old or the new one. On a keypad it has not begun yet.
 */
function toRequest({ token, signal }: PinCare, given: NewPin | undefined): TokenPinRequest {
  if (given === undefined) return { token, secret: undefined, newPin: undefined, signal }
  return { token, ...given, signal: new AbortController().signal }
}

function describeQuestion(care: PinCare, memory: PinMemory): PinCareQuestion {
  const { deed, token, origin, language, announcePage } = care
  const isUnblock = deed === 'unblock'
  const kind = isUnblock ? 'puk' : 'pin'
  const state = isUnblock ? (token.pukState ?? 'ok') : token.pinState
  return {
    kind: deed,
    origin,
    language,
    announcePage,
    tokenLabel: token.label,
    tokenSerial: token.serial,
    tries: { state, wrong: memory.countWrong(token, kind) },
    pinLength: token.pinLength ?? ANY_LENGTH,
    asksPin: !token.protectedAuthentication,
  }
}

/** A right PUK proves the new PIN too; a new PIN that was refused says that the secret before it was right. */
async function withMemory(
  { deed, token }: PinCare,
  memory: PinMemory,
  work: () => Promise<void>,
): Promise<void> {
  const own: SecretKind = deed === 'unblock' ? 'puk' : 'pin'
  const forget = (): void => {
    memory.forget(token, own)
    if (deed === 'unblock') memory.forget(token, 'pin')
  }
  try {
    await work()
    forget()
  } catch (error) {
    const code = isSigningError(error) ? error.code : undefined
    if (code === 'TOKEN_PIN_INCORRECT' || code === 'TOKEN_PUK_INCORRECT') {
      memory.noteWrong(token, own)
    } else if (code === 'TOKEN_PIN_LOCKED' || code === 'TOKEN_PUK_LOCKED') {
      memory.forget(token, own)
    }
    throw error
  }
}
