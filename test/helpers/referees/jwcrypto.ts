/**
 * jwcrypto, a Python library of JSON Web Signatures, through our own small script around it: signature values, `crit`,
 * `b64`; of counter-signatures too. Blind to chains and to what JAdES adds, but for the digest of the certificate.
 * @module
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { judgeByLines } from './tool.ts'
import type { Referee } from './types.ts'

/** The system's own, whose module it is. */
const PYTHON = '/usr/bin/python3'
const SCRIPT = fileURLToPath(new URL('python/jws.py', import.meta.url))

export const jwcrypto: Referee = {
  name: 'jwcrypto',
  kinds: ['jades'],
  seesTampering: true,
  missing: () =>
    spawnSync(PYTHON, ['-c', 'import jwcrypto']).status === 0 ? undefined : 'python3-jwcrypto',
  judge: (files) => judgeByLines('jwcrypto', files, PYTHON, [SCRIPT]),
}
