/**
 * When a wrong PIN may be the one that locks the token, and the words that warn of it. Such a try is confirmed in a
 * dialog of its own, whose default is to go back.
 * @module
 */
import { plainLine, shortenMiddle } from '../plain-text.ts'
import type { SecretKind } from '../pin-memory.ts'
import type { Words } from './face.ts'
import { PIN_PHRASES } from './pin-phrases.ts'
import { wordAsker } from './site.ts'
import type { Asked, Tries, TokenAsked } from './types.ts'

/**
 * Wrong entries after which the next may be the last. Tokens lock after 3 to 15 wrong PINs (3 by NIST SP 800-73 and on
 * the tokens of the Vietnamese government); PUKs mostly after 10, of PIV after 3.
 */
const CAUTIOUS_AFTER = 2
const MAX_NAME = 40

/** Tells whether the next wrong entry locks the token, or may. */
export function isLastTry({ state, wrong }: Tries): boolean {
  return state === 'final' || (state !== 'locked' && wrong >= CAUTIOUS_AFTER)
}

/** Words the confirmation before a last try. */
export function wordLastTry(question: TokenAsked, kind: SecretKind, tries: Tries): Words {
  const { origin, language, tokenLabel, tokenSerial } = question
  const say = PIN_PHRASES[language]
  const last = say.last[kind]
  const shorten = (text: string): string => shortenMiddle(plainLine(text), MAX_NAME)
  const token = `${shorten(tokenLabel)} (${shorten(tokenSerial)})`
  const isSure = tries.state === 'final'
  return {
    language,
    title: say.lastTitle,
    heading: wordAsker(origin, language),
    lines: [
      isSure ? last.isLast(token) : last.mayBeLast(token, tries.wrong),
      '',
      isSure ? last.ifWrong : last.ifItMayBe,
      '',
      last.instead,
    ],
    warnings: [],
    accept: last.goOn,
    refuse: say.goBack,
  }
}

/** What stands as a warning in the dialog that asks for the PIN itself. */
export function wordTries(
  language: Asked['language'],
  { state, wrong }: Tries,
): string | undefined {
  const say = PIN_PHRASES[language]
  const sentences = [state, ...(wrong > 0 ? (['wrong'] as const) : [])].map((word) =>
    word === 'wrong' ? say.wrongSoFar(wrong) : say.state[word],
  )
  const text = sentences.filter((sentence) => sentence !== undefined).join(' ')
  return text === '' ? undefined : text
}
