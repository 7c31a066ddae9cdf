/**
 * The command that starts this very bridge again: what an autostart entry must name.
 * @module
 */
import { realpathSync } from 'node:fs'
import { CommandFailure } from '../failure.ts'

/** How this process was started; tests give their own. */
export interface Started {
  /** Of node, or of the packaged program. */
  readonly execPath: string
  /** `process.argv[1]`; a packaged program has its own name here. */
  readonly script: string | undefined
}

/** Folders that npx and package managers empty on their own. */
const PASSING = /[/\\](?:_npx|dlx-[^/\\]+|\.cache)[/\\]/

/**
 * @returns program and arguments, absolute
 * @throws {CommandFailure} where the program would be gone tomorrow
 */
export function findLaunchCommand(
  { execPath, script }: Started = { execPath: process.execPath, script: process.argv[1] },
): readonly string[] {
  const isPackaged = script === undefined || script === execPath
  // A link in a folder of commands may move to another version, and is started by `#!/usr/bin/env`: the file is named.
  const files = isPackaged ? [execPath] : [execPath, realpathSync(script)]
  const passing = files.find((file) => PASSING.test(file))
  if (passing === undefined) return [...files, 'serve']
  throw new CommandFailure(
    `${passing} will be removed by the program that put it there`,
    'npm install --global @trien/bridge, then trien-bridge install --user',
  )
}
