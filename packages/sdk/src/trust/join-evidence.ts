/**
 * Files that hold several signatures, each in a file of its own.
 * @module
 */
import type { Evidence } from './validation-data.ts'

/** What must be provable of all of them, in their order. */
export function joinEvidence(all: readonly Evidence[]): Evidence {
  return {
    signers: all.flatMap(({ signers }) => signers),
    tokens: all.flatMap(({ tokens }) => tokens),
    pool: all.flatMap(({ pool }) => pool),
  }
}
