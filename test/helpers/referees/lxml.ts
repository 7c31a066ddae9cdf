/**
 * lxml and cryptography, through our own small script around them: libxml2's canonicalisation and OpenSSL's signatures,
 * RSASSA-PSS among them. Core validation alone: blind to chains and to what XAdES asks.
 * @module
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PYTHON } from './pyhanko.ts'
import { judgeByLines } from './tool.ts'
import type { Referee } from './types.ts'

const SCRIPT = fileURLToPath(new URL('python/xmldsig.py', import.meta.url))

export const lxml: Referee = {
  name: 'lxml',
  kinds: ['xades'],
  seesTampering: true,
  missing: () => (existsSync(PYTHON) ? undefined : 'lxml (node .ci/prepare.mjs conformance)'),
  judge: (files) => judgeByLines('lxml', files, PYTHON, [SCRIPT]),
}
