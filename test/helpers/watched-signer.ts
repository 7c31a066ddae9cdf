/**
 * A signer that keeps what it was asked.
 * @module
 */
import type { Signer, SigningRequest } from '@trien/sdk/types'

/** @returns the same signer, and every request in the order in which it came */
export function watched(inner: Signer): Signer & { readonly asked: SigningRequest[] } {
  const asked: SigningRequest[] = []
  return {
    ...inner,
    asked,
    sign(requests, options) {
      asked.push(...requests)
      return inner.sign(requests, options)
    },
  }
}
