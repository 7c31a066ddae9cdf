/**
 * One thing that an installation leaves on the machine: it can be looked at, put there and taken away.
 * @module
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** `other`: there, and not as it would be put. */
export type ItemState = 'absent' | 'same' | 'other'

export interface Item {
  /** The file's path, or the key's. */
  readonly name: string
  /** What is put there, for `--dry-run`. */
  readonly content: string
  look(): Promise<ItemState>
  put(): Promise<void>
  remove(): Promise<void>
}

/** A text file of the person's own. Folders that are missing are made, and stay. */
export function fileItem(file: string, content: string): Item {
  return {
    name: file,
    content,
    async look() {
      try {
        return readFileSync(file, 'utf8') === content ? 'same' : 'other'
      } catch {
        return 'absent'
      }
    },
    async put() {
      mkdirSync(path.dirname(file), { recursive: true })
      const draft = `${file}.${process.pid}`
      writeFileSync(draft, content, { mode: 0o644 })
      renameSync(draft, file)
    },
    async remove() {
      rmSync(file, { force: true })
    },
  }
}
