/**
 * How a bridge is started at login on this machine: what lies where, and which commands make the system take notice.
 * @module
 */
import path from 'node:path'
import { findSettingsFolder } from '../settings/place.ts'
import { ENTRY_NAME, writeDesktopEntry } from './desktop-entry.ts'
import { type Item, fileItem } from './item.ts'
import { AGENT_LABEL, writeLaunchAgent } from './launch-agent.ts'
import type { InstallMachine } from './machine.ts'
import { runKeyItem } from './run-key.ts'
import { UNIT_NAME, writeUnit } from './systemd-unit.ts'

/** Program and arguments. */
export type Command = readonly [string, ...string[]]

export interface Autostart {
  readonly items: readonly Item[]
  /** After something was put. */
  readonly start: readonly Command[]
  /** Before anything is taken away. */
  readonly stop: readonly Command[]
  /** After all was taken away. */
  readonly forget: readonly Command[]
  /** Whether `start` starts a bridge at once, and not only at the next login. */
  readonly startsNow: boolean
}

/** @param command as `findLaunchCommand` gives it */
export async function describeAutostart(
  machine: InstallMachine,
  command: readonly string[],
): Promise<Autostart> {
  if (machine.place.system === 'windows') return onWindows(machine, command)
  if (machine.place.system === 'darwin') return onMac(machine, command)
  const version = await machine.run('systemctl', '--user', 'show', '--property=Version', '--value')
  return version === undefined ? onDesktop(machine, command) : onSystemd(machine, command)
}

/**
 * A unit for desktops that systemd runs, and an entry, which those pass over, for the others on the same machine: Xfce,
 * for one, reaches no graphical-session.target.
 */
function onSystemd({ place }: InstallMachine, command: readonly string[]): Autostart {
  const settings = findSettingsFolder(place)
  const systemctl = (...args: string[]): Command => ['systemctl', '--user', ...args]
  return {
    items: [
      fileItem(path.join(settings, 'systemd', 'user', UNIT_NAME), writeUnit(command)),
      fileItem(path.join(settings, 'autostart', ENTRY_NAME), writeDesktopEntry(command, true)),
    ],
    start: [
      systemctl('daemon-reload'),
      systemctl('enable', UNIT_NAME),
      systemctl('restart', UNIT_NAME),
    ],
    stop: [systemctl('disable', '--now', UNIT_NAME)],
    forget: [systemctl('daemon-reload')],
    startsNow: true,
  }
}

function onDesktop({ place }: InstallMachine, command: readonly string[]): Autostart {
  const file = path.join(findSettingsFolder(place), 'autostart', ENTRY_NAME)
  return {
    items: [fileItem(file, writeDesktopEntry(command, false))],
    ...{ start: [], stop: [], forget: [], startsNow: false },
  }
}

function onMac({ place, uid }: InstallMachine, command: readonly string[]): Autostart {
  const file = path.join(place.home, 'Library', 'LaunchAgents', `${AGENT_LABEL}.plist`)
  const domain = `gui/${uid ?? 0}`
  return {
    items: [fileItem(file, writeLaunchAgent(command))],
    start: [
      ['launchctl', 'bootout', `${domain}/${AGENT_LABEL}`],
      ['launchctl', 'bootstrap', domain, file],
    ],
    stop: [['launchctl', 'bootout', `${domain}/${AGENT_LABEL}`]],
    forget: [],
    startsNow: true,
  }
}

function onWindows({ run }: InstallMachine, command: readonly string[]): Autostart {
  return {
    items: [runKeyItem(command, run)],
    ...{ start: [], stop: [], forget: [], startsNow: false },
  }
}
