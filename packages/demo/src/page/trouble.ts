/**
 * Turns whatever was thrown into something the page can show.
 * @module
 */
import { describeError } from '@trien/sdk/error-texts'
import { isSigningError } from '@trien/sdk/errors'
import type { Trouble } from './state.ts'
import { say } from './text.ts'

/** Names what went wrong in a step. Sentences come from the SDK's catalogue wherever the error is one of its own. */
export function troubleOf(error: unknown, step: Trouble['step']): Trouble {
  if (isSigningError(error)) {
    const { remaining } = error.details
    return {
      step,
      code: error.code,
      remaining,
      describe: (language) => describeError(error, language),
    }
  }
  console.error(error)
  return {
    step,
    code: 'PAGE',
    remaining: undefined,
    describe: (language) => ({
      sentence: say(language, 'trouble.unknown'),
      remedy: say(language, 'trouble.unknown.remedy'),
    }),
  }
}

/** As `troubleOf`, where nothing was to be signed. */
export function troubleOfPin(error: unknown): Trouble {
  const trouble = troubleOf(error, 'pin')
  if (trouble.code !== 'USER_CANCELLED') return trouble
  return {
    ...trouble,
    describe: (language) => ({
      sentence: say(language, 'pin.cancelled'),
      remedy: say(language, 'pin.cancelled.remedy'),
    }),
  }
}

/** A token was found, but nothing on it to sign with. */
export const NO_CERTIFICATE: Trouble = {
  step: 'certificate',
  code: 'NO_CERTIFICATE',
  remaining: undefined,
  describe: (language) => ({
    sentence: say(language, 'certificate.none'),
    remedy: say(language, 'certificate.none.remedy'),
  }),
}
