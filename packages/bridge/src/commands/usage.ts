/**
 * What `trien-bridge` prints when it is asked nothing, and what it says of each of its commands.
 * @module
 */
import { DOCTOR_HELP } from './help/doctor.ts'
import { INSTALL_HELP, UNINSTALL_HELP } from './help/install.ts'
import { JOURNAL_HELP } from './help/journal.ts'
import { ORIGINS_HELP } from './help/origins.ts'
import { POLICY_HELP } from './help/policy.ts'
import { SERVE_HELP } from './help/serve.ts'
import { TLS_HELP } from './help/tls.ts'
import { TOKENS_HELP } from './help/tokens.ts'

/** Examples; the whole of it is `trien-bridge help COMMAND`. */
export const USAGE = `usage:
    trien-bridge serve
    trien-bridge serve --demo
    trien-bridge tokens
    trien-bridge origins
    trien-bridge journal
    trien-bridge doctor
    trien-bridge install --user
    trien-bridge tls install

    trien-bridge help serve
    trien-bridge --version
`

/** By command: usage, what it does, and every option. */
export const HELP: Readonly<Record<string, string>> = {
  serve: SERVE_HELP,
  tokens: TOKENS_HELP,
  origins: ORIGINS_HELP,
  journal: JOURNAL_HELP,
  doctor: DOCTOR_HELP,
  install: INSTALL_HELP,
  uninstall: UNINSTALL_HELP,
  policy: POLICY_HELP,
  tls: TLS_HELP,
}

/** What `--help` prints: the examples, and then each command's own help. */
export function writeAllHelp(): string {
  const sections = Object.entries(HELP).map(([command, text]) => `${command}\n\n${indent(text)}`)
  return [USAGE, ...sections].join('\n')
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ')
}
