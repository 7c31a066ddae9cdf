// What programs that are not ours say of the files in a folder.
import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** Whether pdfsig finds signed.pdf valid and signed from its first byte to its last. */
export function judgePdf(folder) {
  const verdict = run('pdfsig', ['-nocert', 'signed.pdf'], folder)
  // pdfsig exits with 0 whatever it finds.
  const accepted =
    verdict.output.includes('Signature is Valid') &&
    verdict.output.includes('Total document signed')
  return { ...verdict, accepted }
}

/** Whether openssl finds that note.txt.p7s signs note.txt as CAdES, up to demo-ca.pem. */
export function judgeCms(folder) {
  return run(
    'openssl',
    [
      ...['cms', '-verify', '-binary', '-inform', 'DER', '-cades', '-purpose', 'any'],
      ...['-CAfile', 'demo-ca.pem', '-content', 'note.txt', '-in', 'note.txt.p7s'],
    ],
    folder,
  )
}

function run(program, args, folder) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
  })
  if (error)
    throw new Error(`${program} cannot be run in ${path.basename(folder)}`, { cause: error })
  const command = `${program} ${args.join(' ')}`
  return { command, output: `${stdout}${stderr}`, accepted: status === 0 }
}
