/**
 * What a container is given after it was signed by CAdES.
 *
 * ```
 * B-T    a time stamp in each META-INF/*.p7s                                                EN 319 162-1 §5.2
 * B-LT   what proves all certificates, in each of them
 * B-LTA  signed by manifests: META-INF/ASiCArchiveManifest.xml with a digest of everything, and a time stamp over it;
 *        again: the manifest gets a number, what proves its stamp goes into the stamp, and a new manifest is over all
 *        of that                                                                                   §A.7
 *        signed itself, in ASiC-S: in the CMS, as outside of containers: each signer has an archive time stamp of their
 *        own, and others may sign beside them
 * ```
 * @module
 */
import { findArchived } from '../../asic/archived.ts'
import {
  LAST_ARCHIVE,
  MAX_SIGNATURES_BYTES,
  hasManifests,
  listCades,
  listTimestamps,
  nextNames,
} from '../../asic/container.ts'
import { type ManifestReference, encodeManifest } from '../../asic/manifest.ts'
import type { Bytes } from '../../bytes.ts'
import { addValidationData } from '../../cms/add-validation-data.ts'
import { parseSignedData } from '../../cms/parse.ts'
import { digestBytes } from '../../digest.ts'
import { joinEvidence } from '../../trust/join-evidence.ts'
import type { RequestToken } from '../../trust/request-timestamp.ts'
import type { Evidence, ValidationData } from '../../trust/validation-data.ts'
import {
  type ZipArchive,
  type ZipEntry,
  digestEntry,
  findEntry,
  openZip,
  readEntry,
} from '../../zip/archive.ts'
import type { Rungs } from '../ladder.ts'
import { stampCms } from '../stamp-cms.ts'
import * as cms from '../upgrade-cms.ts'
import { askWhere, assertUnrecorded, changeEntries, changeSignatures } from './change.ts'

type Container = Bytes | Blob

const DIGEST = 'SHA-256'
const TIMESTAMP_TYPE = 'application/vnd.etsi.timestamp-token'

/**
 * What each level is to a container.
 * @param only the name of the one file of signatures to be built on. Default: all
 */
export function createCadesRungs(only?: string): Rungs<Container> {
  return {
    stamp: (container, ask) => stamp(container, ask, only),
    evidence: (container) => collect(container, only),
    embed: (container, data) => embed(container, data, only),
    archive: (container, ask) => archive(container, ask, only),
  }
}

/** Gives each signature a time stamp that has none. */
async function stamp(
  container: Container,
  ask: RequestToken,
  only: string | undefined,
): Promise<Container> {
  const archive = await openZip(container)
  return changeSignatures(archive, await listOpen(archive, only), (der, open) =>
    stampCms(der, askWhere(open, ask)),
  )
}

async function collect(container: Container, only: string | undefined): Promise<Evidence> {
  const archive = await openZip(container)
  await assertUnrecorded(archive, await listOpen(archive, only))
  const all: Evidence[] = []
  for (const entry of listSignatures(archive, only)) {
    const der = await readEntry(archive, entry, MAX_SIGNATURES_BYTES)
    all.push(await cms.collectEvidence(parseSignedData(der, 'signature')))
  }
  const stamps = listTimestamps(archive).map((entry) =>
    readEntry(archive, entry, MAX_SIGNATURES_BYTES),
  )
  return joinEvidence([...all, { signers: [], tokens: await Promise.all(stamps), pool: [] }])
}

/** Puts it into the signatures, and into the last archive's time stamp, as far as no archive manifest is over them yet. */
async function embed(
  container: Container,
  data: ValidationData,
  only: string | undefined,
): Promise<Container> {
  const archive = await openZip(container)
  const last = findEntry(archive, LAST_ARCHIVE) ? listTimestamps(archive).slice(-1) : []
  const entries = [...(await listOpen(archive, only)), ...last]
  return changeSignatures(archive, entries, async (der) =>
    addValidationData(parseSignedData(der, 'signature'), data),
  )
}

/** Stamps each signature, or a manifest of everything that is there. */
async function archive(
  container: Container,
  ask: RequestToken,
  only: string | undefined,
): Promise<Container> {
  const opened = await openZip(container)
  if (!hasManifests(opened)) {
    const rungs = cms.createRungs()
    return changeSignatures(opened, listSignatures(opened, only), (der, open) =>
      rungs.archive(der, askWhere(open, ask)),
    )
  }
  return archiveAll(opened, ask)
}

async function archiveAll(opened: ZipArchive, ask: RequestToken): Promise<Container> {
  const last = findEntry(opened, LAST_ARCHIVE)
  await assertUnrecorded(opened, last ? [last] : [])
  const { renamed } = nextNames(opened, (number) => ({
    renamed: `META-INF/ASiCArchiveManifest${number}.xml`,
  }))
  const { timestamp } = nextNames(opened, (number) => ({
    timestamp: `META-INF/timestamp${number}.tst`,
  }))
  const references: ManifestReference[] = []
  for (const entry of opened.entries) {
    if (entry.name === 'mimetype' || entry.name.endsWith('/')) continue
    const isRoot = entry === last
    const value = await digestEntry(opened, entry, DIGEST)
    references.push({
      name: isRoot ? renamed : entry.name,
      mediaType: undefined,
      digest: { algorithm: DIGEST, value },
      isRoot,
    })
  }
  const manifest = encodeManifest({ name: timestamp, mediaType: TIMESTAMP_TYPE }, references)
  const { tokenDer } = await ask({ digest: DIGEST, value: await digestBytes(DIGEST, manifest) })
  const kept = last
    ? [{ name: renamed, data: await readEntry(opened, last, MAX_SIGNATURES_BYTES) }]
    : []
  const added = [
    { name: LAST_ARCHIVE, data: manifest },
    { name: timestamp, data: tokenDer },
  ]
  return changeEntries(opened, [...kept, ...added])
}

/** The signatures that no archive manifest is over: the others must stay as they are. */
async function listOpen(
  archive: ZipArchive,
  only: string | undefined,
): Promise<readonly ZipEntry[]> {
  const isArchived = await findArchived(archive)
  return listSignatures(archive, only).filter(({ name }) => !isArchived(name))
}

const listSignatures = (archive: ZipArchive, only: string | undefined): readonly ZipEntry[] =>
  listCades(archive).filter(({ name }) => only === undefined || name === only)
