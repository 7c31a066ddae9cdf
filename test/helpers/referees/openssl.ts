/**
 * OpenSSL: signature, chain, signing certificate's hash, PSS parameters. Blind to unsorted attributes, to a
 * content-type that differs, and to counter-signatures.
 * @module
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findProgram, judgeEach, runTool } from './tool.ts'
import type { Referee, SignedFile } from './types.ts'

export const openssl: Referee = {
  name: 'openssl',
  kinds: ['detached', 'attached'],
  seesTampering: true,
  passesCounterSignatures: true,
  missing: () => (findProgram('openssl') ? undefined : 'openssl'),
  judge: (files, caFile) => judgeEach('openssl', files, (file) => judgeOne(file, caFile)),
}

async function judgeOne(file: SignedFile, caFile: string) {
  if (file.kind !== 'detached' && file.kind !== 'attached') throw new Error('openssl judges CMS')
  const folder = await mkdtemp(path.join(tmpdir(), 'trien-openssl-'))
  try {
    const content = path.join(folder, 'content')
    const { status, stderr } = await runTool('openssl', [
      ...['cms', '-verify', '-binary', '-cades', '-purpose', 'any'],
      ...['-inform', 'DER', '-in', file.signature, '-CAfile', caFile, '-out', content],
      ...(file.kind === 'detached' ? ['-content', file.data] : []),
    ])
    if (status !== 0) return { accepted: false, summary: stderr }
    const same = (await readFile(content)).equals(await readFile(file.data))
    return { accepted: same, summary: same ? stderr : 'other content inside' }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
