import { isSigningError } from '@trien/sdk/errors'

/** The code of the error that some work ends in, `success` where it succeeds; what is no error of ours as it is. */
export function codeOf(work: Promise<unknown>, success = 'signed'): Promise<unknown> {
  return work.then(
    () => success,
    (error: unknown) => (isSigningError(error) ? error.code : error),
  )
}
