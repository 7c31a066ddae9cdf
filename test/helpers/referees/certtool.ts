/**
 * GnuTLS: signature, chain, order of the signed attributes, content-type. Blind to the signing certificate's hash, to
 * wrong PSS parameters and to counter-signatures.
 * @module
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findProgram, judgeEach, runTool } from './tool.ts'
import type { Referee, SignedFile } from './types.ts'

export const certtool: Referee = {
  name: 'certtool',
  kinds: ['detached', 'attached'],
  seesTampering: true,
  passesCounterSignatures: true,
  doubts: (algorithm) =>
    /^PS(384|512)$/.test(algorithm) ? 'takes every RSA-PSS for SHA-256 (seen in 3.7.9)' : undefined,
  missing: () => (findProgram('certtool') ? undefined : 'certtool (GnuTLS)'),
  judge: (files, caFile) => judgeEach('certtool', files, (file) => judgeOne(file, caFile)),
}

async function judgeOne(file: SignedFile, caFile: string) {
  if (file.kind !== 'detached' && file.kind !== 'attached') throw new Error('certtool judges CMS')
  const trust = ['--load-ca-certificate', caFile]
  const input = ['--inder', '--infile', file.signature]
  const data = file.kind === 'detached' ? ['--load-data', file.data] : []
  const { status, stdout, stderr } = await runTool('certtool', [
    '--p7-verify',
    ...input,
    ...data,
    ...trust,
  ])
  const accepted = status === 0 && /Signature status: ok/.test(stdout + stderr)
  if (!accepted || file.kind === 'detached') {
    const last = (stdout + stderr).trim().split('\n').slice(-2).join('; ')
    return { accepted, summary: last }
  }
  const same = (await readInside(input)).equals(await readFile(file.data))
  return { accepted: same, summary: same ? 'Signature status: ok' : 'other content inside' }
}

/** Octets, which need not be text. */
async function readInside(input: readonly string[]): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'trien-certtool-'))
  try {
    const content = path.join(folder, 'content')
    const where = ['--outder', '--outfile', content]
    await runTool('certtool', ['--p7-info', '--p7-show-data', ...where, ...input])
    return await readFile(content)
  } finally {
    await rm(folder, { recursive: true })
  }
}
