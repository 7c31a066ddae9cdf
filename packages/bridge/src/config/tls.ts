/**
 * argv of `tls`.
 * @module
 */
import { parseOptions } from '../config.ts'
import { CommandFailure } from '../failure.ts'

/** What `tls` is asked to do. */
export type TlsConfig =
  | { readonly deed: 'status'; readonly json: boolean }
  | { readonly deed: 'install'; readonly renew: boolean }
  | { readonly deed: 'remove' }
  | { readonly deed: 'policy' }

/** @throws {CommandFailure} naming the argument that is wrong */
export function parseTlsArguments([deed, ...rest]: readonly string[]): TlsConfig {
  if (deed === 'status') {
    return { deed, json: parseOptions(rest, { json: { type: 'boolean' } }).json ?? false }
  }
  if (deed === 'install') {
    return { deed, renew: parseOptions(rest, { renew: { type: 'boolean' } }).renew ?? false }
  }
  if (deed === 'remove' || deed === 'policy') {
    parseOptions(rest, {})
    return { deed }
  }
  throw new CommandFailure(`cannot read: tls ${deed ?? ''}`.trim(), 'trien-bridge tls status')
}
