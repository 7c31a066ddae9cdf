/**
 * The JDK's XML Signature, through our own small program around it: core validation of every signature in a file. Blind
 * to chains and to what XAdES asks.
 * @module
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { findProgram, judgeByLines, root } from './tool.ts'
import type { Referee } from './types.ts'

const CLASSES = path.join(root, 'out/referees/jdk-xml')

export const jdkXml: Referee = {
  name: 'jdk',
  kinds: ['xades'],
  seesTampering: true,
  missing() {
    if (!findProgram('java')) return 'java'
    const file = path.join(CLASSES, 'XmlJudge.class')
    return existsSync(file) ? undefined : `${file} (node .ci/prepare.mjs test)`
  },
  judge: (files) =>
    judgeByLines('jdk', files, 'java', ['-Xshare:auto', '-cp', CLASSES, 'XmlJudge']),
}
