/**
 * A program that finds files of a test in the place of the system's: in a mount namespace of its own, so that nothing else
 * on the machine sees them.
 * @module
 */
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { canBeOther } from './other-user.ts'
import { hasTools } from './tools.ts'

/** Tells whether that can be done here. @throws where it cannot and CI=true */
export function canHaveOwnFiles(): boolean {
  return canBeOther() && hasTools('unshare', 'mount')
}

/**
 * Writes a wrapper around a program.
 * @param folder where the wrapper and the files are kept, for as long as it runs
 * @param files content by absolute path; where there is no such file, its whole folder is hidden
 * @returns path of the wrapper
 */
export function wrapWithFiles(
  folder: string,
  program: string,
  files: Readonly<Record<string, string>>,
): string {
  const steps = Object.entries(files).map(([target, content], index) => {
    const source = path.join(folder, `own-${index}`)
    writeFileSync(source, content)
    if (existsSync(target)) return `mount --bind '${source}' '${target}'`
    const parent = path.dirname(target)
    return `mkdir -p '${parent}' && mount -t tmpfs trien '${parent}' && cp '${source}' '${target}'`
  })
  const script = [...steps, `exec '${program}' "$@"`].join(' && ')
  const wrapper = path.join(folder, `with-files-${path.basename(program)}`)
  const quoted = script.replaceAll("'", `'\\''`)
  writeFileSync(wrapper, `#!/bin/sh\nexec unshare -m sh -c '${quoted}' - "$@"\n`)
  chmodSync(wrapper, 0o755)
  return wrapper
}
