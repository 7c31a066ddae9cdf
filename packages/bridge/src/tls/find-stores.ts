/**
 * Every place of this person and this system where browsers look up whom they believe.
 * @module
 */
import { homedir } from 'node:os'
import { findCertutil, findNssStores } from './nss.ts'
import { createKeychainStore, createWindowsStore } from './system-store.ts'
import type { TrustStore } from './trust-store.ts'

/** What there is, and the program that is missing to reach more. */
export interface FoundStores {
  readonly stores: readonly TrustStore[]
  readonly missing: 'certutil' | undefined
}

/** Finds the places; opens none. */
export function findTrustStores(
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): FoundStores {
  const certutil = findCertutil()
  const system =
    platform === 'darwin'
      ? [createKeychainStore(home)]
      : platform === 'win32'
        ? [createWindowsStore(process.env['SystemRoot'] ?? 'C:\\Windows')]
        : []
  const nss =
    certutil === undefined || platform === 'win32' ? [] : findNssStores(certutil, home, platform)
  return {
    stores: [...system, ...nss],
    missing: platform === 'linux' && certutil === undefined ? 'certutil' : undefined,
  }
}
