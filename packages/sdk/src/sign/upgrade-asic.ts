/**
 * What a container is given after it was signed: by CAdES or by XAdES, each has its own way.
 * @module
 */
import { listCades, listXades } from '../asic/container.ts'
import type { Bytes } from '../bytes.ts'
import { FormatError } from '../errors.ts'
import { load } from '../load.ts'
import { openZip } from '../zip/archive.ts'
import type { Rungs } from './ladder.ts'

type Container = Bytes | Blob

/**
 * What each level is to a container.
 * @param only the name of the one file of signatures to be built on. Default: all
 */
export function createRungs(only?: string): Rungs<Container> {
  return {
    stamp: async (container, ask) => (await rungsOf(container, only)).stamp(container, ask),
    evidence: async (container) => (await rungsOf(container, only)).evidence(container),
    embed: async (container, data) => (await rungsOf(container, only)).embed(container, data),
    archive: async (container, ask) => (await rungsOf(container, only)).archive(container, ask),
  }
}

async function rungsOf(container: Container, only: string | undefined): Promise<Rungs<Container>> {
  const archive = await openZip(container)
  if (listCades(archive).length > 0) {
    return (await load(import('./upgrade-asic/cades.ts'))).createCadesRungs(only)
  }
  if (listXades(archive).length > 0) {
    return (await load(import('./upgrade-asic/xades.ts'))).createXadesRungs(only)
  }
  const details = { feature: 'container without signatures' }
  throw new FormatError('FORMAT_UNSUPPORTED', { details })
}
