/**
 * What a Word, Excel or PowerPoint file is given after it was signed: each of its signatures is a XAdES signature in a part
 * of its own, and is built on as any other.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { MAX_SIGNATURE_BYTES, assertUnsigned, listSignatureParts } from '../ooxml/signatures.ts'
import { type OfficePackage, openPackage, readPartBytes } from '../ooxml/package.ts'
import { sameName } from '../ooxml/part-name.ts'
import { unsupportedPackage } from '../ooxml/malformed.ts'
import { joinEvidence } from '../trust/join-evidence.ts'
import type { Evidence } from '../trust/validation-data.ts'
import { extendZip } from '../zip/write.ts'
import type { Rungs } from './ladder.ts'
import * as xml from './upgrade-xml.ts'

type File = Bytes | Blob

/** Which signatures are built on, and by which knowledge. */
export interface OfficeChoice {
  /** The name of the one part. Default: all signatures. */
  readonly only?: string | undefined
  /** DER of certificates that are known: the signatures hold their signers' alone. */
  readonly pool?: readonly Uint8Array[] | undefined
}

/** What each level is to a file. */
export function createRungs({ only, pool = [] }: OfficeChoice = {}): Rungs<File> {
  const rungs = xml.createRungs()
  return {
    stamp: (file, ask) => change(file, only, (signature) => rungs.stamp(signature, ask)),
    evidence: (file) => collect(file, { only, pool }, rungs),
    embed: (file, data) => change(file, only, (signature) => rungs.embed(signature, data)),
    archive: (file, ask) => change(file, only, (signature) => rungs.archive(signature, ask)),
  }
}

/** Changes signatures; whatever else is in the file stays as it was. */
async function change(
  file: File,
  only: string | undefined,
  build: (signature: Bytes) => Promise<Bytes>,
): Promise<File> {
  const { opened, parts } = await open(file, only)
  await assertUnsigned(
    opened,
    parts.map(({ name }) => name),
  )
  const entries = []
  for (const part of parts) {
    const data = await build(await readPartBytes(opened, part, MAX_SIGNATURE_BYTES))
    entries.push({ name: part.entry.name, data })
  }
  const changed = await extendZip(opened.archive, entries, new Date())
  return changed instanceof Blob ? new Blob([changed], { type: opened.mediaType }) : changed
}

async function collect(
  file: File,
  { only, pool = [] }: OfficeChoice,
  rungs: Rungs<Bytes>,
): Promise<Evidence> {
  const { opened, parts } = await open(file, only)
  const all: Evidence[] = []
  for (const part of parts) {
    all.push(await rungs.evidence(await readPartBytes(opened, part, MAX_SIGNATURE_BYTES)))
  }
  return joinEvidence([{ signers: [], tokens: [], pool }, ...all])
}

async function open(file: File, only: string | undefined) {
  const opened: OfficePackage = await openPackage(file)
  const signatures = await listSignatureParts(opened)
  if (signatures.length === 0) throw unsupportedPackage('Office file without a signature')
  const parts = signatures.filter(
    ({ name }) => only === undefined || sameName(name) === sameName(only),
  )
  return { opened, parts }
}
