/**
 * libxmlsec1 1.3, through our own small script around its Python bindings: core validation and the chain, RSASSA-PSS and
 * every canonical form among what it knows, which Debian's xmlsec1 does not. Blind to what XAdES asks.
 * @module
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PYTHON } from './pyhanko.ts'
import { judgeByLines } from './tool.ts'
import type { Referee } from './types.ts'

const SCRIPT = fileURLToPath(new URL('python/libxmlsec.py', import.meta.url))

export const libxmlsec: Referee = {
  name: 'libxmlsec',
  kinds: ['xades'],
  seesTampering: true,
  missing: () => (existsSync(PYTHON) ? undefined : 'libxmlsec1 (node .ci/prepare.mjs conformance)'),
  judge: (files, caFile) => judgeByLines('libxmlsec', files, PYTHON, [SCRIPT, caFile]),
}
