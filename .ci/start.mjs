// `npm start`: makes the machine ready, then is the demo. One process, so that Ctrl-C reaches the demo itself.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const task = process.argv.includes('--check') ? 'check' : 'start'
const prepare = fileURLToPath(new URL('prepare.mjs', import.meta.url))
const { status } = spawnSync(process.execPath, [prepare, task], { stdio: 'inherit' })
if (status === 0) await import('../packages/demo/start.mjs')
else process.exitCode = 1
