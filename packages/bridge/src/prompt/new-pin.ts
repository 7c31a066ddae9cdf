/**
 * The dialogs in which a person changes or unlocks a PIN: the secret so far, the new PIN, the new PIN again. What does
 * not fit is asked again here, before the token hears of it, and so costs no try.
 * @module
 */
import { UserError } from '@trien/sdk/errors'
import { plainLine, shortenMiddle } from '../plain-text.ts'
import type { SecretWords, Words } from './face.ts'
import { wordTries } from './last-try.ts'
import { PIN_PHRASES } from './pin-phrases.ts'
import { wordAsker } from './site.ts'
import type { NewPin, PinCareQuestion } from './types.ts'

const MAX_NAME = 60

/** The dialogs that are needed, as `createPrompt` gives them. */
export interface PinCareTalk {
  confirm(words: Words): Promise<boolean>
  /** Asks until something was typed. */
  askSecret(words: SecretWords): Promise<string>
}

/** @throws {UserError} USER_CANCELLED, and what the dialogs throw */
export async function askNewPin(
  talk: PinCareTalk,
  question: PinCareQuestion,
): Promise<NewPin | undefined> {
  const say = PIN_PHRASES[question.language]
  if (!question.asksPin) {
    const words = wordCare(question, [say.useKeypad])
    if (!(await talk.confirm({ ...words, warnings: warn(question) }))) {
      throw new UserError('USER_CANCELLED')
    }
    return undefined
  }
  const { label } = say.care[question.kind]
  const words = { ...wordCare(question, []), warnings: warn(question) }
  const secret = await talk.askSecret({ ...words, label, notice: undefined })
  const { min, max } = question.pinLength
  const wordsOfNew = wordCare(question, [say.newText(min, max)])
  const wordsOfAgain = wordCare(question, [say.againText])
  for (let notice: string | undefined; ;) {
    const newPin = await talk.askSecret({ ...wordsOfNew, label: say.newLabel, notice })
    notice = findFault(question, secret, newPin)
    if (notice !== undefined) continue
    const again = await talk.askSecret({ ...wordsOfAgain, label: say.againLabel, notice })
    if (again === newPin) return { secret, newPin }
    notice = say.differ
  }
}

function warn({ kind, language, tries }: PinCareQuestion): string[] {
  // What the words say of a state is said of a PIN.
  const warning = wordTries(language, kind === 'unblock' ? { ...tries, state: 'ok' } : tries)
  return warning === undefined ? [] : [warning]
}

function findFault(
  { kind, language, pinLength: { min, max } }: PinCareQuestion,
  secret: string,
  newPin: string,
): string | undefined {
  const say = PIN_PHRASES[language]
  const length = Buffer.byteLength(newPin)
  if (length < min || length > max) return say.badLength(min, max)
  return kind === 'change-pin' && newPin === secret ? say.sameAsOld : undefined
}

function wordCare(question: PinCareQuestion, more: readonly string[]): Words {
  const { kind, origin, language, tokenLabel, tokenSerial } = question
  const say = PIN_PHRASES[language]
  const { title, wants, means } = say.care[kind]
  const shorten = (text: string): string => shortenMiddle(plainLine(text), MAX_NAME)
  return {
    language,
    title,
    heading: wordAsker(origin, language),
    lines: [
      ...(origin === undefined ? [] : [`(${origin})`]),
      wants,
      '',
      say.token(shorten(tokenLabel), shorten(tokenSerial)),
      means,
      ...(more.length === 0 ? [] : ['', ...more]),
    ],
    warnings: [],
    accept: say.next,
    refuse: say.cancel,
  }
}
