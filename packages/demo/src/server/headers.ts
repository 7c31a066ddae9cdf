/**
 * The headers of every answer: the page may run its own script, talk to the bridge, and nothing else.
 * @module
 */

import { SECURE_ABOVE } from '@trien/sdk/wire'

/** Writes the Content-Security-Policy of the portal for the ports where its bridge may listen, by ws and by wss. */
export function contentSecurityPolicy(bridgePorts: readonly number[]): string {
  const bridges = [
    ...bridgePorts.map((port) => `ws://127.0.0.1:${port}`),
    ...bridgePorts.map((port) => `wss://127.0.0.1:${port + SECURE_ABOVE}`),
  ]
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
