/**
 * Turns the bridge's questions into dialogs, whatever the face: the words, the order, and what is asked again.
 * @module
 */
import { UserError } from '@trien/sdk/errors'
import { PERSON_TIMEOUT_MS } from '@trien/sdk/wire'
import type { SecretKind } from '../pin-memory.ts'
import type { Asking, Face, SecretWords, Words } from './face.ts'
import { isLastTry, wordLastTry } from './last-try.ts'
import { askNewPin } from './new-pin.ts'
import { PHRASES } from './phrases.ts'
import type { Asked, Prompt, SignQuestion, TokenAsked, Tries } from './types.ts'
import { wordList, wordSignWithin } from './wording.ts'

/**
 * Makes the prompt of a face.
 * @param timeoutMs how long a person may take for one question, all its dialogs together
 */
export function createPrompt(face: Face, timeoutMs: number = PERSON_TIMEOUT_MS): Prompt {
  return {
    confirmList: (question, signal) =>
      withTalk({ face, timeoutMs, question, signal }, async (talk) => {
        if (!(await talk.confirm(wordList(question)))) throw new UserError('USER_DENIED')
      }),
    askNewPin: (question, signal) =>
      withTalk({ face, timeoutMs, question, signal }, async (talk) => {
        const kind = question.kind === 'unblock' ? 'puk' : 'pin'
        await confirmLastTry(talk, question, kind, question.tries)
        return askNewPin(talk, question)
      }),
    askSign: (question, signal) =>
      withTalk({ face, timeoutMs, question, signal }, (talk) => askSign(face, talk, question)),
  }
}

async function askSign(
  face: Face,
  talk: Talk,
  question: SignQuestion,
): Promise<string | undefined> {
  await confirmLastTry(talk, question, 'pin', {
    state: question.pinState,
    wrong: question.wrongPins,
  })
  const label = PHRASES[question.language].pin
  const withField = (words: Words): SecretWords => ({ ...words, label, notice: undefined })
  const words = wordSignWithin(
    question,
    (candidate) => face.hasRoomFor?.(question.asksPin ? withField(candidate) : candidate) ?? true,
  )
  if (question.asksPin) return talk.askSecret(withField(words))
  if (!(await talk.confirm(words))) throw new UserError('USER_CANCELLED')
  return undefined
}

/** @throws {UserError} USER_CANCELLED where the person goes back: no try was spent */
async function confirmLastTry(
  talk: Talk,
  question: TokenAsked,
  kind: SecretKind,
  tries: Tries,
): Promise<void> {
  if (!isLastTry(tries)) return
  if (!(await talk.confirm(wordLastTry(question, kind, tries)))) {
    throw new UserError('USER_CANCELLED')
  }
}

/** The dialogs of one question. */
interface Talk {
  /** @returns whether the person agreed */
  confirm(words: Words): Promise<boolean>
  /** Asks until something was typed: an empty PIN would cost a try on some tokens. */
  askSecret(words: SecretWords): Promise<string>
}

interface TalkOptions {
  readonly face: Face
  readonly timeoutMs: number
  readonly question: Asked
  readonly signal: AbortSignal
}

async function withTalk<T>(options: TalkOptions, use: (talk: Talk) => Promise<T>): Promise<T> {
  const { face } = options
  try {
    return await use(openTalk(options))
  } finally {
    face.end?.()
  }
}

function openTalk({ face, timeoutMs, question, signal }: TalkOptions): Talk {
  const deadline = performance.now() + timeoutMs
  const nextAsking = (): Asking => {
    const leftMs = deadline - performance.now()
    if (leftMs <= 0) throw new UserError('USER_TIMEOUT')
    return { signal, timeoutMs: leftMs, announcePage: question.announcePage }
  }
  return {
    confirm: async (words) => face.confirm(words, nextAsking()),
    async askSecret(words) {
      let asked = words
      for (;;) {
        const secret = await face.askSecret(asked, nextAsking())
        if (secret !== '') return secret
        asked = { ...words, notice: PHRASES[words.language].emptyPin }
      }
    },
  }
}
