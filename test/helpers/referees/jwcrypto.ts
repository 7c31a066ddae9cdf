/**
 * jwcrypto, a Python library of JSON Web Signatures, through our own small script around it: signature values, `crit`,
 * `b64`. Blind to chains and to what JAdES adds.
 * @module
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PYTHON } from './pyhanko.ts'
import { judgeByLines } from './tool.ts'
import type { Referee } from './types.ts'

const SCRIPT = fileURLToPath(new URL('python/jws.py', import.meta.url))

export const jwcrypto: Referee = {
  name: 'jwcrypto',
  kinds: ['jades'],
  seesTampering: true,
  missing: () => (existsSync(PYTHON) ? undefined : 'jwcrypto (node .ci/prepare.mjs conformance)'),
  judge: (files) => judgeByLines('jwcrypto', files, PYTHON, [SCRIPT]),
}
