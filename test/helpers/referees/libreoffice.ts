/**
 * LibreOffice, through our own small script around it: package signatures by its own reader of Office files, xmlsec's
 * relationships transform, NSS's signatures and chains. Blind to what a manifest leaves out. It errs, whoever signs, where
 * - relationships have text between them, which xmlsec up to 1.3.12 takes for content, as LibreOffice does that signs
 * - a relationship leads to an address with `&`, which such an xmlsec does not escape
 * - a part's name is not ASCII: it looks for the escaped one
 * @module
 */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { certutil, makeDatabase } from '../nss-database.ts'
import { type Identity, PACK_PASSWORD, packIdentity } from './openssl-identity.ts'
import { findProgram, judgeByLines, runTool } from './tool.ts'
import type { Referee } from './types.ts'

const SCRIPT = fileURLToPath(new URL('python/libreoffice.py', import.meta.url))
/** The system's own, whose modules LibreOffice's bindings are. */
const PYTHON = '/usr/bin/python3'

export const libreOffice: Referee = {
  name: 'libreoffice',
  kinds: ['ooxml'],
  seesTampering: true,
  missing() {
    if (!findProgram('soffice')) return 'soffice'
    if (!findProgram('certutil')) return 'certutil'
    return spawnSync(PYTHON, ['-c', 'import uno']).status === 0 ? undefined : 'python3-uno'
  },
  judge: (files, caFile) =>
    withDatabase(caFile, (database) =>
      judgeByLines('libreoffice', files, PYTHON, [SCRIPT, 'judge', database]),
    ),
}

/**
 * Has LibreOffice make files of its own.
 * @param files their endings say what is made: docx, xlsx or pptx
 */
export const makeByLibreOffice = (files: readonly string[]): Promise<void> =>
  run(['make', ...files])

/** Has LibreOffice sign files, where they lie. */
export function signByLibreOffice(identity: Identity, files: readonly string[]): Promise<void> {
  return withDatabase(identity.caFile, async (database) => {
    const file = path.join(database, 'identity.p12')
    await packIdentity(identity, file)
    const into = ['-d', `sql:${database}`, '-K', '']
    await promisify(execFile)('pk12util', [...into, '-i', file, '-W', PACK_PASSWORD])
    await run(['sign', database, ...files])
  })
}

async function run(args: readonly string[]): Promise<void> {
  const { status, stderr } = await runTool(PYTHON, [SCRIPT, ...args])
  if (status !== 0) throw new Error(`libreoffice: ${stderr.slice(-2000)}`)
}

/** Lends a database of NSS that believes one authority, where people are concerned. */
async function withDatabase<T>(caFile: string, deed: (database: string) => Promise<T>): Promise<T> {
  const database = await mkdtemp(path.join(tmpdir(), 'trien-libreoffice-nss-'))
  try {
    makeDatabase(database)
    certutil(database, '-A', '-n', 'authority', '-t', ',C,', '-a', '-i', caFile)
    return await deed(database)
  } finally {
    await rm(database, { recursive: true, force: true })
  }
}
