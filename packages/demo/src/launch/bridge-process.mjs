// The built bridge as a child process.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const READY = /ready on ws:\/\/127\.0\.0\.1:(\d+)\/v1/

/**
 * Runs `trien-bridge serve` and waits until it is ready.
 * @param {string[]} args after `serve`
 * @param {NodeJS.ProcessEnv} env added to the environment
 */
export async function startBridge(args, env = {}) {
  const child = spawn(process.execPath, [findProgram(), 'serve', ...args], {
    // The bridge may ask in this terminal, so it keeps stdin; what it says of itself passes through here.
    stdio: ['inherit', 'inherit', 'pipe'],
    env: { ...process.env, ...env },
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const port = await new Promise((resolve, reject) => {
    let text = ''
    child.stderr.setEncoding('utf8').on('data', (more) => {
      process.stderr.write(more)
      text += more
      const ready = READY.exec(text)
      if (ready) resolve(Number(ready[1]))
    })
    child.once('error', reject)
    ended.then((code) => reject(new Error(`the bridge ended at once (exit code ${code})`)))
  })
  return {
    port,
    ended,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function findProgram() {
  const manifest = createRequire(import.meta.url).resolve('@trien/bridge/package.json')
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'))
  const program = path.join(path.dirname(manifest), bin['trien-bridge'])
  if (!existsSync(program)) throw new Error('the bridge is not built; run: npm run build')
  return program
}
