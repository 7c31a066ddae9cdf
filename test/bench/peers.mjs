// The libraries we measure ourselves against, installed on demand outside the workspace: they pin another asn1js, and
// exactly one belongs into our lockfile.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const OUT = fileURLToPath(new URL('../../out/bench', import.meta.url))

const VERSIONS = {
  '@libpdf/core': '0.4.2',
  '@cantoo/pdf-lib': '2.11.1',
  pkijs: '3.4.0',
  asn1js: '3.0.10',
  xadesjs: '2.6.8',
  '@xmldom/xmldom': '0.9.12',
  xpath: '0.0.34',
  jszip: '3.10.2',
}

const folder = path.join(OUT, 'peers')

/** Installs the pinned versions where they are not there yet. */
export function installPeers() {
  const manifest = JSON.stringify({ private: true, type: 'module', dependencies: VERSIONS })
  const stamp = path.join(folder, 'installed.json')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'package.json'), manifest)
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error('bench: the peers could not be installed')
  for (const name of Object.keys(VERSIONS)) {
    writeFileSync(path.join(folder, entryName(name)), `export * as peer from '${name}'\n`)
  }
  writeFileSync(stamp, manifest)
}

/** Loads a peer. @param {keyof typeof VERSIONS} name */
export async function importPeer(name) {
  return (await import(pathToFileURL(path.join(folder, entryName(name))).href)).peer
}

/** @param {string} name */
const entryName = (name) => `${name.replace('@', '').replace('/', '-')}.mjs`
