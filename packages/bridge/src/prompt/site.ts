/**
 * The name of a site as a person reads it.
 * @module
 */

/** Second-level names under which country registries let people register: `gov.vn`, `com.vn`, `co.uk`. */
const PUBLIC_SECOND_LEVEL: readonly string[] = [
  ...['ac', 'biz', 'co', 'com', 'edu', 'gob', 'gov', 'go', 'health', 'id', 'info', 'int', 'mil'],
  ...['name', 'ne', 'net', 'or', 'org', 'pro'],
]

/** Names under which anybody gets a site in a minute: showing `github.io` alone would lend it the wrong face. */
const SHARED_HOSTS: readonly string[] = [
  ...['appspot.com', 'azurewebsites.net', 'blogspot.com', 'cloudfront.net', 'firebaseapp.com'],
  ...['fly.dev', 'github.io', 'gitlab.io', 'herokuapp.com', 'netlify.app', 'ngrok-free.app'],
  ...['ngrok.io', 'onrender.com', 'pages.dev', 'run.app', 'vercel.app', 'web.app', 'workers.dev'],
]

/**
 * Finds the part of an origin that somebody had to register, so that `bank.vn.evil.example` is shown as
 * `evil.example`. A guess without the Public Suffix List (a province of `.vn` may be cut too short), so the
 * full origin is always shown beside it.
 * @param origin as the gate admitted it
 * @returns host, and port where it is not the scheme's own
 */
export function findSiteName(origin: string): string {
  const { hostname, host, port } = new URL(origin)
  const labels = hostname.replace(/\.$/, '').split('.')
  const isAddress = hostname.startsWith('[') || /^\d+$/.test(labels.at(-1) ?? '')
  if (isAddress || labels.length <= 2) return host
  const [second = '', top = ''] = labels.slice(-2)
  const isPublic =
    (top.length === 2 && PUBLIC_SECOND_LEVEL.includes(second)) ||
    SHARED_HOSTS.includes(`${second}.${top}`)
  const site = labels.slice(isPublic ? -3 : -2).join('.')
  return port === '' ? site : `${site}:${port}`
}
