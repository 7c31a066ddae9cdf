/**
 * argv of `doctor`.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import { parseLanguage, parseOptions, parsePort } from '../config.ts'

/** What `doctor` is asked to do. */
export interface DoctorConfig {
  readonly json: boolean
  /** Say also what is personal. */
  readonly full: boolean
  /** Where to look for the bridge; the usual ports where left out. */
  readonly ports: readonly number[] | undefined
  readonly language: Language | undefined
}

/** @throws {CommandFailure} naming the argument that is wrong */
export function parseDoctorArguments(args: readonly string[]): DoctorConfig {
  const values = parseOptions(args, {
    json: { type: 'boolean' },
    full: { type: 'boolean' },
    port: { type: 'string' },
    language: { type: 'string' },
  })
  return {
    json: values.json ?? false,
    full: values.full ?? false,
    ports: values.port === undefined ? undefined : [parsePort(values.port)],
    language: values.language === undefined ? undefined : parseLanguage(values.language),
  }
}
