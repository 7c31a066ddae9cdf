/**
 * DSS, the European Commission's validator, through our own small program around it: AdES level, chain, page
 * differences, nearly everything. TOTAL_PASSED at level BASELINE-B is demanded, revocation apart.
 * @module
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { findProgram, judgeByLines, root } from './tool.ts'
import type { Referee } from './types.ts'

/** Where our programs around it are. */
export const DSS_FOLDER = path.join(root, 'out/referees/dss')

export const dss: Referee = {
  name: 'dss',
  kinds: ['detached', 'attached', 'pdf', 'jades', 'asic-cades', 'asic-xades', 'xades'],
  seesTampering: true,
  missing() {
    if (!findProgram('java')) return 'java'
    const built = existsSync(path.join(DSS_FOLDER, 'classes/DssJudge.class'))
    return built ? undefined : 'DSS (node .ci/prepare.mjs conformance)'
  },
  judge(files, caFile) {
    const classpath = [path.join(DSS_FOLDER, 'classes'), path.join(DSS_FOLDER, 'lib', '*')]
    // A run is too short for the second compiler to earn what it costs.
    const java = ['-XX:TieredStopAtLevel=1', '-cp', classpath.join(path.delimiter)]
    return judgeByLines('dss', files, 'java', [...java, 'DssJudge', caFile])
  },
}
