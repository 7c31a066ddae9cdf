/**
 * argv of `tokens`.
 * @module
 */
import type { Language } from '@trien/sdk/errors'
import {
  type TokenConfig,
  findModule,
  findPinentry,
  parseLanguage,
  parseOptions,
} from '../config.ts'
import { CommandFailure } from '../failure.ts'

/** What a person has done to a PIN. */
export interface PinCareConfig extends TokenConfig {
  readonly deed: 'change-pin' | 'unblock'
  /** Serial number or label; undefined where there is but one token. */
  readonly token: string | undefined
  /** Absolute path of a pinentry. */
  readonly pinentry: string | undefined
  readonly language: Language | undefined
}

/** What `tokens` is asked to do. */
export type TokensConfig =
  (TokenConfig & { readonly deed: 'list'; readonly json: boolean }) | PinCareConfig

const DEEDS = ['change-pin', 'unblock'] as const

/** @throws {CommandFailure} naming the argument that is wrong */
export function parseTokensArguments(args: readonly string[]): TokensConfig {
  const [first, ...rest] = args
  const deed = DEEDS.find((known) => known === first)
  if (deed !== undefined) return parsePinCare(deed, rest)
  const values = parseOptions(args, {
    module: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  })
  return { deed: 'list', ...toTokenConfig(values.module), json: values.json ?? false }
}

function parsePinCare(deed: PinCareConfig['deed'], args: readonly string[]): PinCareConfig {
  const [first] = args
  const token = first === undefined || first.startsWith('-') ? undefined : first
  const values = parsePinOptions(deed, token === undefined ? args : args.slice(1))
  return {
    deed,
    token,
    ...toTokenConfig(values.module),
    pinentry: values.pinentry === undefined ? undefined : findPinentry(values.pinentry),
    language: values.language === undefined ? undefined : parseLanguage(values.language),
  }
}

/** Says nothing of what stands there beside a token: it may be a PIN. */
function parsePinOptions(deed: PinCareConfig['deed'], args: readonly string[]) {
  try {
    return parseOptions(args, {
      module: { type: 'string', multiple: true },
      pinentry: { type: 'string' },
      language: { type: 'string' },
    })
  } catch (error) {
    if (!isUnexpectedWord(error)) throw error
    throw new CommandFailure(
      'one token is named, and nothing else: PINs are typed into the dialog that opens',
      `trien-bridge tokens ${deed}`,
    )
  }
}

function isUnexpectedWord(error: unknown): boolean {
  const cause = error instanceof CommandFailure ? (error.cause as { code?: unknown }) : undefined
  return cause?.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL'
}

function toTokenConfig(files: readonly string[] = []): TokenConfig {
  return { modules: files.map(findModule), discovery: files.length === 0 }
}
