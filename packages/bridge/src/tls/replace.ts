/**
 * A new identity in the place of the one before. The old authority's key is gone, so a new leaf takes a new authority,
 * and browsers are told of it before the bridge shows it; the old one they forget afterwards.
 * @module
 */
import { rmSync, writeFileSync } from 'node:fs'
import { createTlsIdentity } from './authority.ts'
import {
  RENEW_BEFORE_MS,
  type TlsIdentity,
  authorityFile,
  endOf,
  nameOf,
  writeTlsIdentity,
} from './identity.ts'
import { findPoliciesWith, isNamedToFirefox } from './policies.ts'
import { type TrustRow, forgetOthers, trustEverywhere } from './trust.ts'
import type { TrustStore } from './trust-store.ts'

/** How it went, place by place; without an identity nothing was changed. */
export interface Replacement {
  readonly identity: TlsIdentity | undefined
  readonly rows: readonly TrustRow[]
}

/** What a renewal that nobody asked for came to. */
export type Renewal =
  | { readonly type: 'not-due' | 'renewed'; readonly identity: TlsIdentity }
  | { readonly type: 'refused'; readonly identity: TlsIdentity; readonly problem: string }

/**
 * Makes an identity and has it believed.
 * @param isEnough whether it is believed in enough places to take the old one's; if not, all is as before
 * @throws what the file system throws
 */
export async function replaceTlsIdentity(
  stateFolder: string,
  stores: readonly TrustStore[],
  isEnough: (rows: readonly TrustRow[]) => boolean,
  now = new Date(),
): Promise<Replacement> {
  const identity = createTlsIdentity(now)
  const file = `${authorityFile(stateFolder)}.next`
  writeFileSync(file, identity.authority.toString(), { mode: 0o644 })
  try {
    const rows = await trustEverywhere(stores, identity, file)
    if (isEnough(rows)) {
      writeTlsIdentity(stateFolder, identity)
      await forgetOthers(stores, identity)
      return { identity, rows }
    }
    await forgetOne(stores, identity)
    return { identity: undefined, rows }
  } finally {
    rmSync(file, { force: true })
  }
}

/**
 * Renews what ends within thirty days, where that needs nobody: where no place that believes the old one asks the
 * person, and no policy of the machine names its very bytes.
 */
export async function renewTlsIdentity(
  stateFolder: string,
  identity: TlsIdentity,
  stores: readonly TrustStore[],
  now = new Date(),
): Promise<Renewal> {
  if (endOf(identity).getTime() - now.getTime() > RENEW_BEFORE_MS) {
    return { type: 'not-due', identity }
  }
  const [policy] = findPoliciesWith(identity.authority)
  if (policy !== undefined) return { type: 'refused', identity, problem: `${policy} names it` }
  const believers: TrustStore[] = []
  for (const store of stores) {
    const names = await namesIn(store)
    if (names.includes(nameOf(identity.authority))) believers.push(store)
  }
  if (believers.length === 0 && !isNamedToFirefox(authorityFile(stateFolder))) {
    return { type: 'refused', identity, problem: 'no browser of this account believes it' }
  }
  const asking = believers.find((store) => !store.isSilent)
  if (asking !== undefined) {
    return { type: 'refused', identity, problem: `${asking.place} asks the person` }
  }
  const all = (rows: readonly TrustRow[]): boolean => rows.every((row) => row.trusted)
  const replaced = await replaceTlsIdentity(stateFolder, believers, all, now)
  if (replaced.identity !== undefined) return { type: 'renewed', identity: replaced.identity }
  const failed = replaced.rows.find((row) => !row.trusted)
  return {
    type: 'refused',
    identity,
    problem: `${failed?.place ?? 'no place'}: ${failed?.problem ?? 'cannot be changed'}`,
  }
}

async function forgetOne(stores: readonly TrustStore[], { authority }: TlsIdentity): Promise<void> {
  const name = nameOf(authority)
  for (const store of stores) {
    const names = await namesIn(store)
    if (names.includes(name)) await store.remove(name).catch(() => {})
  }
}

/** None where it cannot be looked into: there nothing is known to be believed. */
async function namesIn(store: TrustStore): Promise<readonly string[]> {
  try {
    return await store.list()
  } catch {
    return []
  }
}
