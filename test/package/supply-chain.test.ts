import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, listTrackedFiles } from './walls/tracked-files.ts'

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')

/** Versions of a package that a pnpm lockfile resolves: keys of its `packages` section, `  name@version:`. */
function lockedVersions(lock: string, name: string): string[] {
  const keys = lock.split('\n').map((line) => line.trim().replace(/^'|'?:.*$/g, ''))
  const versions = keys
    .filter((key) => key.startsWith(`${name}@`))
    .map((key) => key.slice(name.length + 1).split('(')[0] ?? '')
  return [...new Set(versions)]
}

describe('the supply chain', () => {
  it('holds exactly one asn1js: objects of two versions fail each other’s instanceof', () => {
    expect(lockedVersions(read('pnpm-lock.yaml'), 'asn1js')).toEqual(['4.0.0'])
  })

  it('lets pkcs11js and a tool run something at install, and waits a day for new versions', () => {
    const workspace = read('pnpm-workspace.yaml')
    const built = /^onlyBuiltDependencies:\n((?: {2}- .*\n)*)/m.exec(workspace)?.[1]
    expect(built?.match(/\S+$/gm)).toEqual(['pkcs11js', 'esbuild'])
    for (const rule of [
      'minimumReleaseAge: 1440',
      'strictDepBuilds: true',
      'blockExoticSubdeps: true',
    ]) {
      expect(workspace.split('\n')).toContain(rule)
    }
  })

  it('would notice a second one', () => {
    const lock = `packages:\n  asn1js@3.0.5:\n    x: 1\n  asn1js@4.0.0:\n  'asn1js@4.0.0(peer@1)':\n`
    expect(lockedVersions(lock, 'asn1js')).toEqual(['3.0.5', '4.0.0'])
  })

  it('names no registry: the machine says where packages come from', () => {
    const configured = execFileSync('npm', ['config', 'get', 'registry'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const hosts = ['registry.' + 'npmjs.org', 'registry.' + 'yarnpkg.com', new URL(configured).host]
    const naming = listTrackedFiles().filter((file) => {
      const text = read(file)
      return hosts.some((host) => text.includes(host))
    })
    expect(naming).toEqual([])
  })

  it('resolves every package by name, version and hash, never by address', () => {
    const lock = read('pnpm-lock.yaml')
    expect(lock).not.toMatch(/^\s*(tarball|resolution: \{tarball|repo):/m)
    expect(lock).not.toMatch(/https?:\/\//)
  })
})
