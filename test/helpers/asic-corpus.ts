/**
 * Containers that nobody here made, each signed further.
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { addAsicSignature } from '@trien/sdk/asic'
import { isSigningError } from '@trien/sdk/errors'
import type { Bytes, Signer } from '@trien/sdk/types'
import { openContainer } from '../../packages/sdk/src/asic/container.ts'
import { type ZipArchive, openZip, readEntry } from '../../packages/sdk/src/zip/archive.ts'
import { writeZip } from '../../packages/sdk/src/zip/write.ts'
import type { SignedFile } from './referees/index.ts'
import { root } from './referees/tool.ts'

/** Lies beside the repository: the files keep licences of their own. */
export const ASIC_CORPUS = path.join(root, '..', 'shared', 'corpora')
const FOLDERS = ['asice', 'dss/asic-cades', 'dss/asic-xades']
const MAX_ENTRY_BYTES = 64 << 20

/** What became of one container. */
export type Outcome =
  | {
      readonly name: string
      /** As it was, and with our signature. */
      readonly before: SignedFile
      readonly after: SignedFile
      /** With our signature and none other; undefined where all share one file. */
      readonly alone: SignedFile | undefined
      /** Whether nothing but our signature, and what belongs to it, is new. */
      readonly isKept: boolean
    }
  | { readonly name: string; readonly refused: string }

/** Lists the containers, by their paths in the corpora. */
export function listAsicCorpus(): readonly string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(path.join(ASIC_CORPUS, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:asic[es](?:_\.zip)?|sce|scs|bdoc|edoc|adoc|od[st])$/.test(name))
      .map((name) => path.join(folder, name)),
  ).toSorted()
}

/**
 * Signs one of them.
 * @param folder where what is to be judged goes
 */
export async function signFurther(name: string, signer: Signer, folder: string): Promise<Outcome> {
  const bytes = new Uint8Array(readFileSync(path.join(ASIC_CORPUS, name)))
  try {
    const signed = (await addAsicSignature(bytes, { signer })) as Bytes
    const [old, fresh] = [await openZip(bytes), await openZip(signed)]
    const { type, signature } = await openContainer(signed)
    const kind = signature === 'CAdES' ? 'asic-cades' : 'asic-xades'
    const write = async (prefix: string, content: Uint8Array): Promise<SignedFile> => {
      const file = path.join(folder, `${prefix}-${name.replaceAll(/[^\w.]/g, '-')}`)
      await writeFile(file, content)
      return { kind, signature: file, tampered: file }
    }
    const isNew = new Set(fresh.entries.map((entry) => entry.name))
    for (const entry of old.entries) isNew.delete(entry.name)
    const isShared = type === 'ASiC-S' && isNew.size === 0
    return {
      ...{ name, isKept: isShared || (await isKept(old, fresh)) },
      before: await write('before', bytes),
      after: await write('after', signed),
      alone: isShared ? undefined : await write('alone', await leaveAlone(fresh, isNew)),
    }
  } catch (error) {
    if (!isSigningError(error)) throw error
    return { name, refused: `${error.code} ${JSON.stringify(error.details)}` }
  }
}

/** Every entry that was there has its very bytes, headers included. */
async function isKept(old: ZipArchive, fresh: ZipArchive): Promise<boolean> {
  const sliceOf = ({ file }: ZipArchive, start: number, end: number) =>
    Buffer.from((file as Uint8Array).subarray(start, end))
  return old.entries.every((entry) => {
    const now = fresh.entries.find(({ name }) => name === entry.name)
    if (now === undefined) return false
    return sliceOf(old, entry.offset, entry.end).equals(sliceOf(fresh, now.offset, now.end))
  })
}

/** The container without signatures but the new one, and without time stamps. */
async function leaveAlone(archive: ZipArchive, isNew: ReadonlySet<string>): Promise<Bytes> {
  const kept = archive.entries.filter(
    ({ name }) =>
      !name.endsWith('/') &&
      (!name.startsWith('META-INF/') || name === 'META-INF/manifest.xml' || isNew.has(name)),
  )
  // Some have it last; that is not ours to be judged by.
  const isType = ({ name }: { readonly name: string }) => name === 'mimetype'
  const ordered = [...kept.filter(isType), ...kept.filter((entry) => !isType(entry))]
  const entries = ordered.map(async (entry) => {
    return { name: entry.name, data: await readEntry(archive, entry, MAX_ENTRY_BYTES) }
  })
  return (await writeZip(await Promise.all(entries), new Date())) as Bytes
}
