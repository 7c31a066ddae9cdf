/**
 * Keeps what a running bridge shows on wss fresh: a computer that is never turned off would otherwise show one certificate
 * until it has ended, and one that the person replaced by hand for as long.
 * @module
 */
import type { TlsIdentity } from './identity.ts'

const LOOK_EVERY_MS = 12 * 60 * 60 * 1000

/** What time it is, and how it passes. */
export interface Clock {
  now(): Date
  /** Calls again and again; returns what ends that. */
  every(pauseMs: number, deed: () => void): () => void
}

const SYSTEM_CLOCK: Clock = {
  now: () => new Date(),
  every(pauseMs, deed) {
    const timer = setInterval(deed, pauseMs)
    timer.unref()
    return () => {
      clearInterval(timer)
    }
  },
}

/** What is watched, and who acts. */
export interface TlsWatch {
  /** What is shown when the watch begins. */
  readonly identity: TlsIdentity
  /** @returns the one to show from now on, renewed where it was due; or the same */
  readonly refresh: (shown: TlsIdentity, now: Date) => Promise<TlsIdentity>
  /** Told of another one. */
  readonly show: (identity: TlsIdentity) => void
  readonly onError: (error: unknown) => void
}

/** Starts to watch; returns what ends that. */
export function watchTls(
  { identity, refresh, show, onError }: TlsWatch,
  clock = SYSTEM_CLOCK,
): () => void {
  let shown = identity
  const look = async (): Promise<void> => {
    const next = await refresh(shown, clock.now())
    if (next.leaf.fingerprint256 === shown.leaf.fingerprint256) return
    shown = next
    show(next)
  }
  return clock.every(LOOK_EVERY_MS, () => {
    look().catch(onError)
  })
}
