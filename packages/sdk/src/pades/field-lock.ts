/**
 * Which fields a signature locks, and what else may be changed after it.
 * @module
 */
import { wrongArgument } from '../errors.ts'

/**
 * What may be done after a signature: 1 nothing, 2 filling in and signing, 3 commenting as well (ISO 32000-2 Table 257).
 */
export type ChangeLevel = 1 | 2 | 3

/** What is locked once the field is signed (ISO 32000-2 Table 236). */
export interface FieldLock {
  /** All fields, those that are named, or all others. A name stands for the field and all below it. */
  readonly action: 'all' | 'include' | 'exclude'
  /** Full names; needed for `include` and `exclude`. */
  readonly fields?: readonly string[] | undefined
  /** What may be done to the rest of the document. Default: what could be before. PDF 2.0. */
  readonly permissions?: ChangeLevel | undefined
}

const MAX_FIELDS = 10_000
const MAX_NAME_LENGTH = 1000

/**
 * Refuses what is no lock.
 * @throws {UsageError} USAGE_ARGUMENT
 */
export function assertFieldLock(argument: string, lock: unknown): asserts lock is FieldLock {
  const { action, fields, permissions } = (lock ?? {}) as Partial<FieldLock>
  const isNamed = action === 'include' || action === 'exclude'
  if (!isNamed && action !== 'all') {
    throw wrongArgument(`${argument}.action`, 'all, include or exclude')
  }
  const names: unknown = fields
  const areNames =
    Array.isArray(names) &&
    names.length > 0 &&
    names.length <= MAX_FIELDS &&
    names.every((each) => typeof each === 'string' && each.length <= MAX_NAME_LENGTH)
  if (isNamed ? !areNames : names !== undefined) {
    throw wrongArgument(
      `${argument}.fields`,
      'names of fields for include or exclude, else nothing',
    )
  }
  if (permissions !== undefined && ![1, 2, 3].includes(permissions)) {
    throw wrongArgument(`${argument}.permissions`, '1, 2 or 3')
  }
}
