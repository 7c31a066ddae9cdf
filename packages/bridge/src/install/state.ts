/**
 * What a bridge leaves behind when it is gone for good.
 * @module
 */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { findIdentity } from '../identity.ts'
import { journalFolderOf } from '../journal/files.ts'
import { inspectJournal } from '../journal/inspect.ts'
import { assertPrivate } from '../state-folder.ts'

/** The journal is worth nothing without the key that signed it. */
const JOURNAL = ['journal', 'identity.key']

/** @returns names in the state folder that `removeState` would take away */
export function listState(stateFolder: string, withJournal: boolean): string[] {
  if (!existsSync(stateFolder)) return []
  return readdirSync(stateFolder).filter((name) => withJournal || !JOURNAL.includes(name))
}

/**
 * Takes them away, and the folder where nothing is left in it.
 * @throws {StateFolderError} where the folder is a link, or others may reach it: what is in it may not be ours
 */
export function removeState(stateFolder: string, withJournal: boolean): void {
  if (!existsSync(stateFolder)) return
  assertPrivate(stateFolder, 'directory')
  for (const name of listState(stateFolder, withJournal)) {
    rmSync(path.join(stateFolder, name), { recursive: true, force: true })
  }
  if (readdirSync(stateFolder).length === 0) rmSync(stateFolder, { recursive: true })
}

/** How many lines the journal has; undefined where there is none that can be read. */
export function countJournal(stateFolder: string): number | undefined {
  const identity = existsSync(stateFolder) ? findIdentity(stateFolder) : undefined
  if (identity === undefined) return undefined
  return inspectJournal(journalFolderOf(stateFolder), identity).bodies.length
}
