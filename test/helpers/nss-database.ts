/**
 * Databases of NSS, in which browsers of Linux keep whom they believe, as `certutil` makes and reads them.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Runs certutil on a database. @returns what it wrote @throws where it says no */
export function certutil(folder: string, ...args: readonly string[]): string {
  return execFileSync('certutil', ['-d', `sql:${folder}`, ...args], {
    encoding: 'utf8',
    stdio: 'pipe',
  })
}

/** Makes an empty one in a folder, with a password of its own or none. */
export function makeDatabase(folder: string, password = ''): void {
  mkdirSync(folder, { recursive: true })
  if (password === '') certutil(folder, '-N', '--empty-password')
  else withFile(password, (file) => certutil(folder, '-N', '-f', file))
}

/** Has it believe an authority, PEM, where servers are concerned. */
export function believe(folder: string, authority: string, name: string, password = ''): void {
  withFile(authority, (file) =>
    withFile(password, (secret) =>
      certutil(folder, '-A', '-f', secret, '-t', 'C,,', '-n', name, '-a', '-i', file),
    ),
  )
}

function withFile<T>(content: string, deed: (file: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'trien-nss-'))
  const file = path.join(folder, 'content')
  try {
    writeFileSync(file, content)
    return deed(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
