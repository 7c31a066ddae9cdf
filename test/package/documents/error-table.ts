/**
 * The README's table of errors, written from the catalogue.
 * @module
 */
import { ERROR_TEXTS } from '@trien/sdk/error-texts'
import { CATALOGUE, type ErrorCode } from '@trien/sdk/errors'

const FAMILIES: readonly { prefix: string; title: string }[] = [
  { prefix: 'USAGE', title: '`UsageError`: the portal’s developer acts' },
  { prefix: 'BRIDGE', title: '`BridgeError`: the environment must change' },
  { prefix: 'USER', title: '`UserError`: the person decided' },
  { prefix: 'TOKEN', title: '`TokenError`: the person and the hardware' },
  { prefix: 'FORMAT', title: '`FormatError`: the document cannot be signed as it is' },
  { prefix: 'TRUST', title: '`TrustError`: an authority did not do its part' },
]

/** Writes one table a class of errors, each code with its Vietnamese and English words; ↻ marks what may be retried. */
export function encodeErrorTables(): string {
  const codes = Object.keys(CATALOGUE) as ErrorCode[]
  return FAMILIES.map(({ prefix, title }) => {
    const rows = codes.filter((code) => code.startsWith(`${prefix}_`)).map(encodeRow)
    return [title, '', '| code | what happened | what to do next |', '|---|---|---|', ...rows].join(
      '\n',
    )
  }).join('\n\n')
}

function encodeRow(code: ErrorCode): string {
  const { retryable } = CATALOGUE[code]
  const { sentence, remedy } = ERROR_TEXTS[code]
  const both = (text: { readonly vi: string; readonly en: string }): string =>
    `${text.vi}<br>${text.en}`
  return `| \`${code}\`${retryable ? ' ↻' : ''} | ${both(sentence)} | ${both(remedy)} |`
}
