/**
 * Apache POI, through our own small program around it: core validation of package signatures, their manifests and the
 * relationships transform by its own code. Blind to chains, and to what a manifest leaves out.
 * @module
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { openZip, readEntry } from '../../../packages/sdk/src/zip/archive.ts'
import { extendZip } from '../../../packages/sdk/src/zip/write.ts'
import type { Level } from '@trien/sdk/cms'
import { type Identity, packIdentity } from './openssl-identity.ts'
import { findProgram, judgeByLines, root } from './tool.ts'
import type { Referee, SignedFile } from './types.ts'

/** A signed file, with a copy in which one part is another. */
export type OfficeFile = SignedFile & { readonly kind: 'ooxml'; readonly tampered: string }

const FOLDER = path.join(root, 'out/referees/poi')
const CLASSPATH = [path.join(FOLDER, 'classes'), path.join(FOLDER, 'lib', '*')].join(path.delimiter)

export const poi: Referee = {
  name: 'poi',
  kinds: ['ooxml'],
  seesTampering: true,
  missing() {
    if (!findProgram('java')) return 'java'
    const built = existsSync(path.join(FOLDER, 'classes/PoiJudge.class'))
    return built ? undefined : 'Apache POI (node .ci/prepare.mjs conformance)'
  },
  judge: (files) => judgeByLines('poi', files, 'java', ['-cp', CLASSPATH, 'PoiJudge']),
}

/**
 * Has POI make a file of its own.
 * @param file its ending says what is made: docx, xlsx or pptx
 */
export async function makeByPoi(file: string): Promise<void> {
  await promisify(execFile)('java', ['-cp', CLASSPATH, 'PoiJudge', file])
}

/** Has POI make a file of its own and sign it; and makes a copy in which one part is another. */
export async function signByPoi(identity: Identity, file: string): Promise<OfficeFile> {
  const packed = `${file}.p12`
  await packIdentity(identity, packed)
  await promisify(execFile)('java', ['-cp', CLASSPATH, 'PoiJudge', file, packed])
  return withTamperedPart(file)
}

/** Makes a copy in which the text of the first part that shows some is another. */
export async function withTamperedPart(file: string, level: Level = 'B-B'): Promise<OfficeFile> {
  const archive = await openZip(new Uint8Array(await readFile(file)))
  const entry = archive.entries.find(({ name }) =>
    /^(word\/document|xl\/worksheets\/sheet1|ppt\/presentation)\.xml$/.test(name),
  )
  if (entry === undefined) throw new Error(`${file}: nothing to tamper with`)
  const text = new TextDecoder().decode(await readEntry(archive, entry, 1 << 24))
  const at = text.lastIndexOf('</')
  const data = new TextEncoder().encode(`${text.slice(0, at)} ${text.slice(at)}`)
  const tampered = path.join(path.dirname(file), `tampered-${path.basename(file)}`)
  const copy = await extendZip(archive, [{ name: entry.name, data }], new Date())
  await writeFile(tampered, copy as Uint8Array)
  return { kind: 'ooxml', level, signature: file, tampered }
}
