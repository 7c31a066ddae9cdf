import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createPinTurn } from './pin-turn.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'trien-turn-'))
  chmodSync(folder, 0o700)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const never = new AbortController().signal
const turn = (patienceMs: number) => createPinTurn(() => folder, patienceMs)

/** Holds a turn until it is told to give it back. */
async function hold(module: string): Promise<() => Promise<void>> {
  const held = new EventEmitter()
  const end = once(held, 'end')
  let task: Promise<unknown> = Promise.resolve()
  await new Promise<void>((begin) => {
    task = turn(0).take(module, never, () => {
      begin()
      return end
    })
  })
  return async () => {
    held.emit('end')
    await task
  }
}

it('is one program’s at a time, each module’s its own', async () => {
  const giveBack = await hold('a.so')
  const busy = turn(0).take('a.so', never, async () => 'mine')
  await expect(busy).rejects.toMatchObject({ code: 'BRIDGE_BUSY' })
  expect(await turn(0).take('b.so', never, async () => 'mine')).toBe('mine')
  const waiting = turn(30_000).take('a.so', never, async () => 'mine')
  await giveBack()
  expect(await waiting).toBe('mine')
  expect(readdirSync(path.join(folder, 'in-use'))).toEqual([])
})

it('is given up by who no longer wants it, and taken from who is gone', async () => {
  const giveBack = await hold('a.so')
  const controller = new AbortController()
  const waiting = turn(30_000).take('a.so', controller.signal, async () => 'mine')
  controller.abort(new Error('closed'))
  await expect(waiting).rejects.toThrow('closed')
  await giveBack()

  const gone = spawn(process.execPath, ['-e', ''])
  await once(gone, 'exit')
  await turn(0).take('a.so', never, async () => {
    const [lock = ''] = readdirSync(path.join(folder, 'in-use'))
    writeFileSync(path.join(folder, 'in-use', lock), String(gone.pid))
    expect(await turn(0).take('a.so', never, async () => 'mine')).toBe('mine')
  })
})

it('passes on what the task throws, a wait for something else included', async () => {
  const task = turn(0).take('a.so', never, () => turn(0).take('a.so', never, async () => 1))
  await expect(task).rejects.toMatchObject({ code: 'BRIDGE_BUSY' })
  const failing = turn(0).take('a.so', never, () => Promise.reject(new Error('own')))
  await expect(failing).rejects.toThrow('own')
})

it('keeps nobody from work where there is no folder for it', async () => {
  chmodSync(folder, 0o755)
  expect(await turn(0).take('a.so', never, async () => 'mine')).toBe('mine')
  expect(readdirSync(folder)).toEqual([])
})
