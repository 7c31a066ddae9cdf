/**
 * Which origins the person let see the certificates, since the bridge started.
 * @module
 */
export interface Consents {
  has(origin: string): boolean
  grant(origin: string): void
}

export function createConsents(): Consents {
  const granted = new Set<string>()
  return {
    has: (origin) => granted.has(origin),
    grant: (origin) => {
      granted.add(origin)
    },
  }
}
