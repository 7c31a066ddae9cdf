/**
 * The long way to a level: signed first, built on later.
 * @module
 */
import type { Level } from '@trien/sdk/cms'
import type { Bytes } from '@trien/sdk/types'
import { upgrade } from '@trien/sdk/upgrade'
import type { SigningMeans } from './container.ts'

/** Builds on what was signed at B-B. */
export async function reach(level: Level, signed: Bytes, means: SigningMeans): Promise<Bytes> {
  return level === 'B-B' ? signed : upgrade(signed, { ...means, to: level })
}
