/**
 * The command line, read: argv → what a command is asked to do. Nothing else configures the bridge, and a page
 * configures nothing.
 * @module
 */
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { PORTS } from '@trien/sdk/wire'
import { CommandFailure } from './failure.ts'

/** What `serve` is asked to do. */
export interface ServeConfig {
  /** Tried in order; 0 stands for any free port. */
  readonly ports: readonly number[]
}

const HELP_HINT = 'trien-bridge --help'

/** @throws {CommandFailure} naming the argument that is wrong */
export function parseServeArguments(args: readonly string[]): ServeConfig {
  const { values } = parse(args, { port: { type: 'string' } })
  return { ports: values.port === undefined ? PORTS : [parsePort(values.port)] }
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  if (!(port <= 65_535)) {
    throw new CommandFailure(`not a port: ${text}`, 'trien-bridge serve --port 27480')
  }
  return port
}

function parse<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(reason.charAt(0).toLowerCase() + reason.slice(1), HELP_HINT)
  }
}
