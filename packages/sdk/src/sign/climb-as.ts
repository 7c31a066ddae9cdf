/**
 * A climb of what is not yet as the caller gets it: without its content, alone, or out of its Blob.
 * @module
 */
import type { Climb } from './ladder.ts'

/**
 * Takes something to its level, and makes of what was reached what the caller gets.
 * @throws what the climb throws; the error's `signed` is what the caller would have got
 */
export async function climbAs<S extends Uint8Array | Blob, T extends Uint8Array | Blob>(
  climb: Climb<S>,
  signed: S,
  make: (reached: S) => T,
): Promise<T> {
  try {
    return make(await climb(signed))
  } catch (error) {
    const failed = Object(error) as { signed?: S | T }
    if (failed.signed !== undefined) failed.signed = make(failed.signed as S)
    throw error
  }
}
