/**
 * BouncyCastle, through our own small program around it: DER and the attributes of level B-B. Blind to chains.
 * @module
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { findProgram, judgeByLines, root } from './tool.ts'
import type { Referee } from './types.ts'

const CLASSES = path.join(root, 'out/referees/bouncycastle')
const JARS = ['bcprov', 'bcpkix', 'bcutil'].map((name) => `/usr/share/java/${name}.jar`)

export const bouncyCastle: Referee = {
  name: 'bouncycastle',
  kinds: ['detached', 'attached', 'pdf'],
  seesTampering: true,
  missing() {
    if (!findProgram('java')) return 'java'
    const file = [...JARS, path.join(CLASSES, 'BcCms.class')].find((name) => !existsSync(name))
    return file && `${file} (node .ci/prepare.mjs test)`
  },
  judge(files) {
    const classpath = [...JARS, CLASSES].join(path.delimiter)
    return judgeByLines('bouncycastle', files, 'java', ['-Xshare:auto', '-cp', classpath, 'BcCms'])
  },
}
