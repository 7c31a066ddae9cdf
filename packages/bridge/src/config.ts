/**
 * The command line, read: argv → what a command is asked to do. Beside it, only the files of `settings/`
 * configure the bridge, and a page configures nothing.
 * @module
 */
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import type { Language } from '@trien/sdk/errors'
import { PORTS, SECURE_ABOVE } from '@trien/sdk/wire'
import { CommandFailure } from './failure.ts'

/** Which tokens a command looks at. */
export interface TokenConfig {
  /** Absolute paths of PKCS#11 modules; where there are any, no other is looked at. */
  readonly modules: readonly string[]
  /** Find out by itself which modules the machine has. */
  readonly discovery: boolean
}

/** What `serve` is asked to do. */
export interface ServeConfig extends TokenConfig {
  /** Tried in order; 0 stands for any free port. */
  readonly ports: readonly number[]
  /** Ports of a second ear for wss, tried in order; undefined where there is none. */
  readonly securePorts: readonly number[] | undefined
  /** Serve the embedded token. */
  readonly demo: boolean
  /** Where to write the certificate of the embedded token's authority, PEM. */
  readonly demoCaFile: string | undefined
  /** Absolute path of a pinentry. */
  readonly pinentry: string | undefined
  readonly language: Language | undefined
}

const HELP_HINT = 'trien-bridge --help'
const LANGUAGES: readonly Language[] = ['vi', 'en']

/** What `journal` is asked to do. */
export interface JournalConfig {
  readonly verb: 'show' | 'verify' | 'summary'
  readonly form: 'text' | 'json' | 'csv'
}

const JOURNAL_VERBS = ['verify', 'summary'] as const

/** What `origins` is asked to do. */
export type OriginsConfig =
  | { readonly deed: 'list'; readonly json: boolean }
  | { readonly deed: 'remove'; readonly origin: string }
  | { readonly deed: 'clear' }

/** @throws {CommandFailure} naming the argument that is wrong */
export function parseOriginsArguments(args: readonly string[]): OriginsConfig {
  const [deed, ...rest] = args
  if (deed === undefined || deed.startsWith('-')) {
    return { deed: 'list', json: parseOptions(args, { json: { type: 'boolean' } }).json ?? false }
  }
  const [origin, ...others] = rest
  if (deed === 'clear' && origin === undefined) return { deed }
  if (deed === 'remove' && origin !== undefined && others.length === 0) {
    return { deed, origin: parseOrigin(origin) }
  }
  throw new CommandFailure(
    `cannot read: origins ${args.join(' ')}`,
    'trien-bridge origins remove https://portal.example',
  )
}

/** An address as it stands in the browser's bar will do. */
function parseOrigin(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : 'null'
  if (origin !== 'null') return origin
  throw new CommandFailure(
    `not a site: ${text}`,
    'trien-bridge origins remove https://portal.example',
  )
}

/** @throws {CommandFailure} naming the argument that is wrong */
export function parseJournalArguments([first, ...rest]: readonly string[]): JournalConfig {
  const verb = JOURNAL_VERBS.find((known) => known === first)
  const args = verb === undefined && first !== undefined ? [first, ...rest] : rest
  const values = parseOptions(args, { json: { type: 'boolean' }, csv: { type: 'boolean' } })
  const { json = false, csv = false } = values
  if (csv && (json || verb !== undefined)) {
    throw new CommandFailure('--csv stands alone', 'trien-bridge journal --csv')
  }
  return { verb: verb ?? 'show', form: json ? 'json' : csv ? 'csv' : 'text' }
}

/** @throws {CommandFailure} naming the argument that is wrong */
export function parseServeArguments(args: readonly string[]): ServeConfig {
  const values = parseOptions(args, {
    port: { type: 'string' },
    tls: { type: 'boolean' },
    module: { type: 'string', multiple: true },
    'no-discovery': { type: 'boolean' },
    demo: { type: 'boolean' },
    'demo-ca': { type: 'string' },
    pinentry: { type: 'string' },
    language: { type: 'string' },
  })
  const demoCaFile = values['demo-ca']
  const demo = values.demo ?? false
  if (demoCaFile !== undefined && !demo) {
    throw new CommandFailure('--demo-ca needs --demo', `trien-bridge serve --demo --demo-ca ca.pem`)
  }
  const modules = (values.module ?? []).map(findModule)
  const port = values.port === undefined ? undefined : parsePort(values.port)
  return {
    ports: port === undefined ? PORTS : [port],
    securePorts: values.tls === true ? findSecurePorts(port) : undefined,
    modules,
    // The demo must not come upon the person's own token.
    discovery: modules.length === 0 && !demo && values['no-discovery'] !== true,
    demo,
    demoCaFile,
    pinentry: values.pinentry === undefined ? undefined : findPinentry(values.pinentry),
    language: values.language === undefined ? undefined : parseLanguage(values.language),
  }
}

/** @throws {CommandFailure} */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  if (port <= 65_535) return port
  throw new CommandFailure(`not a port: ${text}`, 'trien-bridge serve --port 27480')
}

function findSecurePorts(port: number | undefined): readonly number[] {
  if (port === undefined) return PORTS.map((plain) => plain + SECURE_ABOVE)
  if (port + SECURE_ABOVE <= 65_535) return [port === 0 ? 0 : port + SECURE_ABOVE]
  throw new CommandFailure(`no port above ${port} for wss`, 'trien-bridge serve --tls')
}

/** @throws {CommandFailure} */
export function parseLanguage(text: string): Language {
  const language = LANGUAGES.find((known) => known === text)
  if (language !== undefined) return language
  throw new CommandFailure(`not a language of ours: ${text}`, 'trien-bridge serve --language vi')
}

/** @returns an absolute path. @throws {CommandFailure} */
export function findModule(file: string): string {
  return findFile(file, constants.R_OK, 'trien-bridge serve --module /path/of/the/pkcs11/module.so')
}

/** @returns an absolute path. @throws {CommandFailure} */
export function findPinentry(file: string): string {
  return findFile(file, constants.X_OK, 'trien-bridge serve --pinentry /usr/bin/pinentry')
}

function findFile(file: string, mode: number, hint: string): string {
  const absolute = path.resolve(file)
  try {
    accessSync(absolute, mode)
    return absolute
  } catch (cause) {
    throw new CommandFailure(`cannot use ${absolute}`, hint, { cause })
  }
}

/**
 * Reads options, strictly.
 * @throws {CommandFailure}
 */
export function parseOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
): ReturnType<
  typeof parseArgs<{
    args: string[]
    options: Options
    strict: true
    allowPositionals: false
  }>
>['values'] {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(reason.charAt(0).toLowerCase() + reason.slice(1), HELP_HINT, {
      cause: error,
    })
  }
}
