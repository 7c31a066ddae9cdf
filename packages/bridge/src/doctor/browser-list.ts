/**
 * Browsers, and where each system has them. Data only. The places on Windows and macOS come from the vendors' documents.
 * @module
 */

/** One browser. */
export interface KnownBrowser {
  readonly name: string
  /** Asks for a permission before a page may reach the bridge. */
  readonly kind: 'chromium' | 'firefox'
  /** Programs that are looked for in the system's folders. */
  readonly linux: readonly string[]
  /** Names of flatpak and snap. */
  readonly packaged: readonly string[]
  readonly darwin: readonly string[]
  /** Below the folders of programs; `X` is followed by a folder for each version. */
  readonly windows: readonly string[]
}

export const KNOWN_BROWSERS: readonly KnownBrowser[] = [
  {
    name: 'Chrome',
    kind: 'chromium',
    linux: ['google-chrome-stable', 'google-chrome'],
    packaged: ['com.google.Chrome'],
    darwin: ['Google Chrome'],
    windows: ['Google\\Chrome\\Application\\chrome.exe'],
  },
  {
    name: 'Chromium',
    kind: 'chromium',
    linux: ['chromium', 'chromium-browser'],
    packaged: ['chromium', 'org.chromium.Chromium'],
    darwin: ['Chromium'],
    windows: ['Chromium\\Application\\chrome.exe'],
  },
  {
    name: 'Edge',
    kind: 'chromium',
    linux: ['microsoft-edge-stable', 'microsoft-edge'],
    packaged: ['com.microsoft.Edge'],
    darwin: ['Microsoft Edge'],
    windows: ['Microsoft\\Edge\\Application\\msedge.exe'],
  },
  {
    name: 'Brave',
    kind: 'chromium',
    linux: ['brave-browser-stable', 'brave-browser'],
    packaged: ['brave', 'com.brave.Browser'],
    darwin: ['Brave Browser'],
    windows: ['BraveSoftware\\Brave-Browser\\Application\\brave.exe'],
  },
  {
    name: 'Cốc Cốc',
    kind: 'chromium',
    linux: ['coccoc-browser-stable', 'coccoc-browser'],
    packaged: [],
    darwin: ['CocCoc'],
    windows: ['CocCoc\\Browser\\Application\\browser.exe'],
  },
  {
    name: 'Firefox',
    kind: 'firefox',
    linux: ['firefox', 'firefox-esr'],
    packaged: ['firefox', 'org.mozilla.firefox'],
    darwin: ['Firefox'],
    windows: ['Mozilla Firefox\\firefox.exe'],
  },
]
