/**
 * Versions: of the bridge, its wire, node and the system.
 * @module
 */
import { release } from 'node:os'
import { PROTOCOL_VERSION } from '@trien/sdk/wire'
import { VERSION } from '../../version.ts'
import { type Finding, say } from '../finding.ts'
import type { Machine } from '../machine.ts'

/** As package.json's `engines` has it: major and minor. */
const OLDEST_NODE = [20, 19] as const

const SYSTEMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'macOS (Darwin)',
  linux: 'Linux',
  win32: 'Windows',
}

export async function checkVersions({ platform, place, read }: Machine): Promise<Finding[]> {
  const node = process.versions.node
  const kernel = `${SYSTEMS[platform] ?? platform} ${release()} ${place.arch}`
  const named = /^PRETTY_NAME="?([^"\n]*)/m.exec((await read('/etc/os-release')) ?? '')?.[1]
  const system = named === undefined ? kernel : `${named} (${kernel})`
  const own = `Trien ${VERSION}, Node ${node}, ${system}`
  return [
    {
      id: 'versions.own',
      state: 'good',
      text: say(`${own}, giao thức ${PROTOCOL_VERSION}.`, `${own}, protocol ${PROTOCOL_VERSION}.`),
    },
    ...(isOldEnough(node) ? [] : [oldNode(node)]),
  ]
}

/** @param version as `process.versions.node` */
export function isOldEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_NODE
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
}

function oldNode(version: string): Finding {
  const least = OLDEST_NODE.join('.')
  return {
    id: 'versions.node',
    state: 'bad',
    text: say(`Node ${version} quá cũ đối với Trien.`, `Node ${version} is too old for Trien.`),
    remedy: say(`Cài Node ${least} trở lên.`, `Install Node ${least} or newer.`),
  }
}
