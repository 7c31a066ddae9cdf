// Loaded into a bridge before its own code: at SIGUSR2 it collects all garbage and writes what is left, in bytes, to the
// file that TRIEN_HEAP_FILE names. What a process holds by mistake cannot be told from garbage otherwise.
import { renameSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const file = process.env.TRIEN_HEAP_FILE
// Drivers' processes and prompts are given the same environment.
if (file !== undefined && process.argv[1]?.endsWith('cli.js')) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  process.on('SIGUSR2', () => {
    collect()
    const { heapUsed, external } = process.memoryUsage()
    writeFileSync(`${file}.next`, String(heapUsed + external))
    renameSync(`${file}.next`, file)
  })
}
