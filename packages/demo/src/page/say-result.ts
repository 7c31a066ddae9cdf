/**
 * The sentence of step 4.
 * @module
 */
import { pickedBatch, type State } from './state.ts'
import { say } from './text.ts'

/** Says that the document is signed, or how many of several are. */
export function sayResult(state: State): string {
  const files = pickedBatch(state)?.files
  if (!files) return say(state.language, 'result.sentence')
  const done = files.filter(({ step }) => step === 'done').length
  const counts = { done: String(done), total: String(files.length) }
  return say(state.language, done < files.length ? 'result.some' : 'result.all', counts)
}
