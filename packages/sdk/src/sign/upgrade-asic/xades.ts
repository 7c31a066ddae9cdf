/**
 * What a container is given after it was signed by XAdES: all of it goes into the signatures themselves, whose archive time
 * stamps are over the files too (EN 319 162-1 §5.3).
 * @module
 */
import { MAX_SIGNATURES_BYTES, listXades } from '../../asic/container.ts'
import type { Bytes } from '../../bytes.ts'
import { joinEvidence } from '../../trust/join-evidence.ts'
import type { Evidence } from '../../trust/validation-data.ts'
import type { DocumentInput } from '../../types.ts'
import { type ZipArchive, type ZipEntry, openZip, readEntry } from '../../zip/archive.ts'
import type { Rungs } from '../ladder.ts'
import * as xml from '../upgrade-xml.ts'
import { askWhere, assertUnrecorded, changeSignatures } from './change.ts'

type Container = Bytes | Blob

/** What was deflated is held whole where an archive time stamp is to be over it; what is stored is not. */
const MAX_INFLATED_BYTES = 512 << 20

/**
 * What each level is to a container.
 * @param only the name of the one file of signatures to be built on. Default: all
 */
export function createXadesRungs(only?: string): Rungs<Container> {
  const rungs = xml.createRungs()
  return {
    stamp: (container, ask) =>
      changeAll(container, only, (file, open) => rungs.stamp(file, askWhere(open, ask))),
    async evidence(container) {
      const archive = await openZip(container)
      await assertUnrecorded(archive, listChosen(archive, only))
      const all: Evidence[] = []
      for (const entry of listChosen(archive, only)) {
        all.push(await rungs.evidence(await readEntry(archive, entry, MAX_SIGNATURES_BYTES)))
      }
      return joinEvidence(all)
    },
    embed: (container, data) => changeAll(container, only, (file) => rungs.embed(file, data)),
    async archive(container, ask) {
      const documents = await listDocuments(await openZip(container))
      const own = xml.createRungs({ documents })
      return changeAll(container, only, (file, open) => own.archive(file, askWhere(open, ask)))
    },
  }
}

const listChosen = (archive: ZipArchive, only: string | undefined): readonly ZipEntry[] =>
  listXades(archive).filter(({ name }) => only === undefined || name === only)

async function changeAll(
  container: Container,
  only: string | undefined,
  build: (file: Bytes, open: () => void) => Promise<Bytes>,
): Promise<Container> {
  const archive = await openZip(container)
  return changeSignatures(archive, listChosen(archive, only), build)
}

/** All that a signature may name: it does so by paths from the container's top (EN 319 162-1 §4.4.3.3). */
async function listDocuments(
  archive: ZipArchive,
): Promise<readonly { readonly name: string; readonly data: DocumentInput }[]> {
  const signatures = new Set(listXades(archive))
  const documents = []
  for (const entry of archive.entries) {
    if (entry.name.endsWith('/') || signatures.has(entry)) continue
    documents.push({ name: entry.name, data: await readWhere(archive, entry) })
  }
  return documents
}

/** Where it lies, or inflated. */
async function readWhere(archive: ZipArchive, entry: ZipEntry): Promise<DocumentInput> {
  const { file } = archive
  if (entry.method !== 0) return readEntry(archive, entry, MAX_INFLATED_BYTES)
  const end = entry.start + entry.compressedSize
  return file instanceof Uint8Array ? file.subarray(entry.start, end) : file.slice(entry.start, end)
}
