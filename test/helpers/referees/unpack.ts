/**
 * Referees of CMS, or of signatures in XML, as referees of signature containers: a container is unpacked, and its manifests
 * are checked, by Python's own readers of ZIP and XML; each signature is judged over what it must be over. Of a PDF that is
 * what its /ByteRange names.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram, runTool } from './tool.ts'
import type { Referee, SignedFile, Verdict } from './types.ts'

const SCRIPT = fileURLToPath(new URL('python/unpack.py', import.meta.url))

type Unpacked = { readonly signatures: readonly [string, string][] } | { readonly problem: string }

/** What lies in a container of a kind. */
const INSIDE = {
  'asic-cades': 'detached',
  'asic-xades': 'xades',
  ooxml: 'xades',
  pdf: 'detached',
} as const

type ContainerKind = keyof typeof INSIDE
/** Who judges CMS and PDF judges them in ways of its own. */
const ZIPS: readonly ContainerKind[] = ['asic-cades', 'asic-xades', 'ooxml']

/**
 * The same referee, for containers of what it judges too: all signatures of one must be accepted.
 * @param wanted the kinds that are unpacked for it: it may read others by itself
 */
export function unpacking(referee: Referee, wanted: readonly ContainerKind[] = ZIPS): Referee {
  const containers = wanted.filter((kind) => referee.kinds.includes(INSIDE[kind]))
  return {
    ...referee,
    kinds: [...referee.kinds, ...containers],
    missing: () => referee.missing() ?? (findProgram('python3') ? undefined : 'python3'),
    async judge(files, caFile) {
      const folder = mkdtempSync(path.join(tmpdir(), 'trien-unpack-'))
      try {
        const unpacked = await unpackAll(files, folder, containers)
        const parts = files.map((file, index) => partsOf(file, unpacked[index]))
        const verdicts = [...(await referee.judge(parts.flat(), caFile))]
        return parts.map((own, index) =>
          join(referee.name, unpacked[index], verdicts.splice(0, own.length)),
        )
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

/** What a container holds, of each file that is one. */
async function unpackAll(
  files: readonly SignedFile[],
  folder: string,
  containers: readonly SignedFile['kind'][],
): Promise<readonly (Unpacked | undefined)[]> {
  const isContainer = ({ kind }: SignedFile) => containers.includes(kind)
  const lines = files
    .filter(isContainer)
    .map(({ signature }) => `${signature}\t${mkdtempSync(path.join(folder, 'a-'))}`)
  if (lines.length === 0) return []
  const { stdout } = await runTool('python3', [SCRIPT], `${lines.join('\n')}\n`)
  const answers = stdout.trim().split('\n')
  return files.map((file) =>
    isContainer(file) ? (JSON.parse(answers.shift() ?? '') as Unpacked) : undefined,
  )
}

function partsOf(file: SignedFile, unpacked: Unpacked | undefined): readonly SignedFile[] {
  if (unpacked === undefined) return [file]
  if ('problem' in unpacked) return []
  return unpacked.signatures.map(([signature, data]) => ({
    ...{ kind: INSIDE[file.kind as keyof typeof INSIDE], signature, data },
    ...(file.level === undefined ? {} : { level: file.level }),
  }))
}

function join(
  referee: string,
  unpacked: Unpacked | undefined,
  verdicts: readonly Verdict[],
): Verdict {
  const [first] = verdicts
  if (unpacked === undefined && first !== undefined) return first
  if (unpacked !== undefined && 'problem' in unpacked) {
    return { referee, accepted: false, summary: unpacked.problem }
  }
  const summary = verdicts.map((verdict) => verdict.summary).join(' ')
  return { referee, accepted: verdicts.every(({ accepted }) => accepted), summary }
}
