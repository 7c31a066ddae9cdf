/**
 * What the browser says of this page's right to reach programs on the same machine: Local Network Access, permission
 * `loopback-network` (Chromium 145, Firefox 151), `local-network-access` in Chromium 142 to 144, unknown elsewhere.
 * @module
 */

/** `ungated`: the browser asks nobody. */
export type LoopbackPermission = PermissionState | 'ungated'

/** The permission and its changes. */
export interface PermissionWatch {
  /** Asks the browser anew; never makes it ask the person. */
  read(): Promise<LoopbackPermission>
  /** Why a denial came: the person (or an administrator), an iframe without `allow`, or the page's Permissions-Policy. */
  denialReason(): 'denied' | 'iframe' | 'permissions-policy'
  /** Tells of changes by person or browser; returns what ends that. */
  listen(listener: (state: PermissionState) => void): () => void
}

const NAMES = ['loopback-network', 'local-network-access'] as const

/** Watches the permission of this page or worker. */
export function watchPermission(): PermissionWatch {
  const listeners = new Set<(state: PermissionState) => void>()
  let watched: PermissionStatus | undefined
  return {
    async read() {
      const status = isLoopbackPage() ? undefined : await query()
      if (status === undefined) return 'ungated'
      if (watched === undefined) {
        watched = status
        status.onchange = () => listeners.forEach((listener) => listener(status.state))
      }
      return status.state
    },
    denialReason: () =>
      isForbiddenByPolicy() ? (isFramed() ? 'iframe' : 'permissions-policy') : 'denied',
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

async function query(): Promise<PermissionStatus | undefined> {
  for (const name of NAMES) {
    try {
      return await globalThis.navigator.permissions.query({ name: name as PermissionName })
    } catch {
      // A TypeError: this browser does not know the name (or there is no navigator at all).
    }
  }
  return undefined
}

/** A page that itself came from this machine is never asked about it. */
function isLoopbackPage(): boolean {
  return /^(127\.0\.0\.1|\[::1\]|(.+\.)?localhost)$/.test(globalThis.location?.hostname ?? '')
}

function isFramed(): boolean {
  return globalThis.parent !== globalThis.window
}

function isForbiddenByPolicy(): boolean {
  const { featurePolicy } = (globalThis.document ?? {}) as {
    featurePolicy?: { features(): string[]; allowsFeature(name: string): boolean }
  }
  return NAMES.some(
    (name) =>
      featurePolicy?.features().includes(name) === true && !featurePolicy.allowsFeature(name),
  )
}

/**
 * Whether the browser may ask the person now: only as the answer to a click or key. Where the browser cannot tell
 * (workers, older browsers) it is the caller who knows.
 */
export function isUserGesture(): boolean {
  return globalThis.navigator?.userActivation?.isActive ?? true
}
