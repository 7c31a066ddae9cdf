/**
 * qpdf: the syntax of the whole file, the appended revision's above all. Knows nothing of signatures.
 * @module
 */
import { findProgram, judgeEach, runTool } from './tool.ts'
import type { Referee } from './types.ts'

export const qpdf: Referee = {
  name: 'qpdf',
  kinds: ['pdf'],
  seesTampering: false,
  missing: () => (findProgram('qpdf') ? undefined : 'qpdf'),
  judge: (files) =>
    judgeEach('qpdf', files, async ({ signature }) => {
      // 0 good, 3 warnings, 2 errors.
      const { status, stdout, stderr } = await runTool('qpdf', ['--check', signature])
      return { accepted: status === 0, summary: status === 0 ? 'no errors' : stdout + stderr }
    }),
}
