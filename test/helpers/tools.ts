/**
 * Programs that tests lean on. Where one is missing the test says so and is skipped; under CI it fails.
 * @module
 */
import { accessSync, constants } from 'node:fs'
import path from 'node:path'

/**
 * Tells whether every program is here; prints what is missing.
 * @param names programs of PATH, or absolute paths
 * @throws where one is missing and CI=true
 */
export function hasTools(...names: readonly string[]): boolean {
  const missing = names.filter((name) => !isThere(name))
  if (missing.length === 0) return true
  const notice = `missing: ${missing.join(', ')}; node .ci/prepare.mjs test installs what tests need`
  if (process.env['CI'] === 'true') throw new Error(notice)
  console.warn(`skipped, ${notice}`)
  return false
}

function isThere(name: string): boolean {
  const folders = path.isAbsolute(name) ? [''] : (process.env['PATH'] ?? '').split(path.delimiter)
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, name), path.isAbsolute(name) ? constants.R_OK : constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
