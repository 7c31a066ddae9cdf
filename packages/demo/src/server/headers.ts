/**
 * The headers of every answer: the page may run its own script, talk to the bridge, and nothing else.
 * @module
 */

/** Writes the Content-Security-Policy of the portal for the ports where its bridge may listen. */
export function contentSecurityPolicy(bridgePorts: readonly number[]): string {
  const bridges = bridgePorts.map((port) => `ws://127.0.0.1:${port}`)
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    `connect-src 'self' ${bridges.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Makes the headers that every answer carries. */
export function securityHeaders(bridgePorts: readonly number[]): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(bridgePorts),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  }
}
