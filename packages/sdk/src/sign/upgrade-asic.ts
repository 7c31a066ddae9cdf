/**
 * What a container is given after it was signed.
 * @module
 */
import { listCades } from '../asic/container.ts'
import type { Bytes } from '../bytes.ts'
import { FormatError } from '../errors.ts'
import { type ZipArchive, openZip, readEntry } from '../zip/archive.ts'
import { extendZip } from '../zip/write.ts'
import type { RequestToken } from '../trust/request-timestamp.ts'
import type { Rungs } from './ladder.ts'
import { stampCms } from './upgrade-cms.ts'

type Container = Bytes | Blob

/** A signature with its chain, its stamps and what authorities said of them. */
const MAX_SIGNATURE_BYTES = 64 << 20

/**
 * What each level is to a container.
 * @param only the name of the one signature to be built on. Default: all
 */
export function createRungs(only?: string): Rungs<Container> {
  return { stamp: (container, ask) => stamp(container, ask, only) }
}

/** Gives each signature a time stamp that has none, where it lies. */
async function stamp(
  container: Container,
  ask: RequestToken,
  only: string | undefined,
): Promise<Container> {
  const archive = await openZip(container)
  const changes = []
  for (const entry of listSignatures(archive, only)) {
    const cms = await readEntry(archive, entry, MAX_SIGNATURE_BYTES)
    changes.push({ name: entry.name, data: await stampCms(cms, ask) })
  }
  const extended = await extendZip(archive, changes, new Date())
  return extended instanceof Blob
    ? new Blob([extended], { type: (container as Blob).type })
    : extended
}

function listSignatures(archive: ZipArchive, only: string | undefined) {
  const signatures = listCades(archive)
  if (signatures.length === 0) {
    const details = { feature: 'container without CAdES signatures' }
    throw new FormatError('FORMAT_UNSUPPORTED', { details })
  }
  return signatures.filter(({ name }) => only === undefined || name === only)
}
