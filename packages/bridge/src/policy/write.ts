/**
 * Policy files that let the pages of named sites reach the bridge without the browser's question. Nothing else is opened:
 * other devices of the network stay closed (`LocalNetworkAccessAllowedForUrls` would open them as well), and other sites
 * are asked as before.
 *
 * - Chrome, Chromium and Edge, from 146: `LoopbackNetworkAllowedForUrls`. It yields to `LoopbackNetworkBlockedForUrls`.
 * - Firefox: `LocalNetworkAccess` / `SkipDomains`, which names hosts and knows no scheme and no port.
 * @module
 */
import { POLICY_BROWSERS, type PolicyBrowser, type PolicyFormat } from './browsers.ts'

export interface PolicyWish {
  readonly browser: PolicyBrowser
  readonly format: PolicyFormat
  /** Serialised https origins, which hold nothing that one of the formats would have to escape. */
  readonly origins: readonly string[]
}

/** Writes the whole file. */
export function writePolicy({ browser, format, origins }: PolicyWish): string {
  const { kind } = POLICY_BROWSERS[browser]
  const isFirefox = kind === 'firefox'
  const values = isFirefox ? origins.map((origin) => new URL(origin).hostname) : origins
  if (format === 'json') {
    const policies = isFirefox
      ? { policies: { LocalNetworkAccess: { SkipDomains: values } } }
      : { LoopbackNetworkAllowedForUrls: values }
    return `${JSON.stringify(policies, null, 2)}\n`
  }
  return format === 'reg' ? writeReg(browser, values) : writePlist(isFirefox, values)
}

/** Where the file goes, for the person who puts it there. */
export function findPlace({ browser, format }: PolicyWish): string {
  const { kind, linux, darwin } = POLICY_BROWSERS[browser]
  if (format === 'json') return `${linux}/${kind === 'firefox' ? 'policies' : 'trien'}.json`
  if (format === 'reg') return 'reg.exe import trien.reg, as administrator'
  return `/Library/Managed Preferences/${darwin}.plist, by the management of your Macs`
}

function writeReg(browser: PolicyBrowser, values: readonly string[]): string {
  const { kind, registry } = POLICY_BROWSERS[browser]
  const policy =
    kind === 'firefox' ? 'LocalNetworkAccess\\SkipDomains' : 'LoopbackNetworkAllowedForUrls'
  const lines = [
    'Windows Registry Editor Version 5.00',
    '',
    `[HKEY_LOCAL_MACHINE\\${registry}\\${policy}]`,
    ...values.map((value, index) => `"${index + 1}"="${value}"`),
    '',
  ]
  return lines.map((line) => `${line}\r\n`).join('')
}

function writePlist(isFirefox: boolean, values: readonly string[]): string {
  const list = ['<array>', ...values.map((value) => `  <string>${value}</string>`), '</array>']
  const body = isFirefox
    ? [
        '<key>EnterprisePoliciesEnabled</key>',
        '<true/>',
        '<key>LocalNetworkAccess</key>',
        '<dict>',
        ...['<key>SkipDomains</key>', ...list].map((line) => `  ${line}`),
        '</dict>',
      ]
    : ['<key>LoopbackNetworkAllowedForUrls</key>', ...list]
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
${body.map((line) => `  ${line}`).join('\n')}
</dict>
</plist>
`
}
