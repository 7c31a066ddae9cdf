/**
 * Browsers that an administrator can tell which sites may reach the bridge, and where each reads that. Data only.
 * @module
 */

/** By the name on the command line. */
export const POLICY_BROWSERS = {
  chrome: {
    kind: 'chromium',
    linux: '/etc/opt/chrome/policies/managed',
    registry: 'SOFTWARE\\Policies\\Google\\Chrome',
    darwin: 'com.google.Chrome',
  },
  chromium: {
    kind: 'chromium',
    linux: '/etc/chromium/policies/managed',
    registry: 'SOFTWARE\\Policies\\Chromium',
    darwin: 'org.chromium.Chromium',
  },
  edge: {
    kind: 'chromium',
    linux: '/etc/opt/edge/policies/managed',
    registry: 'SOFTWARE\\Policies\\Microsoft\\Edge',
    darwin: 'com.microsoft.Edge',
  },
  firefox: {
    kind: 'firefox',
    linux: '/etc/firefox/policies',
    registry: 'SOFTWARE\\Policies\\Mozilla\\Firefox',
    darwin: 'org.mozilla.firefox',
  },
} as const

export type PolicyBrowser = keyof typeof POLICY_BROWSERS
/** `json` for Linux, `reg` for Windows, `plist` for macOS. */
export type PolicyFormat = 'json' | 'reg' | 'plist'
