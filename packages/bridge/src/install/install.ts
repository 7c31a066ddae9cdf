/**
 * Puts an autostart there and takes it away; a second time changes nothing.
 * @module
 */
import type { Autostart, Command } from './autostart.ts'
import type { InstallMachine } from './machine.ts'

/** What was done. */
export interface Done {
  /** Names of what was put or taken away; empty where nothing had to be. */
  readonly changed: readonly string[]
  /** Commands that failed. */
  readonly failed: readonly Command[]
}

/** Puts what is missing or other than it should be. */
export async function putAutostart(autostart: Autostart, { run }: InstallMachine): Promise<Done> {
  const changed: string[] = []
  for (const item of autostart.items) {
    if ((await item.look()) === 'same') continue
    await item.put()
    changed.push(item.name)
  }
  if (changed.length === 0) return { changed, failed: [] }
  return { changed, failed: await runAll(autostart.start, run) }
}

/** Takes away all that `putAutostart` put, of whatever version. */
export async function removeAutostart(
  autostart: Autostart,
  { run }: InstallMachine,
): Promise<Done> {
  const states = await Promise.all(autostart.items.map((item) => item.look()))
  const there = autostart.items.filter((_, index) => states[index] !== 'absent')
  if (there.length === 0) return { changed: [], failed: [] }
  const failed = await runAll(autostart.stop, run)
  for (const item of there) await item.remove()
  return {
    changed: there.map(({ name }) => name),
    failed: [...failed, ...(await runAll(autostart.forget, run))],
  }
}

async function runAll(
  commands: readonly Command[],
  run: InstallMachine['run'],
): Promise<Command[]> {
  const failed: Command[] = []
  for (const command of commands) {
    if ((await run(...command)) === undefined) failed.push(command)
  }
  return failed
}
